/**
 * Places of reservations that have begun, while a plan is made. A machine that matches one takes it before any other place: the
 * capacity is there for it already, so a host that is full otherwise can take it.
 */
import type { ReservationId } from '../../src/model/ids'
import { type Ahead, type Demand, FILTERS, type HostView, type Slot } from '../../src/model/placement'
import { inItsReservation } from '../../src/model/placement/filters/in-its-reservation'
import type { Candidate } from './candidate'
import { isDuring, more } from './fill-slot'
import type { Table } from './table'

export interface Taken {
  readonly host: Candidate
  readonly slot: Slot
}

/** What the machine's claim says of the reservation that it is in: with its end it begins to give way. */
export const coverOf = ({
  reservation,
  until,
}: Slot): { readonly covers: ReservationId; readonly yields?: number } => ({
  covers: reservation,
  ...(until === null ? {} : { yields: until }),
})

const INSIDE = FILTERS.filter((filter) => filter !== inItsReservation)

/** Whether a machine may be in a place: as its owner says, else in an open one of its project that is of its type. */
function mayTake({ capacity, project, size, yields }: Demand, slot: Slot): boolean {
  // What gives way takes no place of a reservation by itself: it would be saved for the place that it then takes.
  if (yields && capacity === undefined) return false
  if (project !== slot.project || capacity?.use === 'none') return false
  if (size.type !== slot.size.type || size.cores !== slot.size.cores || size.memoryMiB !== slot.size.memoryMiB)
    return false
  return capacity?.reservation === undefined ? slot.match === 'open' : capacity.reservation === slot.reservation
}

/** Takes the first free place, hosts with the lowest id first; undefined: there is none for it. */
export function takeSlot(machine: Demand, table: Table): Taken | undefined {
  for (const at of table.slotted) {
    const host = table.hosts[at]
    const slot = host?.slots?.find((one) => one.free > 0 && mayTake(machine, one))
    if (!host || !slot || !INSIDE.every((filter) => filter.admits(machine, asInside(host, slot)) === true)) continue
    table.occupy(at, machine, slot)
    return { host, slot }
  }
  return undefined
}

/** The host as it is to a machine in that place: the place is free, and after the reservation the machine gives way. */
const asInside = (host: HostView, slot: Slot): HostView => ({
  ...host,
  free: more(host.free, slot.size),
  ...(host.ahead === undefined ? {} : { ahead: host.ahead.map((one) => aheadInside(one, slot)) }),
})

const aheadInside = ({ free, ...one }: Ahead, slot: Slot): Ahead => ({
  ...one,
  free: isDuring(one.at, slot)
    ? more(free, slot.size)
    : { ...free, cpuHundredths: Number.MAX_SAFE_INTEGER, memoryMiB: Number.MAX_SAFE_INTEGER },
})
