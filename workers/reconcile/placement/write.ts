/** Writing a plan: its places in their order, a thousand by each script, and the workers told of each thousand. */
import type { GroupView } from '../../../src/model/placement'
import type { Claim, PlacedGroup, Placing } from '../../../src/store/store'
import { MOST_PLACED } from '../../scheduler/place'
import { across, type Work } from '../work'
import type { Snapshot } from './snapshot'

/** `placed`: machines that got their place. What was written before a part was refused stays. */
export type Written = { readonly state: 'superseded' | 'moved' } | { readonly state: 'done'; readonly placed: number }

/**
 * Each part is written on top of those before it: a host that got machines by one of them has its next revision. Whoever else
 * changed one meanwhile has raised it further, and the part is refused.
 */
export async function writePlacings(
  work: Work,
  claim: Claim<'placement'>,
  {
    snapshot,
    placings,
    now,
  }: { readonly snapshot: Snapshot; readonly placings: readonly Placing[]; readonly now: number },
): Promise<Written> {
  const revisions = new Map(snapshot.revisions)
  const hostOf = new Map(placings.flatMap(({ ref, on }) => (on ? [[ref.id as string, on.host]] : [])))
  // What has to be whole, or apart, is looked at by one script.
  const most = snapshot.groups.size > 0 ? placings.length : MOST_PLACED
  let told: Promise<unknown> = Promise.resolve()
  let placed = 0
  for (let from = 0; from < placings.length; from += most) {
    const part = placings.slice(from, from + most)
    const named = new Set(part.flatMap(({ on }) => on?.host ?? []))
    const hosts = [...named].map((host) => ({ host, revision: revisions.get(host) ?? 0 }))
    const groups = groupsOf(snapshot, part)
    const result = await across(work, 'place', claim.ref, () => work.store.place(claim, hosts, part, now, groups))
    if (result.state !== 'done') {
      await told
      return { state: result.state }
    }
    const taken = new Set(result.placed.flatMap((id) => hostOf.get(id) ?? []))
    for (const host of taken) revisions.set(host, (revisions.get(host) ?? 0) + 1)
    // Not waited for: the next part is written meanwhile. What fails is thrown at the end.
    if (result.placed.length > 0) told = all(told, work.queue.add(result.placed.map((id) => ({ kind: 'compute', id }))))
    placed += result.placed.length
  }
  await told
  return { state: 'done', placed }
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
