/**
 * What is promised on each host over a stretch of time: reservations, leases that are planned, machines that end by themselves or give
 * way, and what is left for others. Read from hosts' claims, so it is what placement decides by. Pure.
 */
import type { HostId } from '../ids'
import type { HostCapacity } from '../machine'
import { freeSlots, type HostClaim, less, promisedAt, yieldsAt } from './claims'
import { hostViews } from './demand'
import type { ClaimedHost } from './holdings'

/**
 * `reservation`: places of a capacity reservation; `planned`: a lease's stretch that did not begin; `lease`: a machine that ends by itself, or
 * gives its place to others from then on; `gives way`: one that does so at any time.
 */
export type EntryKind = 'reservation' | 'planned' | 'lease' | 'gives way'

export interface CalendarEntry {
  readonly kind: EntryKind
  /** `cr-…` or `i-…`; a machine's record id where the claim knows no name. */
  readonly name: string
  /** Places of a reservation; 1 of a machine. */
  readonly places: number
  /** ms; `until` null: without an end. */
  readonly from: number
  readonly until: number | null
}

export interface CalendarRow {
  readonly host: HostId
  readonly hostName: string
  readonly zone: string
  readonly usable: HostCapacity
  readonly entries: readonly CalendarEntry[]
  /** From each of these times on, until the next one, so much is promised to nobody. */
  readonly free: readonly { readonly from: number; readonly free: HostCapacity }[]
}

/** From `from` to `to`, ms. Providers are left out: nothing is promised there. */
export function calendarOf(
  hosts: readonly ClaimedHost[],
  { from, to }: { readonly from: number; readonly to: number },
): readonly CalendarRow[] {
  const own = hosts.filter(({ record: { wish } }) => wish.provider === undefined && !wish.removing)
  const views = new Map(hostViews(own, from).map((view) => [view.id, view]))
  return own
    .flatMap((host) => {
      const view = views.get(host.record.id)
      if (!view) return []
      const { id, name: hostName, zone, usable } = view
      const entries = entriesOf(host, from).filter((one) => one.from < to)
      return [{ host: id, hostName, zone, usable, entries, free: freeIn(usable, host.claims, { from, to }) }]
    })
    .toSorted((a, b) => (a.hostName < b.hostName ? -1 : 1))
}

function entriesOf({ byId, claims }: ClaimedHost, now: number): readonly CalendarEntry[] {
  return Object.entries(byId)
    .flatMap(([id, claim]) => entryOf(id, claim, claims, now) ?? [])
    .toSorted((a, b) => a.from - b.from || (a.name < b.name ? -1 : 1))
}

function entryOf(id: string, claim: HostClaim, claims: readonly HostClaim[], now: number): CalendarEntry | undefined {
  const { held } = claim
  if (held !== undefined) {
    if (held.until !== null && held.until <= now) return undefined
    const kind = held.machine === undefined ? 'reservation' : 'planned'
    return { kind, name: held.name, places: held.slots, from: Math.max(now, held.from), until: held.until }
  }
  const at = yieldsAt(claim, claims)
  if (claim.cores === 0 || at === Number.POSITIVE_INFINITY) return undefined
  return { kind: at > now ? 'lease' : 'gives way', name: id, places: 1, from: now, until: at > now ? at : null }
}

function freeIn(
  usable: HostCapacity,
  claims: readonly HostClaim[],
  { from, to }: { readonly from: number; readonly to: number },
): CalendarRow['free'] {
  const changes = claims.flatMap((claim) => {
    const at = yieldsAt(claim, claims)
    const own = at === Number.POSITIVE_INFINITY ? [] : [at]
    return claim.held === undefined || freeSlots(claim.held, claims) === 0
      ? own
      : [claim.held.from, ...(claim.held.until === null ? [] : [claim.held.until])]
  })
  const times = [...new Set([from, ...changes.filter((at) => at > from && at < to)])].sort((a, b) => a - b)
  return times.map((at) => ({ from: at, free: less(usable, promisedAt(claims, at)) }))
}
