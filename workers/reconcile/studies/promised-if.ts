/**
 * What becomes of what is promised if: reservations find other hosts as their own job would find them, then leases as the planner books
 * them, each on what those before it left. So next week's promises are answered for as well as what runs now.
 */
import type { HostId } from '../../../src/model/ids'
import { hasTerms } from '../../../src/model/lease'
import { isoOf } from '../../../src/model/lease-terms'
import {
  type ClaimedHost,
  claimedHostsOf,
  type HostView,
  holdingsOf,
  hostViews,
  replan,
  withClaim,
} from '../../../src/model/placement'
import type { ComputeRecord, Fate, ReservationRecord } from '../../../src/model/records'
import { type LeaseStep, planLive, type Waiter } from '../../scheduler/live-leases'
import type { StudiedSite } from './read-site'

export interface Promised {
  readonly move: readonly Fate[]
  readonly wait: readonly Fate[]
  readonly unfit: readonly Fate[]
  /** Hosts that are left, with what is claimed there afterwards, as placement sees them. */
  readonly views: readonly HostView[]
}

interface Changed {
  /** Hosts that are lost or drained. */
  readonly gone: ReadonlySet<HostId>
  /** Those that are left, and those that are added. */
  readonly views: readonly HostView[]
}

/** Machines with terms that wait. */
export const isLeased = ({ record: { wish } }: Pick<Waiter, 'record'>): boolean => hasTerms(wish.lease)

export function promisedIf(site: StudiedSite, { gone, views }: Changed): Promised {
  const before = claimedOn(site, gone, views)
  const reserved = reservationsIf(site, gone, before)
  const waiters = site.waiting.filter(isLeased)
  const closed = site.views.flatMap((view) => (gone.has(view.id) ? [{ ...view, enabled: false }] : []))
  const all = [...views, ...closed]
  const steps = waiters.length === 0 ? [] : stepsOf(site, reserved.hosts, all, waiters)
  const names = new Map(all.map(({ id, name }) => [id, name]))
  const fates = waiters.map(({ record }) => fateOf(record, steps, names))
  const of = (what: Told['what']): readonly Fate[] => fates.flatMap((told) => (told.what === what ? [told.fate] : []))
  return {
    move: [...reserved.move, ...of('move')],
    wait: [...reserved.wait, ...of('wait')],
    unfit: of('unfit'),
    views: viewsAfter(views, before, taken(steps, reserved.hosts), site.now),
  }
}

/** Hosts that are there, those that are gone as if they took nobody; and those that are added, as their views have them. */
function claimedOn(
  { hosts, held, views: known }: StudiedSite,
  gone: ReadonlySet<HostId>,
  views: readonly HostView[],
): readonly ClaimedHost[] {
  const told = new Map(held.map((one) => [one.host, one]))
  const [like] = hosts
  const there = new Set(known.map(({ id }) => id))
  const more = views.flatMap(({ id, name, zone, traits }) =>
    there.has(id) || !like
      ? []
      : [
          {
            ...like,
            id,
            wish: { ...like.wish, name, zone, enabled: true, labels: traits?.labels ?? {} },
            seen: { ...like.seen, contact: 'ok' as const, capacity: traits?.total ?? null },
          },
        ],
  )
  const closed = hosts.map((host) => (gone.has(host.id) ? { ...host, wish: { ...host.wish, enabled: false } } : host))
  return [
    ...claimedHostsOf(
      closed,
      closed.map(({ id }) => told.get(id)),
    ),
    ...claimedHostsOf(
      more,
      more.map(() => undefined),
    ),
  ]
}

interface Reserved extends Pick<Promised, 'move' | 'wait'> {
  readonly hosts: readonly ClaimedHost[]
}

/** The one that begins first finds its places first. */
function reservationsIf(site: StudiedSite, gone: ReadonlySet<HostId>, before: readonly ClaimedHost[]): Reserved {
  const move: Fate[] = []
  const wait: Fate[] = []
  let hosts = before
  for (const record of site.reservations.toSorted((a, b) => a.wish.startsAt - b.wish.startsAt)) {
    const lost = placesOn(record, hosts, (id) => gone.has(id))
    if (lost.length === 0) continue
    const isGone = ({ record: { id } }: ClaimedHost): boolean => gone.has(id)
    const replanned = replan(record, hosts, isGone, site.now)
    const missing = record.wish.count - replanned.sound
    hosts = replanned.hosts
    const fate = { name: record.wish.name, project: record.project, from: lost.join(', ') }
    if (missing === 0)
      move.push({ ...fate, to: placesOn(record, hosts, (id) => !gone.has(id)).join(', '), because: whenOf(record) })
    else
      wait.push({
        ...fate,
        to: null,
        because: `${whenOf(record)}; ${missing} of its ${record.wish.count} places would have no room`,
      })
  }
  return { hosts, move, wait }
}

const placesOn = (
  record: ReservationRecord,
  hosts: readonly ClaimedHost[],
  is: (id: HostId) => boolean,
): readonly string[] =>
  holdingsOf(record.id, hosts).flatMap(({ host }) => (is(host.record.id) ? [host.record.wish.name] : []))

const whenOf = ({ wish: { startsAt, endsAt } }: ReservationRecord): string =>
  `reserved from ${isoOf(startsAt)}${endsAt === null ? ' on' : ` to ${isoOf(endsAt)}`}`

const stepsOf = (
  { now, records, backfilling }: StudiedSite,
  hosts: readonly ClaimedHost[],
  views: readonly HostView[],
  waiters: readonly Waiter[],
): readonly LeaseStep[] =>
  planLive({
    ...{ now, hosts, waiters, backfilling },
    views: new Map(views.map((view) => [view.id, view])),
    yielding: records,
    owners: records,
  }).steps

interface Told {
  readonly what: 'move' | 'wait' | 'unfit'
  readonly fate: Fate
}

/** One of which the plan says nothing new waits as it was told before. */
function fateOf(record: ComputeRecord, steps: readonly LeaseStep[], names: ReadonlyMap<string, string>): Told {
  const step = steps.find(({ machines }) => machines.some((machine) => machine.record.id === record.id))
  const after = step?.machines.find((machine) => machine.record.id === record.id)
  const place = after?.place ?? record.place
  const [first] = place.lease?.booked ?? []
  const [former] = record.place.lease?.booked ?? []
  const fate = (to: HostId | undefined, because: string): Fate => ({
    ...{ name: record.wish.name, project: record.project },
    from: former === undefined ? record.place.hostName : (names.get(former.host) ?? 'a host that is gone'),
    to: to === undefined ? null : (names.get(to) ?? null),
    because,
  })
  const says = place.waiting?.lease?.says ?? 'it waits for its turn'
  switch (step?.what) {
    case 'begin':
      return { what: 'move', fate: fate(after?.on?.host, '') }
    case 'refuse':
      return { what: 'unfit', fate: fate(undefined, says) }
    case 'book': {
      const begins = first === undefined ? says : `its lease begins at ${isoOf(first.run)}`
      return { what: first?.host === former?.host ? 'wait' : 'move', fate: fate(first?.host, begins) }
    }
    case 'wait':
    case undefined: {
      const at = place.waiting?.lease?.at ?? null
      const because = at === null ? says : `${says}; it begins at ${isoOf(at)} at the earliest`
      return { what: 'wait', fate: fate(at === null ? undefined : first?.host, because) }
    }
  }
}

/** Claims once the steps are taken. */
const taken = (steps: readonly LeaseStep[], hosts: readonly ClaimedHost[]): readonly ClaimedHost[] =>
  steps
    .flatMap(({ machines }) =>
      machines.flatMap(({ record, on, promises }) => [
        ...promises,
        ...(on ? [{ host: on.host, key: record.id as string, claim: on.claim }] : []),
      ]),
    )
    .reduce((all, { host, key, claim }) => withClaim(all, host, key, claim), hosts)

/** A host on which nothing was changed is seen as before, with what was measured there. */
function viewsAfter(
  views: readonly HostView[],
  before: readonly ClaimedHost[],
  after: readonly ClaimedHost[],
  now: number,
): readonly HostView[] {
  const former = new Map(before.map((host) => [host.record.id, host]))
  const changed = after.filter((host) => former.get(host.record.id)?.claims !== host.claims)
  const anew = new Map(hostViews(changed, now).map((view) => [view.id, view]))
  return views.map((view) => {
    const other = anew.get(view.id)
    if (!other) return view
    const { ahead: _ahead, slots: _slots, tenants: _tenants, keptFor: _kept, ...known } = view
    const { free, machines, ahead, slots, tenants, keptFor } = other
    return {
      ...known,
      ...{ free, machines },
      ...(ahead ? { ahead } : {}),
      ...(slots ? { slots } : {}),
      ...(tenants ? { tenants } : {}),
      ...(keptFor ? { keptFor } : {}),
    }
  })
}
