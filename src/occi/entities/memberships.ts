/** The placement group and the reservation of a compute as its attributes; none where it has none. */
import type { ComputeRecord } from '../../model/records'
import { reservationOf } from '../../model/reservations'
import { GROUPED, RESERVED } from '../model/names'
import { MEMBER_ATTRIBUTES } from '../requests/memberships'
import type { Attribute } from './entity'
import { placementGroupPath } from './placementgroup'
import { reservationPath } from './reservation'

export const membershipMixins = (record: ComputeRecord): readonly string[] => [
  ...(record.wish.placementGroup === undefined ? [] : [GROUPED]),
  ...(record.wish.capacity === undefined && reservationOf(record) === undefined ? [] : [RESERVED]),
]

/** What was said of reservations, and which one it is in. */
export function membershipAttributes(record: ComputeRecord): readonly Attribute[] {
  const { placementGroup, capacity } = record.wish
  const its = reservationOf(record)
  const shown: readonly (readonly [string, Attribute['value'] | undefined])[] = [
    [MEMBER_ATTRIBUTES.group, placementGroup && placementGroupPath(placementGroup.id)],
    [MEMBER_ATTRIBUTES.partition, placementGroup?.partition],
    [MEMBER_ATTRIBUTES.reservation, capacity?.reservation && reservationPath(capacity.reservation)],
    [MEMBER_ATTRIBUTES.use, capacity?.use],
    [MEMBER_ATTRIBUTES.current, its && reservationPath(its.id)],
  ]
  return shown.flatMap(([name, value]) => (value === undefined ? [] : [{ name, value }]))
}
