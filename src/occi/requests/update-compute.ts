/**
 * A PUT or partial POST on a compute that is there, as an update (GFD.223 §5.5.5). What only the server sets may be sent back
 * with the value it has (pOCCI does); what is known and cannot be changed afterwards is refused by name.
 *
 * A machine goes on changing by itself between a GET and a PUT of what it gave: its state, the message of its state, where it is
 * placed. So a whole description may say any state that there is, and means nothing by it; a partial one that names a state
 * orders it, and states are changed by actions.
 */

import { fault } from '../../faults'
import type { MixinId } from '../../model/ids'
import { type ComputeRecord, optionsOf } from '../../model/records'
import type { ComputeUpdate } from '../../operations/operations'
import { allAttributes, type Entity } from '../entities/entity'
import type { Model } from '../model'
import type { Catalogue } from '../model/catalogue'
import type { MixinCategory, Scalar } from '../model/category'
import {
  AVAILABILITY_ZONE_SCHEME,
  COMPUTE,
  OPENSTACK_PUBLIC_KEY,
  OPENSTACK_USER_DATA,
  ORIGIN,
  RESERVED,
  RESTARTABLE,
  SSH_KEY,
  USER_DATA,
} from '../model/names'
import type { CategoryInput, Document } from '../parse'
import { namedCategories, oneKind, refuseMisapplied } from './categories'
import { type ComputeValue, computeValues, HINTS, numberOf, textOf } from './compute-values'
import { credentialsOf } from './credentials'
import { describesOne } from './describes-one'
import { asksForSize, SIZES, sizeWanted } from './new-size'
import { ownOf } from './own-of'
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

const TEXTS = {
  title: 'occi.core.title',
  summary: 'occi.core.summary',
  hostname: 'occi.compute.hostname',
} as const
const SHARE = 'occi.compute.share'
const CHANGEABLE: ReadonlySet<string> = new Set([...Object.values(TEXTS), SHARE, ...SIZES])

/**
 * Throws 'immutable' (403) for what only the server sets, 'unsupported' (501) naming all that would have to change. `whole`: a
 * PUT, which names its kind and drops what it does not name. Links are not looked at: a whole description leaves them alone, and those
 * of a partial one are orders of their own (link-parts.ts).
 */
export function computeUpdate(document: Document, present: Present, how: 'whole' | 'partial'): ComputeUpdate {
  describesOne(document)
  const inputs = document.categories.filter((input) => !isShown(input, present, how))
  const named = namedCategories(inputs, present.model, present.catalogue)
  if (how === 'whole' || named.kinds.length > 0) refuseOtherKind(document, named.kinds)
  refuseMisapplied(named.mixins, COMPUTE)
  const values = computeValues(document.attributes, present.model)
  const impossible = [
    ...named.mixins.filter((mixin) => isOrder(mixin) && !asksForSize(mixin)).map(({ id }) => id),
    ...impossibleAttributes(values, present, how),
  ]
  if (impossible.length > 0)
    throw fault('unsupported', `this cannot be changed on a compute here: ${impossible.join(', ')}`, {
      field: impossible[0] ?? '',
    })
  return {
    ...textsOf(values, how),
    ...shareOf(values),
    ...mixinsOf(document, named.mixins, present, how),
    ...restartableIn(document, present.record, how),
    ...sizeWanted(values, named.mixins, templatesIn(document, present), present.record),
  }
}

/** Every mixin that is named, those that it has among them. */
const templatesIn = ({ categories }: Document, { catalogue }: Present): readonly MixinCategory[] =>
  [...new Set(categories.map(({ id }) => id))].flatMap((id) => {
    const found = catalogue.find(id)
    return found?.class === 'mixin' ? [found] : []
  })

/**
 * What it shows is there, even when the site offers it no more; a zone that placement chose may be another one by now, and a
 * place in a reservation may have come or gone: what was said of reservations is held against the record by its attributes.
 */
const isShown = ({ id }: CategoryInput, { entity, record }: Present, how: 'whole' | 'partial'): boolean =>
  entity.mixins.includes(id) ||
  (how === 'whole' && id === RESERVED) ||
  (how === 'whole' && record.wish.zone === null && id.startsWith(AVAILABILITY_ZONE_SCHEME))

function refuseOtherKind(document: Document, kinds: Parameters<typeof oneKind>[0]['kinds']): void {
  const kind = oneKind({ kinds, mixins: [] })
  if (kind.id !== COMPUTE)
    throw fault('immutable', 'the kind of an entity cannot be changed', {
      field: document.categories[0]?.where.field ?? 'kind',
    })
}

/** A base of templates says nothing by itself. */
const isOrder = (mixin: MixinCategory): boolean =>
  mixin.own === null && !CREDENTIALS.has(mixin.id) && (mixin.gives !== null || mixin.attributes.size > 0)

function impossibleAttributes(
  values: ReadonlyMap<string, ComputeValue>,
  present: Present,
  how: 'whole' | 'partial',
): readonly string[] {
  const shown = new Map(allAttributes(present.entity).map(({ name, value }) => [name, value]))
  const { keyName = null, userData = null, publicKey } = credentialsOf(values)
  const { wish } = present.record
  return [
    ...[...values]
      .filter(([name, one]) => !CHANGEABLE.has(name) && !(how === 'whole' && mayBeSaidAgain(name, one)))
      .filter(([name, { definition, value }]) => isChange(name, value, shown, definition.mutable))
      .map(([name]) => name),
    ...(keyName !== null && keyName !== wish.keyName ? ['the key'] : []),
    ...(publicKey !== undefined && publicKey !== wish.publicKey ? ['the public key'] : []),
    ...(userData !== null && userData !== present.userData() ? ['user data'] : []),
  ]
}

/** The signature of a partner's order is never told; what it signs is, and is held against that: the order that arrives twice is one. */
const mayBeSaidAgain = (name: string, one: ComputeValue): boolean => name === ORIGIN.signature || mayHaveBeen(name, one)

/** What changes by itself, with a value that it may have had. */
const mayHaveBeen = (name: string, { definition, value }: ComputeValue): boolean =>
  /\.state$|\.instance\.simulated$|\.reservation\.current$/.test(name) && definition.check(value) === null
const MESSAGE = /\.state\.message$/
const SECRET = /^(?:occi\.credentials\.|occi\.compute\.userdata$|org\.openstack\.)/

function isChange(name: string, value: Scalar, shown: ReadonlyMap<string, Scalar>, mutable: boolean): boolean {
  if ((HINTS.has(name) && name !== 'occi.compute.architecture') || MESSAGE.test(name) || SECRET.test(name)) return false
  const before = shown.get(name)
  if (before !== undefined && sameValue(before, value)) return false
  if (before === undefined && value === '') return false
  if (!mutable) throw fault('immutable', `${name} is set by the server alone`, { field: name })
  return true
}

function textsOf(values: ReadonlyMap<string, ComputeValue>, how: 'whole' | 'partial'): ComputeUpdate {
  const given = (Object.keys(TEXTS) as (keyof typeof TEXTS)[]).flatMap((field) => {
    const value = textOf(values, TEXTS[field])
    return value === undefined && how === 'partial' ? [] : [[field, value || null]]
  })
  return Object.fromEntries(given)
}

function shareOf(values: ReadonlyMap<string, ComputeValue>): ComputeUpdate {
  const share = numberOf(values, SHARE)
  return share === undefined ? {} : { share }
}

/** A whole description without it takes it away. */
function restartableIn({ categories }: Document, { wish }: ComputeRecord, how: 'whole' | 'partial'): ComputeUpdate {
  const before = optionsOf(wish).restartable
  const restartable = categories.some(({ id }) => id === RESTARTABLE) || (how === 'partial' && before)
  return restartable === before ? {} : { options: { restartable } }
}

function mixinsOf(
  document: Document,
  added: readonly MixinCategory[],
  { record, catalogue }: Present,
  how: 'whole' | 'partial',
): ComputeUpdate {
  const kept = new Set(document.categories.map(({ id }) => id))
  const left = catalogue.mixins.filter(({ id, own }) => own !== null && !kept.has(id))
  const worn = new Set<MixinId>(record.wish.mixins ?? [])
  return {
    addMixins: ownOf(added),
    removeMixins: how === 'whole' ? ownOf(left).filter((id) => worn.has(id)) : [],
  }
}
