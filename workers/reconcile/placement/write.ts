/** Writing a plan: its places in their order, a thousand by each script, and the workers told of the first of them. */
import type { GroupView } from '../../../src/model/placement'
import type { Claim, PlacedGroup, Placing } from '../../../src/store/store'
import { MOST_PLACED } from '../../scheduler/place'
import { across, type Work } from '../work'
import type { Snapshot } from './snapshot'

/** `placed`: machines that got their place. What was written before a part was refused stays. */
export type Written = { readonly state: 'superseded' | 'moved' } | { readonly state: 'done'; readonly placed: number }

/**
 * So many are told of at once, more than workers begin until their next sweep. That finds the others due, as it finds whatever
 * nobody began by then: telling of all of them would be telling of most of them twice.
 */
const MOST_TOLD = 1000
/** One that Redis writes, and one that it has at hand when it is done. */
const UNDER_WAY = 2

/** No two plans are called the same: beside the claim, which no other process has. */
let plans = 0

interface ToWrite {
  readonly snapshot: Snapshot
  readonly placings: readonly Placing[]
  readonly now: number
}

/**
 * Each part is written on top of those before it, and sent before they are answered: it names the one before it, and of each host
 * the revision that it has once that one is written. Whoever else changed a host meanwhile has raised it further: then that part is
 * refused, and with it all that were sent after it.
 */
export async function writePlacings(work: Work, claim: Claim<'placement'>, asked: ToWrite): Promise<Written> {
  const { snapshot, placings, now } = asked
  const { era, number } = claim.epoch
  plans += 1
  const plan = `${era}-${number}-${plans}`
  const parts = partsOf(placings)
  const revisions = new Map(snapshot.revisions)
  const send = (part: readonly Placing[], at: number) => {
    const named = new Set(part.flatMap(({ on }) => on?.host ?? []))
    const hosts = [...named].map((host) => ({ host, revision: revisions.get(host) ?? 0 }))
    for (const { host, revision } of hosts) revisions.set(host, revision + 1)
    const how = parts.length === 1 ? {} : { part: `${plan}-${at}`, ...(at === 0 ? {} : { after: `${plan}-${at - 1}` }) }
    const sent = across(work, 'place', claim.ref, () =>
      work.store.place(claim, hosts, part, now, groupsOf(snapshot, part), [], how),
    )
    // Looked at when those before it were.
    sent.catch(() => undefined)
    return sent
  }
  const underWay: ReturnType<typeof send>[] = []
  let told: Promise<unknown> = Promise.resolve()
  let mayTell = MOST_TOLD
  let placed = 0
  for (let at = 0; at < parts.length || underWay.length > 0; ) {
    for (; at < parts.length && underWay.length < UNDER_WAY; at += 1) underWay.push(send(parts[at] ?? [], at))
    const result = await underWay.shift()
    if (result?.state !== 'done') {
      await Promise.allSettled(underWay)
      await told
      return { state: result?.state ?? 'moved' }
    }
    const telling = result.placed.slice(0, mayTell)
    mayTell -= telling.length
    // Not waited for: what comes next is written meanwhile. What fails is thrown at the end.
    if (telling.length > 0) told = all(told, work.queue.add(telling.map((id) => ({ kind: 'compute', id }))))
    placed += result.placed.length
  }
  await told
  return { state: 'done', placed }
}

/** In their order, but for machines of one group: what has to be whole, or apart, is looked at by one script. */
function partsOf(placings: readonly Placing[]): readonly (readonly Placing[])[] {
  const groups = new Map<string, Placing[]>()
  const units: Placing[][] = []
  for (const placing of placings) {
    const { group } = placing.on ?? {}
    const known = group === undefined ? undefined : groups.get(group)
    if (known) known.push(placing)
    else {
      const unit = [placing]
      units.push(unit)
      if (group !== undefined) groups.set(group, unit)
    }
  }
  const parts: Placing[][] = []
  let last: Placing[] | undefined
  for (const unit of units) {
    if (last === undefined || last.length + unit.length > MOST_PLACED) {
      last = []
      parts.push(last)
    }
    last.push(...unit)
  }
  return parts
}

/** Both; that they fail is known of here even where nobody comes to wait for them. */
function all(one: Promise<unknown>, other: Promise<unknown>): Promise<unknown> {
  const both = Promise.all([one, other])
  both.catch(() => undefined)
  return both
}

/** The groups of machines that get a place, as they were read; those of which all waiting machines must have one at once are whole. */
function groupsOf({ demands, groups }: Snapshot, placings: readonly Placing[]): readonly PlacedGroup[] {
  const joined = new Set(placings.flatMap(({ on }) => on?.group ?? []))
  if (joined.size === 0) return []
  const views = new Map<string, GroupView>(demands.flatMap(({ group }) => (group ? [[group.view.id, group.view]] : [])))
  return [...groups].flatMap(([group, revision]) => {
    const view = views.get(group)
    const isWhole = view?.rule.keeps === 'together' && view.rule.strength === 'hard' && view.held.size === 0
    return joined.has(group) ? [{ group, revision, ...(isWhole ? { whole: true as const } : {}) }] : []
  })
}
