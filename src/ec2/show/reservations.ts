import type { Reservation } from '@aws-sdk/client-ec2'
import { same } from '../../fragments/again'
import { Recent } from '../../fragments/recent'
import type { ProjectId } from '../../model/ids'
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

/** One order's machines. */
export const showReservation = (name: string, records: readonly ComputeRecord[], context: Ec2Context): Reservation => ({
  ReservationId: name,
  OwnerId: context.caller.account,
  Groups: [],
  Instances: records.map((record) => showInstance(record, context)),
})

/** All machines of a project as they were last shown: machines of one order stand together. */
interface Shown {
  readonly records: readonly ComputeRecord[]
  /** Of everything else that is shown with them. */
  readonly asOf: string
  readonly reservations: Reservation[]
}

const PROJECTS = 1_000
const shown = new WeakMap<Ec2Context['operations'], Recent<ProjectId, Shown>>()

/** All machines of the caller, as listed by the mirror: orders in which nothing changed are those that were shown before. */
export function showAllReservations(records: readonly ComputeRecord[], context: Ec2Context): Reservation[] {
  const { operations, caller } = context
  const recent = shown.get(operations) ?? new Recent<ProjectId, Shown>(PROJECTS)
  shown.set(operations, recent)
  const asOf = operations.asOf(caller)
  const known = recent.get(caller.project)
  const former = known?.asOf === asOf ? known : undefined
  if (former?.records === records) return former.reservations
  const reservations = former
    ? showChanged(records, former, context)
    : showReservations(records, context).map(keptIfWhole)
  const isWhole = reservations.every(isKept)
  if (isWhole) recent.set(caller.project, { records, asOf, reservations: keep(reservations) })
  return reservations
}

/** One with an instance that is not the last word yet is made anew the next time. */
const keptIfWhole = (reservation: Reservation): Reservation =>
  reservation.Instances?.every(isKept) ? keep(reservation) : reservation

function showChanged(records: readonly ComputeRecord[], former: Shown, context: Ec2Context): Reservation[] {
  const { before, behind } = same(records, former.records)
  const first = whole(former.reservations, before)
  const last = whole(former.reservations.toReversed(), behind)
  const changed = records.slice(first.machines, records.length - last.machines)
  return [
    ...former.reservations.slice(0, first.orders),
    ...showReservations(changed, context).map(keptIfWhole),
    ...former.reservations.slice(former.reservations.length - last.orders),
  ]
}

/** How many orders, with how many machines, lie wholly within so many machines; not the last one, which may have become longer. */
function whole(
  reservations: readonly Reservation[],
  machines: number,
): { readonly orders: number; readonly machines: number } {
  let [orders, counted] = [0, 0]
  for (const { Instances = [] } of reservations) {
    if (counted + Instances.length >= machines) break
    counted += Instances.length
    orders++
  }
  return { orders, machines: counted }
}
