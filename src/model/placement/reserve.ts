/**
 * Whether there is room for a reservation, and on which hosts: a pure function of hosts, their claims and the time. Machines that give
 * way are left alone as long as there is room beside them: first it is tried without them, then with them.
 */
import type { HostId, ProjectId } from '../ids'
import type { HostCapacity, Size } from '../machine'
import { beginnings, type HostClaim, less, promisedAt, staying } from './claims'
import { type HostToView, type HostView, hostViews } from './demand'
import { HOST_FILTERS } from './filters'
import { inZone } from './filters/in-zone'
import { ofOneProject } from './filters/of-one-project'

export interface ReserveAsk {
  /** Of one place. */
  readonly size: Size
  readonly count: number
  readonly zone: string
  /** Whose it is to be; absent: nobody's, and no host that is kept for one project. */
  readonly project?: ProjectId | null
  /** ms since 1970; `until` null: without an end. */
  readonly from: number
  readonly until: number | null
}

export type Reserved =
  | { readonly state: 'held'; readonly hosts: readonly { readonly host: HostId; readonly slots: number }[] }
  /** `wouldFit`: what would make it fit, for tenants. */
  | { readonly state: 'refused'; readonly room: number; readonly wouldFit: string }

interface Room {
  readonly host: HostId
  /** Places, with nobody giving way for them, and with all that do. */
  readonly beside: number
  readonly most: number
}

/** Faults: none; a refusal says why. */
export function reserve(ask: ReserveAsk, hosts: readonly HostToView[], now: number): Reserved {
  const serving = servingOf(ask, hosts, now)
  const rooms = serving.map((one) => roomOn(ask, one))
  const most = rooms.reduce((sum, room) => sum + room.most, 0)
  if (most < ask.count) return { state: 'refused', room: most, wouldFit: wouldHold(ask, serving, most) }
  return { state: 'held', hosts: shared(ask.count, rooms) }
}

export interface Serving {
  readonly view: HostView
  readonly claims: readonly HostClaim[]
}

/** Hosts of the zone that take machines and answer, lowest id first. */
function servingOf(
  { zone, project = null }: ReserveAsk,
  hosts: readonly HostToView[],
  now: number,
): readonly Serving[] {
  const demand = { zone, project } as Parameters<typeof inZone.admits>[0]
  return (
    hostViews(hosts, now)
      .map((view, at): Serving => ({ view, claims: hosts[at]?.claims ?? [] }))
      // Nothing is promised at a provider: what it has is not ours to hold.
      .filter(
        ({ view }) =>
          view.provider === undefined &&
          [...HOST_FILTERS, inZone, ofOneProject].every((filter) => filter.admits(demand, view) === true),
      )
      .toSorted((a, b) => (a.view.id < b.view.id ? -1 : 1))
  )
}

/** How many places it has over that time. */
export function roomOn(ask: Pick<ReserveAsk, 'size' | 'from' | 'until'>, { view, claims }: Serving): Room {
  const moments = [ask.from, ...beginnings(claims, ask.from).filter((at) => ask.until === null || at < ask.until)]
  const patient = claims.map(staying)
  const least = (all: readonly HostClaim[]): number =>
    Math.max(0, Math.min(...moments.map((at) => fitting(ask.size, less(view.usable, promisedAt(all, at))))))
  return { host: view.id, beside: least(patient), most: least(claims) }
}

/** How many of a size fit there. */
export const fitting = (size: HostCapacity, free: HostCapacity): number =>
  Math.min(
    ...(['cpuHundredths', 'memoryMiB', 'diskGiB'] as const).map((amount) =>
      size[amount] === 0 ? Number.MAX_SAFE_INTEGER : Math.floor(free[amount] / size[amount]),
    ),
  )

/** First where nobody gives way; the fewest hosts, on ties the lowest id. */
function shared(count: number, rooms: readonly Room[]): Extract<Reserved, { state: 'held' }>['hosts'] {
  const given = new Map<HostId, number>()
  let left = count
  for (const limit of ['beside', 'most'] as const)
    for (const room of rooms.toSorted((a, b) => b[limit] - a[limit])) {
      const more = Math.min(left, room[limit] - (given.get(room.host) ?? 0))
      if (more <= 0) continue
      given.set(room.host, (given.get(room.host) ?? 0) + more)
      left -= more
    }
  return [...given].map(([host, slots]) => ({ host, slots }))
}

/** At most so many other times are tried for what would fit. */
const MOST_TRIED = 50

function wouldHold(ask: ReserveAsk, serving: readonly Serving[], most: number): string {
  if (serving.length === 0) return `it fits when a host of ${ask.zone} answers and is enabled`
  const fewer = most === 0 ? '' : `${most} ${most === 1 ? 'place' : 'places'} would fit`
  const later = laterFor(ask, serving)
  const at = later === undefined ? '' : `all of it would fit from ${new Date(later).toISOString().slice(0, 19)}Z on`
  const said = [fewer, at].filter((text) => text !== '').join('; ')
  return said === '' ? `no host of ${ask.zone} has room for such a machine at that time` : said
}

/** The first time after the one asked for at which something ends and all places fit for as long. */
function laterFor(ask: ReserveAsk, serving: readonly Serving[]): number | undefined {
  const ends = serving.flatMap(({ claims }) => claims.flatMap(({ held, yields }) => held?.until ?? yields ?? []))
  const times = [...new Set(ends.filter((at) => at > ask.from))].sort((a, b) => a - b).slice(0, MOST_TRIED)
  return times.find((from) => {
    const moved = { ...ask, from, until: ask.until === null ? null : ask.until + from - ask.from }
    return serving.reduce((sum, one) => sum + roomOn(moved, one).most, 0) >= ask.count
  })
}
