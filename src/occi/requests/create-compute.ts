/** A description of a new compute, as an order (GFD.224 §3.1, §3.5, §3.6). Pure: nothing is looked up but the model. */
import { fault } from '../../faults'
import type { ImageId } from '../../model/ids'
import type { RunOrder } from '../../operations/operations'
import type { Gives, MixinCategory } from '../model/category'
import { COMPUTE, RESTARTABLE } from '../model/names'
import type { Document } from '../parse'
import { burstIn } from './burst'
import { namedCategories, oneKind, refuseMisapplied } from './categories'
import { computeValues, numberOf, textOf } from './compute-values'
import { credentialsOf } from './credentials'
import { leaseIn } from './lease'
import { type Ground, linksIn } from './links'
import { capacityIn, placementGroupIn } from './memberships'
import { originIn } from './origin'
import { ownOf } from './own-of'
import { placementIn } from './placement'

/** The order that a description means. Identifiers, states and other immutable attributes in it are left out: pOCCI, IM and jOCCI send them. */
export function computeOrder(document: Document, ground: Ground): RunOrder {
  const named = namedCategories(document.categories, ground.model, ground.catalogue)
  const kind = oneKind(named)
  if (kind.id !== COMPUTE)
    throw fault('unsupported', `a ${kind.term} cannot be created here: only computes can`, { field: 'kind' })
  refuseMisapplied(named.mixins, COMPUTE)
  const values = computeValues(document.attributes, ground.model)
  const { interfaces, attach, groups } = linksIn(document.links, ground)
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
    ...some('groups', groups),
    ...templates(named.mixins, {
      cores: numberOf(values, 'occi.compute.cores'),
      memoryGiB: numberOf(values, 'occi.compute.memory'),
    }),
    ...credentialsOf(values),
    ...some('attach', attach),
  }
}

const given = <K extends string, T>(name: K, value: T | undefined): { readonly [name in K]?: T } =>
  value === undefined || value === '' ? {} : ({ [name]: value } as { readonly [name in K]?: T })

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
