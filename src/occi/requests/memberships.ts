/** What a description says of the placement group and of the reservation of a new compute: the mixins `grouped` and `reserved` of ours. Pure. */
import { fault } from '../../faults'
import type { PlacementGroupId, ReservationId } from '../../model/ids'
import type { CapacityWish } from '../../model/records'
import type { RunOrder } from '../../operations/operations'
import type { MixinCategory } from '../model/category'
import { GROUPED, RESERVED } from '../model/names'
import { idNamed } from '../path'
import { type ComputeValue, numberOf, textOf } from './compute-values'

export const MEMBER_ATTRIBUTES = {
  group: 'org.occi-gateway.compute.placementgroup',
  partition: 'org.occi-gateway.compute.partition',
  reservation: 'org.occi-gateway.compute.reservation',
  use: 'org.occi-gateway.compute.reservation.use',
  current: 'org.occi-gateway.compute.reservation.current',
} as const

interface Said {
  readonly values: ReadonlyMap<string, ComputeValue>
  readonly mixins: readonly MixinCategory[]
  /** Where the caller's URLs begin. */
  readonly base: string
}

/** Faults: 'missing' (the mixin without a group), 'combination' (a partition without one), 'not-found' for a location that is none. */
export function placementGroupIn({ values, mixins, base }: Said): Pick<RunOrder, 'placementGroup'> {
  const { group, partition } = MEMBER_ATTRIBUTES
  const text = textOf(values, group)
  const number = numberOf(values, partition)
  if (text) {
    const id = idNamed(text, base, '/placementgroup/') as PlacementGroupId
    return { placementGroup: number === undefined ? { id } : { id, partition: number } }
  }
  if (number !== undefined)
    throw fault('combination', `${partition} goes with ${group}, which says whose it is`, { field: partition })
  if (mixins.some(({ id }) => id === GROUPED))
    throw fault('missing', `a compute in a placement group says in which: ${group}`, { field: group })
  return {}
}

/** Faults: 'missing' (the mixin alone), 'combination' (a reservation that it is not to be in), 'not-found' for a location that is none. */
export function capacityIn({ values, mixins, base }: Said): Pick<RunOrder, 'capacity'> {
  const { reservation, use } = MEMBER_ATTRIBUTES
  const text = textOf(values, reservation)
  const how = USES.find((one) => one === textOf(values, use))
  if (text) {
    if (how !== undefined && how !== 'only')
      throw fault('combination', `${reservation} cannot be given together with ${use}=${how}`, { field: use })
    return { capacity: { use: 'only', reservation: idNamed(text, base, '/reservation/') as ReservationId } }
  }
  if (how !== undefined) return { capacity: { use: how } }
  if (mixins.some(({ id }) => id === RESERVED))
    throw fault('missing', `the mixin ${RESERVED} says something with ${reservation} or ${use}`, { field: reservation })
  return {}
}

const USES: readonly CapacityWish['use'][] = ['open', 'none', 'only']
