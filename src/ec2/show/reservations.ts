import type { Reservation } from '@aws-sdk/client-ec2'
import type { ComputeRecord } from '../../model/records'
import type { Ec2Context } from '../action'
import { isKept, keep } from '../codec'
import { showInstance } from './instance'

/** Machines grouped by the order that made them, in the order in which each group is first met. */
export function showReservations(records: readonly ComputeRecord[], context: Ec2Context): Reservation[] {
  const byName = new Map<string, ComputeRecord[]>()
  for (const record of records) {
    const together = byName.get(record.wish.reservation)
    if (together) together.push(record)
    else byName.set(record.wish.reservation, [record])
  }
  return [...byName].map(([name, together]) => showReservation(name, together, context))
}

const shown = new WeakMap<readonly ComputeRecord[], { readonly asOf: string; readonly reservations: Reservation[] }>()

/** All machines of the caller: made once for as long as nothing changes that they can see. */
export function showAllReservations(records: readonly ComputeRecord[], context: Ec2Context): Reservation[] {
  const asOf = context.operations.asOf(context.caller)
  const known = shown.get(records)
  if (known?.asOf === asOf) return known.reservations
  const reservations = showReservations(records, context)
  const isWhole = reservations.every(({ Instances = [] }) => Instances.every(isKept))
  if (isWhole) shown.set(records, { asOf, reservations: keep(reservations) })
  return reservations
}

/** One order's machines. */
export const showReservation = (name: string, records: readonly ComputeRecord[], context: Ec2Context): Reservation => ({
  ReservationId: name,
  OwnerId: context.caller.account,
  Groups: [],
  Instances: records.map((record) => showInstance(record, context)),
})
