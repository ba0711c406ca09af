/**
 * A PUT or partial POST on a compute that is there. Nothing of a compute can be changed by them yet, so a description is held
 * against what is shown: the same is success (a client that sends back what it read), anything else is refused by name.
 */
import { fault } from '../../faults'
import type { ComputeRecord } from '../../model/records'
import { allAttributes, type Entity } from '../entities/entity'
import type { Model } from '../model'
import type { Catalogue } from '../model/catalogue'
import type { MixinCategory, Scalar } from '../model/category'
import { COMPUTE, OPENSTACK_PUBLIC_KEY, OPENSTACK_USER_DATA, SSH_KEY, USER_DATA } from '../model/names'
import type { Document } from '../parse'
import { namedCategories, oneKind, refuseMisapplied } from './categories'
import { type ComputeValue, computeValues, HINTS } from './compute-values'
import { credentialsOf } from './credentials'
import { sameValue } from './values'

/** These are never shown, so what they said is held against the record. */
const CREDENTIALS: ReadonlySet<string> = new Set([SSH_KEY, OPENSTACK_PUBLIC_KEY, USER_DATA, OPENSTACK_USER_DATA])

export interface Present {
  readonly record: ComputeRecord
  /** In base64, opened only when it is asked for. */
  readonly userData: () => string | null
  /** As this caller is shown it. */
  readonly entity: Entity
  readonly model: Model
  readonly catalogue: Catalogue
}

/**
 * Throws 'immutable' (403) for what only the server sets, 'unsupported' (501) naming all that would have to change. `whole`: a
 * PUT, which names its kind and whose links are left alone (GFD.223 §5.5.3); else a partial update, where a link is an order.
 */
export function refuseChanges(document: Document, present: Present, how: 'whole' | 'partial'): void {
  const named = namedCategories(document.categories, present.model, present.catalogue)
  if (how === 'whole' || named.kinds.length > 0) {
    const kind = oneKind(named)
    if (kind.id !== COMPUTE) throw fault('immutable', 'the kind of an entity cannot be changed', { field: 'kind' })
  }
  refuseMisapplied(named.mixins, COMPUTE)
  const values = computeValues(document.attributes, present.model)
  const changes = [
    ...named.mixins.filter((mixin) => isNew(mixin, present.entity)).map(({ id }) => id),
    ...changedAttributes(values, present),
    ...(how === 'partial' && document.links.length > 0 ? ['links'] : []),
  ]
  if (changes.length > 0)
    throw fault('unsupported', `this cannot be changed on a compute here: ${changes.join(', ')}`, {
      field: changes[0] ?? '',
    })
}

/** A base of templates says nothing by itself. */
const isNew = (mixin: MixinCategory, { mixins }: Entity): boolean =>
  !mixins.includes(mixin.id) && !CREDENTIALS.has(mixin.id) && (mixin.gives !== null || mixin.attributes.size > 0)

function changedAttributes(values: ReadonlyMap<string, ComputeValue>, present: Present): readonly string[] {
  const shown = new Map(allAttributes(present.entity).map(({ name, value }) => [name, value]))
  const { keyName = null, userData = null, publicKey } = credentialsOf(values)
  const { wish } = present.record
  return [
    ...[...values]
      .filter(([name, { definition, value }]) => isChange(name, value, shown, definition.mutable))
      .map(([name]) => name),
    ...(keyName !== null && keyName !== wish.keyName ? ['the key'] : []),
    ...(publicKey !== undefined && publicKey !== wish.publicKey ? ['the public key'] : []),
    ...(userData !== null && userData !== present.userData() ? ['user data'] : []),
  ]
}

/** Texts of state change by themselves between a GET and a PUT; sending an old one back asks for nothing. */
const VOLATILE = /\.state\.message$/
const SECRET = /^(?:occi\.credentials\.|occi\.compute\.userdata$|org\.openstack\.)/

function isChange(name: string, value: Scalar, shown: ReadonlyMap<string, Scalar>, mutable: boolean): boolean {
  if (HINTS.has(name) || VOLATILE.test(name) || SECRET.test(name)) return false
  const before = shown.get(name)
  if (before !== undefined && sameValue(before, value)) return false
  if (before === undefined && value === '') return false
  if (!mutable) throw fault('immutable', `${name} is set by the server alone`, { field: name })
  return true
}
