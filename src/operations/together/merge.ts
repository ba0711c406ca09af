/** Changes that were decided one after the other, as one: what Redis compares is what the first of them read, what it writes the last one's. */
import { formatRef, type Ref } from '../../model/ids'
import type { Create, Hold, Reclaim, Removal, Update } from '../../store/store'
import type { Proposal } from '../attempt'

type Change = NonNullable<Proposal<unknown>['change']>

export interface Merge {
  add(change: Change): void
  /** Undefined where nothing was added. */
  change(): Change | undefined
}

export function openMerge(): Merge {
  const parts: Change[] = []
  return {
    add: (change) => {
      parts.push(change)
    },
    change: () => (parts.length === 0 ? undefined : merged(parts)),
  }
}

/** A client token is one order's alone; everything else that a change has is here, or this does not compile. */
function merged(parts: readonly Change[]): Required<Omit<Change, 'token'>> {
  const creates = new Map<string, Create>()
  const updates = new Map<string, Update>()
  const removals = new Map<string, Removal>()
  for (const part of parts) {
    for (const create of part.creates ?? []) creates.set(formatRef(create.ref), create)
    for (const update of part.updates ?? []) {
      const key = formatRef(update.ref)
      const made = creates.get(key)
      if (made) creates.set(key, { ...made, wish: update.wish, wake: made.wake || update.wake })
      else updates.set(key, onTopOf(updates.get(key), update))
    }
    for (const removal of part.removals ?? []) removals.set(formatRef(removal.ref), removal)
  }
  for (const key of removals.keys()) updates.delete(key)
  return {
    // What this very change makes, nobody else has changed.
    holds: each(parts, 'holds', (hold: Hold) => formatRef(hold.ref)).filter(({ ref }) => !creates.has(formatRef(ref))),
    creates: [...creates.values()],
    updates: [...updates.values()],
    removals: [...removals.values()],
    ...namesOf(parts),
    counters: parts.flatMap(({ counters = [] }) => counters),
    reclaims: reclaimsOf(parts),
    groups: each(parts, 'groups', ({ group }) => group),
    unchanged: each(parts, 'unchanged', ({ project }) => project),
    used: parts.flatMap(({ used = [] }) => used),
    ...waitingOf(parts),
    wakes: each(parts, 'wakes', (ref: Ref) => formatRef(ref)),
  }
}

/** By what the first one read: its generation, and its phase where one of them compares that. */
const onTopOf = (before: Update | undefined, after: Update): Update => {
  if (before === undefined) return after
  const phase = before.phase ?? after.phase
  const place = after.place ?? before.place
  return {
    ...after,
    generation: before.generation,
    ...(place === undefined ? {} : { place }),
    ...(phase === undefined ? {} : { phase }),
    raisePhase: before.raisePhase || after.raisePhase,
    wake: before.wake || after.wake,
  }
}

type Lists = 'holds' | 'groups' | 'unchanged' | 'wakes'

/** One of each key, the first one: a later part may have read what was not there yet when an earlier one decided. */
function each<L extends Lists>(
  parts: readonly Change[],
  list: L,
  keyOf: (item: NonNullable<Change[L]>[number]) => string,
): readonly NonNullable<Change[L]>[number][] {
  const first = new Map<string, NonNullable<Change[L]>[number]>()
  for (const item of parts.flatMap((part) => (part[list] ?? []) as readonly NonNullable<Change[L]>[number][]))
    if (!first.has(keyOf(item))) first.set(keyOf(item), item)
  return [...first.values()]
}

/** What is claimed in the end, on the claims that the first part of it read. */
function reclaimsOf(parts: readonly Change[]): readonly Reclaim[] {
  const reclaims = new Map<string, Reclaim>()
  for (const reclaim of parts.flatMap((part) => part.reclaims ?? [])) {
    const key = `${reclaim.host} ${reclaim.compute}`
    reclaims.set(key, { ...(reclaims.get(key) ?? reclaim), claim: reclaim.claim })
  }
  return [...reclaims.values()]
}

/** A name that one part takes and a later one gives up is neither taken nor released. */
function namesOf(parts: readonly Change[]): Required<Pick<Change, 'takes' | 'releases'>> {
  const takes: NonNullable<Change['takes']>[number][] = []
  const releases: NonNullable<Change['releases']>[number][] = []
  for (const part of parts) {
    for (const release of part.releases ?? []) {
      const mine = takes.findIndex(({ hash, field }) => hash === release.hash && field === release.field)
      if (mine < 0) releases.push(release)
      else takes.splice(mine, 1)
    }
    takes.push(...(part.takes ?? []))
  }
  return { takes, releases }
}

function waitingOf(parts: readonly Change[]): Required<Pick<Change, 'waiting' | 'stopWaiting'>> {
  const waits = new Map<string, boolean>()
  for (const { waiting = [], stopWaiting = [] } of parts) {
    for (const id of waiting) waits.set(id, true)
    for (const id of stopWaiting) waits.set(id, false)
  }
  const those = (wanted: boolean): readonly string[] => [...waits].flatMap(([id, is]) => (is === wanted ? [id] : []))
  return { waiting: those(true), stopWaiting: those(false) }
}
