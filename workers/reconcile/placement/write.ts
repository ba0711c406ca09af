/** Writing a plan: its places in their order, a thousand by each script, and the workers told of the first of them. */
import type { GroupView } from '../../../src/model/placement'
import type { Claim, PlacedGroup, Placing } from '../../../src/store/store'
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

type Parts = AsyncGenerator<readonly Placing[]>

/** No two plans are called the same: beside the claim, which no other process has. */
let plans = 0

interface ToWrite {
  readonly snapshot: Snapshot
  readonly parts: Parts
  /** How many there are: one that is alone has no name, for nothing stands on it. */
  readonly many: 'one' | 'some'
  readonly now: number
}

/**
 * Each part is written on top of those before it, and sent before they are answered: it names the one before it, and of each host
 * the revision that it has once that one is written. Whoever else changed a host meanwhile has raised it further: then that part is
 * refused, and with it all that were sent after it.
 */
export async function writePlacings(work: Work, claim: Claim<'placement'>, asked: ToWrite): Promise<Written> {
  const { snapshot, parts, many, now } = asked
  const { era, number } = claim.epoch
  plans += 1
  const plan = `${era}-${number}-${plans}`
  const revisions = new Map(snapshot.revisions)
  const send = (part: readonly Placing[], at: number) => {
    const named = new Set(part.flatMap(({ on }) => on?.host ?? []))
    const hosts = [...named].map((host) => ({ host, revision: revisions.get(host) ?? 0 }))
    for (const { host, revision } of hosts) revisions.set(host, revision + 1)
    const how = many === 'one' ? {} : { part: `${plan}-${at}`, ...(at === 0 ? {} : { after: `${plan}-${at - 1}` }) }
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
  let coming = next(parts)
  for (let at = 0; ; ) {
    while (underWay.length < UNDER_WAY) {
      const { value, done } = await coming
      if (done) break
      underWay.push(send(value, at))
      at += 1
      coming = next(parts)
    }
    const first = underWay.shift()
    if (!first) break
    const result = await first
    if (result.state !== 'done') {
      await Promise.allSettled(underWay)
      await told
      return { state: result.state }
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

/** Made while those before it are written; that it fails is told to who comes to wait for it. */
function next(parts: Parts): ReturnType<Parts['next']> {
  const coming = parts.next()
  coming.catch(() => undefined)
  return coming
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
