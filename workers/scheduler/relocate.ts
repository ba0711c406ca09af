/**
 * Which machines that are to leave their hosts set out now, how, and where to: pure. A few at a time; the gentlest way that its hosts
 * know, on the host that placement would choose. What was refused is tried on another host, then in another way; when nothing is left
 * it is told, and all of it is tried again later.
 */
import type { HostId } from '../../src/model/ids'
import { type Lifecycle, lifecycle, movableFrom } from '../../src/model/lifecycle'
import {
  demandToMove,
  type GroupDemand,
  type HostClaim,
  type HostView,
  type PlacementWish,
  waitingReasons,
  whyNoMove,
} from '../../src/model/placement'
import type { ComputeRecord, HostRecord, Leaver, MoveHow, RelocationCause, TriedMove } from '../../src/model/records'
import type { StorageRecord } from '../../src/model/storage'
import { occupy } from './candidate'
import { place } from './place'

export interface Leaving {
  readonly record: ComputeRecord
  readonly volumes: readonly StorageRecord[]
  readonly cause: RelocationCause
  /** Its host as it is drained: so many moves away from it at a time. */
  readonly parallel: number
  /** A plan's choice; absent: any host. */
  readonly to?: HostId
  /** Its placement group, without itself; absent: it is in none. */
  readonly group?: GroupDemand
  /** How it stood before. */
  readonly former?: Leaver
}

export interface RelocationGround {
  readonly hosts: readonly HostRecord[]
  readonly views: readonly HostView[]
  /** What is claimed on a host. */
  readonly claimsOn: (host: HostId) => readonly HostClaim[]
  readonly site?: PlacementWish
  readonly now: number
  /** How many may still come home from each provider; absent: none. */
  readonly mayComeHome?: ReadonlyMap<HostId, number>
}

/** A move to wish for, in the machine's own record. */
export interface MoveOrder extends TriedMove {
  readonly record: ComputeRecord
}

export interface Relocation {
  readonly leavers: readonly Leaver[]
  readonly orders: readonly MoveOrder[]
}

/** Moves of the site at a time, at most. */
const MOST_MOVES = 32
/** Hosts that may refuse a machine in one way before the next one is tried. */
const TRIES_EACH = 2
/** After all was refused, until it is tried anew, ms. */
export const ANEW_MS = 5 * 60_000
/** Hosts that placement would take and that cannot, one after another: what they say does not depend on them then. */
const MOST_ASKED = 8

const WAYS: Readonly<Record<RelocationCause, readonly MoveHow[]>> = {
  drain: ['live', 'cold', 'restart'],
  resched: ['live', 'cold', 'restart'],
  rebalance: ['live', 'cold'],
  home: ['anew'],
}

/** What is at a provider can be moved in no other way. */
const waysFor = ({ record: { place, wish }, cause }: Leaving): readonly MoveHow[] =>
  place.offer !== undefined && wish.burst?.replaceable ? ['anew'] : WAYS[cause]

export function relocate(leavings: readonly Leaving[], ground: RelocationGround): Relocation {
  const views = ground.views.map((view) => ({ ...view }))
  const stood = leavings.map((leaving) => ({ leaving, leaver: stand(leaving, ground.now) }))
  const under = new Map<HostId, number>()
  const count = (host: HostId) => under.set(host, (under.get(host) ?? 0) + 1)
  const moving = stood.filter(({ leaver }) => leaver.state === 'moving')
  for (const { leaver } of moving) count(leaver.from)
  const homeward = new Map(ground.mayComeHome)
  const orders: MoveOrder[] = []
  const leavers = stood.map(({ leaving, leaver }): Leaver => {
    if (leaver.state !== 'waits' || leaver.message !== null) return leaver
    const left = leaver.cause === 'home' ? (homeward.get(leaver.from) ?? 0) : 1
    if (left <= 0) return { ...leaver, message: 'as many as may have come home in this hour' }
    if ((under.get(leaver.from) ?? 0) >= leaving.parallel || moving.length + orders.length >= MOST_MOVES) return leaver
    const chosen = choose(leaving, leaver, { ...ground, views })
    if (typeof chosen === 'string') return { ...leaver, state: 'cannot', message: chosen }
    count(leaver.from)
    if (leaver.cause === 'home') homeward.set(leaver.from, left - 1)
    const { record: _record, ...tried } = chosen
    orders.push(chosen)
    const there = views.find(({ id }) => id === chosen.to)
    if (there) occupy(there, demandToMove(leaving.record, ground.now, leaving.volumes))
    return { ...leaver, state: 'moving', tried }
  })
  return { leavers: leavers.filter(isToldOf), orders }
}

/** Of those that may come home nobody hears that they do not: there is no room for them, or it is not their time. */
const isToldOf = ({ cause, state, message, refused }: Leaver): boolean =>
  cause !== 'home' || state === 'moving' || message === null || refused !== undefined

/** How it stands before anything is ordered; one that waits with no message waits for its turn alone. */
function stand({ record, cause, former }: Leaving, now: number): Leaver {
  const from = record.place.host ?? ('' as HostId)
  const base = { id: record.id, name: record.wish.name, from, cause }
  const level = record.wish.move?.level ?? 0
  const isOrdered = level > (record.seen.moves ?? 0)
  const history = historyOf(record, former, now)
  if (record.place.moving || isOrdered) return { ...base, state: 'moving', message: null, ...history }
  const state = lifecycle(record)
  if (state === 'failed')
    return { ...base, state: 'cannot', message: 'it failed; resume or delete it (stuck list)', ...history }
  const message = waitsFor(record, state)
  return { ...base, state: 'waits', message, ...history }
}

function waitsFor(record: ComputeRecord, state: Lifecycle): string | null {
  if (record.seen.contact === 'lost') return 'its host does not answer'
  if (movableFrom('cold').includes(state)) return null
  return `it is ${state}`
}

/** What was tried: an order that is through while it is still here came to nothing. After a while all counts as untried. */
function historyOf(record: ComputeRecord, former: Leaver | undefined, now: number): Pick<Leaver, 'tried' | 'refused'> {
  if (former === undefined || former.from !== record.place.host) return {}
  const { tried, refused = [] } = former
  const isOver = tried !== undefined && tried.level <= (record.seen.moves ?? 0)
  const all = isOver ? [...refused, { ...tried, at: now, message: saidOf(record) }] : refused
  const last = all.at(-1)
  const kept = former.state === 'cannot' && last !== undefined && now - last.at >= ANEW_MS ? [] : all
  return { ...(tried && !isOver ? { tried } : {}), ...(kept.length > 0 ? { refused: kept } : {}) }
}

const saidOf = ({ journal: { trouble } }: ComputeRecord): string =>
  trouble?.step === 'move' ? trouble.message : 'it was not moved'

/** The next order for it; why there is none. */
function choose(leaving: Leaving, { refused = [] }: Leaver, ground: RelocationGround): MoveOrder | string {
  const { record, cause } = leaving
  const ways = waysFor(leaving).filter((how) => movableFrom(how).includes(lifecycle(record)))
  const why: string[] = []
  for (const how of ways) {
    const against = refused.filter((one) => one.how === how)
    const last = against.at(-1)
    if (last && against.length >= TRIES_EACH) {
      why.push(last.message)
      continue
    }
    const to = target(leaving, how, new Set(against.map((one) => one.to)), ground)
    if (typeof to !== 'string') {
      const level = Math.max(record.wish.move?.level ?? 0, record.seen.moves ?? 0) + 1
      return { record, level, how, to: to.id, toName: to.name, at: ground.now }
    }
    why.push(last?.message ?? to)
    // Gentler ways come first, and what a plan chose for a running machine is no reason to stop it.
    if (cause === 'rebalance') break
  }
  return [...new Set(why)].join('; ') || 'it cannot be moved'
}

/** The host that placement would choose among those that the machine can be moved to; why there is none. */
function target(
  { record, volumes, to, group }: Leaving,
  how: MoveHow,
  without: ReadonlySet<HostId>,
  { hosts, views, claimsOn, site, now }: RelocationGround,
): HostView | string {
  const demand = { ...demandToMove(record, now, volumes, site), ...(group ? { group } : {}) }
  const from = hosts.find(({ id }) => id === record.place.host)
  let open = views.filter(
    ({ id, provider }) =>
      id !== record.place.host &&
      !without.has(id) &&
      (to === undefined || id === to) &&
      (how !== 'anew' || provider === undefined),
  )
  let said: string | undefined
  for (let asked = 0; asked < MOST_ASKED; asked += 1) {
    const [best] = place({ hosts: open, machines: [demand] }, 1).placed
    const view = open.find(({ id }) => id === best?.host)
    if (!view) break
    const claims = claimsOn(view.id)
    const refusal = whyNoMove({ record, how, from, hosts, to: view.id, claims, volumes, group, now })
    if (refusal === undefined) return view
    said = refusal.message
    open = open.filter(({ id }) => id !== view.id)
  }
  if (said !== undefined) return said
  const { reasons } = waitingReasons(demand, open)
  const counts = Object.entries(reasons).map(([reason, many]) => `${reason} (${many} ${many === 1 ? 'host' : 'hosts'})`)
  return `no other host can take it${counts.length === 0 ? '' : `: ${counts.join(', ')}`}`
}
