/**
 * Whether a lease that is ordered could be promised its place as things are: by what hosts have, and what of it is promised at which
 * time. Whoever is refused here would be refused by the planner too, so it is told at once. It may say yes where the planner says no (who
 * gives way is not gone in time, deadlines that could be moved have no other time); that is decided there. Pure.
 */
import { BOOT_SECONDS, type LeaseWish, SHUTDOWN_SECONDS, savingMs } from '../lease'
import { isoOf } from '../lease-terms'
import type { HostCapacity, Size } from '../machine'
import { beginnings, less, promisedAt, staying } from './claims'
import { fitting, roomOn, type Serving } from './reserve'

export interface LeaseAsk {
  /** Of one machine. */
  readonly size: Size
  /** So many begin at the same time. */
  readonly count: number
  readonly lease: LeaseWish
}

/** `when`: over which time; `wouldFit`: what would make it fit, '' where nothing is known to. Both for tenants. */
export type LeaseRoom =
  | { readonly state: 'fits' }
  | { readonly state: 'refused'; readonly when: string; readonly room: number; readonly wouldFit: string }

const FITS = { state: 'fits' } as const
const BOOT_MS = 1000 * BOOT_SECONDS
const SHUTDOWN_MS = 1000 * SHUTDOWN_SECONDS

/** `hosts`: those that may be promised to it. `now`: ms. What has neither a start nor a deadline waits, however long. */
export function leaseRoom(ask: LeaseAsk, hosts: readonly Serving[], now: number): LeaseRoom {
  const { start, deadline } = ask.lease
  if (deadline !== undefined) return roomBefore(deadline, ask, hosts, now)
  if (start === undefined) return FITS
  return start === 'now' ? roomNow(ask, hosts, now) : roomFrom(start, ask, hosts, now)
}

interface Span {
  readonly from: number
  readonly until: number | null
}

const runMs = ({ seconds }: LeaseWish): number => 1000 * (seconds ?? Number.POSITIVE_INFINITY)

/** Held from its boot to its shutdown, for a start at that time. */
function spanFrom(start: number, lease: LeaseWish, now: number): Span {
  const until = start + runMs(lease) + SHUTDOWN_MS
  return { from: Math.max(now, start - BOOT_MS), until: Number.isFinite(until) ? until : null }
}

const roomOver = ({ size }: LeaseAsk, hosts: readonly Serving[], span: Span): number =>
  hosts.reduce((sum, host) => sum + roomOn({ size, ...span }, host).most, 0)

function roomFrom(start: number, ask: LeaseAsk, hosts: readonly Serving[], now: number): LeaseRoom {
  const span = spanFrom(start, ask.lease, now)
  const room = roomOver(ask, hosts, span)
  if (room >= ask.count) return FITS
  const until = span.until === null ? 'on' : `to ${isoOf(start + runMs(ask.lease))}`
  return refused(ask, room, `from ${isoOf(start)} ${until}`, firstStart(ask, hosts, start, now))
}

function roomNow(ask: LeaseAsk, hosts: readonly Serving[], now: number): LeaseRoom {
  const whole = spanFrom(now + BOOT_MS, ask.lease, now)
  const atOnce = { from: now, until: now + 1 }
  // Whoever gives way is here now, and may be away when others begin. One that gives way itself takes what is free as long as it is.
  const room = hosts.reduce((sum, host) => {
    const present = roomOn({ size: ask.size, ...atOnce }, { ...host, claims: host.claims.map(staying) }).most
    const later = ask.lease.preemptible ? present : roomOn({ size: ask.size, ...whole }, host).most
    return sum + Math.min(present, later)
  }, 0)
  return room >= ask.count ? FITS : refused(ask, room, 'now', firstStart(ask, hosts, now + BOOT_MS, now))
}

function roomBefore(deadline: number, ask: LeaseAsk, hosts: readonly Serving[], now: number): LeaseRoom {
  const first = firstStart(ask, hosts, now + BOOT_MS, now)
  const done = first === undefined ? undefined : first + runMs(ask.lease) + SHUTDOWN_MS
  if (done !== undefined && done <= deadline) return FITS
  const inStretches = (host: Serving): boolean => isDoneInStretches(ask, host, { from: now, until: deadline })
  if (ask.lease.preemptible && hosts.some(inStretches)) return FITS
  const when = `for so long before ${isoOf(deadline)}`
  return { state: 'refused', when, room: 0, wouldFit: done === undefined ? '' : `it could be done by ${isoOf(done)}` }
}

/** Times at which something ends: what does not fit before one fits there or at a later one. */
const endsAfter = (from: number, hosts: readonly Serving[]): readonly number[] =>
  [
    ...new Set(
      hosts.flatMap(({ claims }) =>
        claims.flatMap(({ held, yields }) => {
          const at = held?.until ?? yields
          return at === undefined || at <= from ? [] : [at]
        }),
      ),
    ),
  ].sort((a, b) => a - b)

/** The first start, at or after one, for which all of them have room; undefined: there is none. One alone asks each host by itself. */
function firstStart(ask: LeaseAsk, hosts: readonly Serving[], start: number, now: number): number | undefined {
  const first = spanFrom(start, ask.lease, now).from
  const among = (some: readonly Serving[]): number | undefined => {
    const found = [first, ...endsAfter(first, some)].find(
      (from) => roomOver(ask, some, spanFrom(from + BOOT_MS, ask.lease, now)) >= ask.count,
    )
    return found === undefined ? undefined : Math.max(start, found + BOOT_MS)
  }
  if (ask.count > 1) return among(hosts)
  const starts = hosts.flatMap((host) => among([host]) ?? [])
  return starts.length === 0 ? undefined : starts.reduce((least, one) => Math.min(least, one))
}

/** Saved and brought back on one host as often as need be: each gap that is worth it counts, for as long as it runs there. */
function isDoneInStretches({ size, lease }: LeaseAsk, host: Serving, { from, until }: { from: number; until: number }) {
  const saving = savingMs([size.memoryMiB])
  let left = runMs(lease)
  let began = from
  let isBroughtBack = false
  for (const at of [from, ...endsAfter(from, [host])]) {
    if (at < began) continue
    const its = isBroughtBack ? { ...size, diskGiB: 0 } : size
    const lead = isBroughtBack ? saving : BOOT_MS
    const gap = Math.min(until, fitsUntil(its, host, at))
    if (at + lead + left + SHUTDOWN_MS <= gap) return true
    const ran = gap - at - lead - saving
    if (ran < lead + saving) continue
    left = Math.max(0, left - ran)
    began = gap
    isBroughtBack = true
  }
  return false
}

/** From when on it does not fit any more: the time itself where it does not fit then. */
function fitsUntil(size: HostCapacity, { view, claims }: Serving, from: number): number {
  const moments = [from, ...beginnings(claims, from)]
  const short = moments.find((at) => fitting(size, less(view.usable, promisedAt(claims, at))) < 1)
  return short ?? Number.POSITIVE_INFINITY
}

function refused({ count }: LeaseAsk, room: number, when: string, later: number | undefined): LeaseRoom {
  const fewer = count > 1 && room > 0 ? [`${room} of the ${count} would fit`] : []
  const at = later === undefined ? [] : [`${count > 1 ? 'all of them' : 'it'} would fit from ${isoOf(later)} on`]
  return { state: 'refused', when, room, wouldFit: [...fewer, ...at].join('; ') }
}
