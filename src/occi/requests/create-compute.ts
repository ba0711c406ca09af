/** A description of a new compute, as an order (GFD.224 §3.1, §3.5, §3.6). Pure: nothing is looked up but the model. */
import { fault } from '../../faults'
import type { ImageId, MixinId, SecurityGroupId, StorageId } from '../../model/ids'
import type { InterfaceAsked } from '../../operations/interfaces/operations'
import type { RunOrder } from '../../operations/operations'
import type { Model } from '../model'
import type { Catalogue } from '../model/catalogue'
import type { Gives, KindCategory, MixinCategory } from '../model/category'
import { COMPUTE, NETWORKINTERFACE, RESTARTABLE, SECURITYGROUPLINK, STORAGELINK } from '../model/names'
import { at, type Document, detailOf, type LinkInput } from '../parse'
import { idAt, locationPath } from '../path'
import { burstIn } from './burst'
import { namedCategories, oneKind, refuseMisapplied } from './categories'
import { computeValues, numberOf, textOf } from './compute-values'
import { credentialsOf } from './credentials'
import { entityValues, textIn } from './entity-values'
import { interfaceAsked, interfaceValues } from './interface-values'
import { leaseIn } from './lease'
import { capacityIn, placementGroupIn } from './memberships'
import { originIn } from './origin'
import { placementIn } from './placement'

/** What an order is held against. */
export interface Ground {
  readonly model: Model
  readonly catalogue: Catalogue
  /** Where the caller's URLs begin. */
  readonly base: string
}

/** The order that a description means. Identifiers, states and other immutable attributes in it are left out (occi reference §13.7). */
export function computeOrder(document: Document, ground: Ground): RunOrder {
  const named = namedCategories(document.categories, ground.model, ground.catalogue)
  const kind = oneKind(named)
  if (kind.id !== COMPUTE)
    throw fault('unsupported', `a ${kind.term} cannot be created here: only computes can`, { field: 'kind' })
  refuseMisapplied(named.mixins, COMPUTE)
  const values = computeValues(document.attributes, ground.model)
  const storages = document.links.filter((link) => isLinkOf(link, STORAGELINK, '/storage/', ground))
  const attach = linkedStorages(storages, ground)
  const groups = document.links.filter((link) => isLinkOf(link, SECURITYGROUPLINK, '/securitygroup/', ground))
  const interfaces = linkedNetworks(
    document.links.filter((link) => !storages.includes(link) && !groups.includes(link)),
    ground,
  )
  const said = { values, mixins: named.mixins, base: ground.base }
  return {
    minCount: 1,
    maxCount: 1,
    ...given('title', textOf(values, 'occi.core.title')),
    ...given('summary', textOf(values, 'occi.core.summary')),
    ...given('hostname', textOf(values, 'occi.compute.hostname')),
    ...given('share', numberOf(values, 'occi.compute.share')),
    ...given('placement', placementIn(values)),
    ...given('burst', burstIn(document.attributes, values, ground.model)),
    ...given('origin', originIn(values)),
    ...given('lease', leaseIn(values)),
    ...placementGroupIn(said),
    ...capacityIn(said),
    ...some('mixins', ownOf(named.mixins)),
    ...(named.mixins.some(({ id }) => id === RESTARTABLE) ? { options: { restartable: true } } : {}),
    ...some('interfaces', interfaces),
    ...some(
      'groups',
      groups.map(({ target }) => idAt(target, ground.base, '/securitygroup/') as SecurityGroupId),
    ),
    ...templates(named.mixins, {
      cores: numberOf(values, 'occi.compute.cores'),
      memoryGiB: numberOf(values, 'occi.compute.memory'),
    }),
    ...credentialsOf(values),
    ...(attach.length === 0 ? {} : { attach }),
  }
}

const given = <K extends string, T>(name: K, value: T | undefined): { readonly [name in K]?: T } =>
  value === undefined || value === '' ? {} : ({ [name]: value } as { readonly [name in K]?: T })

/** The mixins that users made, among others. */
export const ownOf = (mixins: readonly MixinCategory[]): readonly MixinId[] =>
  mixins.flatMap(({ own }) => (own === null ? [] : [own]))

const some = <K extends string, T>(name: K, all: readonly T[]): { readonly [name in K]?: readonly T[] } =>
  all.length === 0 ? {} : ({ [name]: all } as { readonly [name in K]?: readonly T[] })

type Chosen = Pick<RunOrder, 'image' | 'type' | 'cores' | 'memoryMiB' | 'zone'>

/** A resource template overrides sizes of the client's own (GFD.224 §3.5.2). */
function templates(
  mixins: readonly MixinCategory[],
  own: { readonly cores: number | undefined; readonly memoryGiB: number | undefined },
): Chosen {
  const image = only(mixins, 'image')
  const size = only(mixins, 'type', 'sizes')
  const zone = only(mixins, 'zone')
  return {
    ...given<'image', ImageId>('image', image?.what === 'image' ? image.id : undefined),
    ...(size === undefined
      ? { ...given('cores', own.cores), ...given('memoryMiB', mebibytes(own.memoryGiB)) }
      : size.what === 'type'
        ? { type: size.name }
        : size.what === 'sizes'
          ? { cores: size.cores, memoryMiB: size.memoryMiB }
          : {}),
    ...given('zone', zone?.what === 'zone' ? zone.name : undefined),
  }
}

const mebibytes = (gibibytes: number | undefined): number | undefined =>
  gibibytes === undefined ? undefined : Math.max(1, Math.round(gibibytes * 1024))

function only(mixins: readonly MixinCategory[], ...what: readonly Gives['what'][]): Gives | undefined {
  const giving = mixins.filter(({ gives }) => gives !== null && what.includes(gives.what))
  if (giving.length > 1)
    throw fault('combination', `only one of ${giving.map(({ id }) => id).join(' and ')} can be chosen`, {
      field: 'mixins',
    })
  return giving[0]?.gives ?? undefined
}

type Attach = NonNullable<RunOrder['attach']>[number]

/** Volumes to hang on it. */
function linkedStorages(links: readonly LinkInput[], ground: Ground): readonly Attach[] {
  const kind = ground.model.find(STORAGELINK) as KindCategory
  return links.map(({ target, attributes }) => {
    const values = entityValues(attributes, kind)
    const device = textIn(values, 'occi.storagelink.deviceid')
    const mountpoint = textIn(values, 'occi.storagelink.mountpoint')
    return {
      storage: idAt(target, ground.base, '/storage/') as StorageId,
      ...(device === undefined ? {} : { device }),
      ...(mountpoint === undefined ? {} : { mountpoint }),
    }
  })
}

/** Without a category, a link is what its target makes it. */
const isLinkOf = ({ target, category }: LinkInput, kind: string, folder: string, { base }: Ground): boolean =>
  category.length === 0 ? locationPath(target, base).startsWith(folder) : category.includes(kind)

/** Networks that it is on, in the order in which they are named; none: the site's first. */
function linkedNetworks(links: readonly LinkInput[], ground: Ground): readonly InterfaceAsked[] {
  const { model, catalogue, base } = ground
  return links.flatMap((link): readonly InterfaceAsked[] => {
    const { target, rel, category, attributes, where } = link
    // Sent back by a client that copies what it read: the actions of the original.
    if (rel.some((id) => model.find(id)?.class === 'action')) return []
    const mixins = category.map((id) => catalogue.find(id)).filter((one) => one?.class === 'mixin')
    refuseMisapplied(mixins, NETWORKINTERFACE)
    refuseOtherLink(link, ground)
    const values = interfaceValues(attributes, model)
    try {
      return [interfaceAsked(values, target, base, ownOf(mixins))]
    } catch {
      const path = locationPath(target, base)
      throw fault(
        'not-found',
        `there is no network at ${path} that a compute can be linked to${at(where)}`,
        detailOf(where),
      )
    }
  })
}

/** What is no link to a network. Throws 'unknown-field', 'unsupported'. */
function refuseOtherLink({ target, category, where }: LinkInput, { model, catalogue, base }: Ground): void {
  const strange = category.find((id) => catalogue.find(id) === undefined && model.find(id) === undefined)
  if (strange !== undefined)
    throw fault('unknown-field', `there is no category ${strange} here${at(where)}`, detailOf(where))
  if (category.length > 0 && !category.includes(NETWORKINTERFACE))
    throw fault('unsupported', `a link of the kind ${category[0]} cannot be made here${at(where)}`, detailOf(where))
  const path = locationPath(target, base)
  if (!path.startsWith('/network/'))
    throw fault('unsupported', `a compute cannot be linked to ${path} here${at(where)}`, detailOf(where))
}
