/** Where places may be promised to leases: by whoever takes an order for one, and by the planner. Pure. */
import { type HostRecord, isLongSilent } from '../host-records'
import type { HostView } from './demand'
import { FILTERS, ROOM_FILTERS } from './filters'
import type { Filter } from './filters/filter'
import { keepsReservations } from './filters/keeps-reservations'

/** Whether leases may be planned there. `now`: ms. */
export function takesLeases(host: HostRecord, view: HostView | undefined, now: number): boolean {
  if (view === undefined || view.provider !== undefined || view.retired || !view.enabled) return false
  const { wish, seen } = host
  if (wish.drain !== undefined || (seen.fenced ?? null) !== null || seen.capacity === null) return false
  return !isLongSilent(host, now)
}

/** Rules that say where a machine may be at all; what is free there over time is the planner's. */
export const WHERE_FILTERS: readonly Filter[] = FILTERS.filter(
  (filter) => !ROOM_FILTERS.includes(filter) && filter !== keepsReservations,
)
