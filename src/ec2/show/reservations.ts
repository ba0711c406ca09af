import type { Reservation } from '@aws-sdk/client-ec2'
import type { ComputeRecord } from '../../model/records'
import type { Ec2Context } from '../action'
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

/** One order's machines. */
export const showReservation = (name: string, records: readonly ComputeRecord[], context: Ec2Context): Reservation => ({
  ReservationId: name,
  OwnerId: context.caller.account,
  Groups: [],
  Instances: records.map((record) => showInstance(record, context)),
})
