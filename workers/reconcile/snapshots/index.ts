/**
 * The job of one snapshot: its disk is found, a copy of it is ordered from the driver under an intent's key until its contents are
 * in the image store, that is written down, and only then the copy on the host goes. Deleting undoes whatever was begun.
 *
 * It works on the guard's resource of its disk (a volume's name, or a machine's) with an epoch of its own. Epochs are drawn from
 * one counter of the site, so the newest of the two jobs wins there; the other is told 'stale' and claims again. While the copy
 * is made, nothing else of that resource starts, and plans leave it alone (`isSnapshotKey`). Simulated hosts keep the snapshot
 * themselves: it has no file, and goes when no volume that was ordered of it is still to be made.
 */
import { asFault, type Fault, outcomeUnknown } from '../../../src/faults'
import type { ImageFile } from '../../../src/model/images'
import { isUnsettled } from '../../../src/model/intents'
import type {
  SnapshotJournal,
  SnapshotRecord,
  SnapshotSeen,
  SnapshotSource,
  VolumeSource,
} from '../../../src/model/storage'
import type { Claim } from '../../../src/store/store'
import type { Effect } from '../../drivers/driver'
import { acted, tellStep } from '../acted'
import { afterFailures, sinceSilent } from '../backoff'
import { EFFECT_TRIES } from '../effect-journal'
import { forgetNamed } from '../forget'
import { unnamed } from '../journal'
import { targetOf } from '../target'
import { underClaim } from '../under-claim'
import { within } from '../within'
import { across, type Next, type Work } from '../work'
import { type Found, findDisk } from './find-disk'
import { announceSnapshot, ended } from './journal'

type SnapshotClaim = Claim<'snapshot'>

/** How often a disk that is not there yet is looked for, ms. */
const AWAITED_MS = 2_000
/** How often it is looked whether a volume still needs it, ms. */
const NEEDED_MS = 10_000

export const reconcileSnapshot = (work: Work, id: string): Promise<void> =>
  underClaim(work, 'snapshot', id, (claim) => pursue(work, claim, claim.record))

async function pursue(work: Work, claim: SnapshotClaim, record: SnapshotRecord): Promise<Next> {
  const { wish, seen, journal } = record
  if (!wish.exists) return remove(work, claim, record)
  if (seen.state === 'pending') return take(work, claim, record)
  // What is in the image store, or failed, needs nothing on a host; a simulated one is there alone.
  const isKept = seen.state === 'completed' && seen.file === null
  return journal.left === null || isKept ? { at: null } : drop(work, claim, record, journal.left)
}

const write = (
  work: Work,
  claim: SnapshotClaim,
  change: { readonly seen?: SnapshotSeen; readonly journal?: SnapshotJournal },
  what: string,
): Promise<boolean> =>
  across(work, 'result', claim.ref, () =>
    work.store.observe(claim, { ...change, raisePhase: change.seen !== undefined, what }, work.clock.now()),
  )

async function take(work: Work, claim: SnapshotClaim, record: SnapshotRecord): Promise<Next> {
  const now = work.clock.now()
  const found = await findDisk(work, record)
  const { left } = record.journal
  if (left !== null) return effect(work, claim, record, left, goesOn(record, left, found))
  switch (found.is) {
    case 'there':
      return effect(work, claim, record, found.source, 'up')
    case 'awaited': {
      const seen = { ...record.seen, message: found.because }
      if (seen.message !== record.seen.message) await write(work, claim, { seen }, 'snapshot-waits')
      return { at: now + AWAITED_MS }
    }
    case 'unmade':
      return complete(work, claim, record, record.journal, contentsOf(found.of))
    case 'gone':
      return fail(work, claim, record, record.journal, found.because)
  }
}

/** What was begun goes on where it was begun; what was refused there is undone once its disk is elsewhere, and begun anew. */
function goesOn({ journal: { intent } }: SnapshotRecord, left: SnapshotSource, found: Found): 'up' | 'down' {
  if (intent?.direction === 'down') return 'down'
  return intent?.outcome === 'failed' && found.is === 'there' && found.source.host !== left.host ? 'down' : 'up'
}

const contentsOf = (of: VolumeSource | null): Pick<SnapshotSeen, 'file' | 'on' | 'blank'> =>
  of === null ? { file: null, blank: true } : { file: of.file, on: of.on, blank: of.blank }

/** One call of the driver: announced, done, written down. */
async function effect(
  work: Work,
  claim: SnapshotClaim,
  record: SnapshotRecord,
  source: SnapshotSource,
  direction: 'up' | 'down',
): Promise<Next> {
  const began = work.clock.now()
  const host = await work.store.read('host', source.host)
  if (host === undefined)
    return direction === 'down'
      ? dropped(work, claim, record, record.journal)
      : fail(work, claim, record, { ...record.journal, left: null }, 'the host of its disk is gone')
  const { journal, intent } = announceSnapshot(record, direction, source, began)
  if (!(await across(work, 'intent', claim.ref, () => work.store.intend(claim, journal, began)))) return { at: began }
  const { disk } = work.driver(host.wish.driver)
  const ticket = { resource: source.resource, epoch: claim.epoch, key: intent.key }
  const name = record.wish.name
  const outcome = await acted<ImageFile | null>(work, claim, () =>
    direction === 'up'
      ? disk.snapshot(targetOf(work, host), ticket, source.disk, name)
      : disk.remove(targetOf(work, host), ticket, name),
  )
  tellStep(work, claim, { snapshot: name, of: source.disk, direction }, { key: intent.key, began }, outcome)
  const announced = { ...record, journal }
  if ('kind' in outcome) return failed(work, claim, announced, host.wish.name, outcome)
  return went(work, claim, announced, direction, outcome)
}

async function went(
  work: Work,
  claim: SnapshotClaim,
  record: SnapshotRecord,
  direction: 'up' | 'down',
  outcome: Effect<ImageFile | null>,
): Promise<Next> {
  const { journal, seen } = record
  if (outcome.state === 'running') {
    const at = work.clock.now() + outcome.lookAgainMs
    const percent = direction === 'up' ? Math.max(seen.percent, outcome.percent) : seen.percent
    const isSame = percent === seen.percent && seen.message === null
    const change = isSame ? {} : { seen: { ...seen, percent, message: null } }
    await write(work, claim, { ...change, journal: ended(journal, 'running') }, 'snapshot-under-way')
    return { at }
  }
  const done = ended(journal, 'done')
  return direction === 'down'
    ? dropped(work, claim, record, done)
    : complete(work, claim, record, done, { file: outcome.value })
}

async function complete(
  work: Work,
  claim: SnapshotClaim,
  record: SnapshotRecord,
  journal: SnapshotJournal,
  contents: Pick<SnapshotSeen, 'file' | 'on' | 'blank'>,
): Promise<Next> {
  const now = work.clock.now()
  const seen: SnapshotSeen = {
    ...record.seen,
    ...contents,
    at: now,
    state: 'completed',
    percent: 100,
    message: null,
    completedAt: now,
  }
  await write(work, claim, { seen, journal }, 'snapshot-completed')
  await wakeOthers(work, record)
  return { at: journal.left !== null && contents.file !== null ? now : null }
}

async function fail(
  work: Work,
  claim: SnapshotClaim,
  record: SnapshotRecord,
  journal: SnapshotJournal,
  message: string,
): Promise<Next> {
  const now = work.clock.now()
  await write(work, claim, { seen: { ...record.seen, at: now, state: 'error', message }, journal }, 'snapshot-failed')
  await wakeOthers(work, record)
  return { at: journal.left === null ? null : now }
}

/** Its disk's own job holds the newest epoch there again; images that wait for the snapshot look at once. */
async function wakeOthers(work: Work, { id, wish: { of } }: SnapshotRecord): Promise<void> {
  const images = (await work.store.readAll('image')).filter(
    ({ wish, seen }) =>
      wish.exists &&
      seen.state === 'pending' &&
      Object.values(wish.sources ?? {}).some((source) => source.from === 'snapshot' && source.id === id),
  )
  const disk = of.kind === 'file' ? [] : [{ kind: of.kind === 'root' ? ('compute' as const) : of.kind, id: of.id }]
  const refs = [...disk, ...images.map((image) => ({ kind: 'image' as const, id: image.id }))]
  if (refs.length === 0) return
  await work.store.wake(refs, work.clock.now())
  await work.queue.add(refs)
}

async function failed(
  work: Work,
  claim: SnapshotClaim,
  record: SnapshotRecord,
  host: string,
  fault: Fault,
): Promise<Next> {
  const now = work.clock.now()
  const { seen } = record
  if (outcomeUnknown(fault)) {
    const message = 'its host does not answer'
    const silent = { ...seen, message, at: seen.message === message ? seen.at : now }
    if (seen.message !== message) await write(work, claim, { seen: silent }, 'snapshot-silent')
    return { at: now + sinceSilent(now, silent.at) }
  }
  if (fault.kind !== 'refused' && fault.kind !== 'unsupported') throw fault
  const journal = ended(record.journal, 'failed')
  const message = unnamed(fault.message, host)
  const isHopeless = fault.kind === 'unsupported' || journal.failures >= EFFECT_TRIES
  if (isHopeless && record.wish.exists && seen.state === 'pending') return fail(work, claim, record, journal, message)
  await write(work, claim, { journal, seen: { ...seen, message } }, 'snapshot-refused')
  return { at: now + afterFailures(journal.failures) }
}

const drop = (work: Work, claim: SnapshotClaim, record: SnapshotRecord, left: SnapshotSource): Promise<Next> =>
  effect(work, claim, record, left, 'down')

/** Nothing of it is on any host any more. */
async function dropped(
  work: Work,
  claim: SnapshotClaim,
  record: SnapshotRecord,
  journal: SnapshotJournal,
): Promise<Next> {
  const { wish, seen } = record
  const isBegunAnew = wish.exists && seen.state === 'pending'
  if (isBegunAnew) await work.images.upload(wish.name).discard()
  const change = { journal: { ...journal, left: null }, ...(isBegunAnew ? { seen: { ...seen, percent: 0 } } : {}) }
  await write(work, claim, change, 'snapshot-dropped')
  await wakeOthers(work, record)
  return wish.exists && !isBegunAnew ? { at: null } : { at: work.clock.now() }
}

/** Work under way is ended, the copy removed, the record forgotten; its file goes when nothing else names it (sweep-files.ts). */
async function remove(work: Work, claim: SnapshotClaim, record: SnapshotRecord): Promise<Next> {
  const { journal, wish } = record
  if (await isNeeded(work, record)) return { at: work.clock.now() + NEEDED_MS }
  if (journal.left !== null) {
    const { intent } = journal
    if (intent?.direction === 'up' && isUnsettled(intent)) await cancel(work, claim, record, intent.key)
    return drop(work, claim, record, journal.left)
  }
  await work.images.upload(wish.name).discard()
  return forgetNamed(work, claim, wish.name)
}

async function cancel(work: Work, claim: SnapshotClaim, { journal }: SnapshotRecord, key: string): Promise<void> {
  const { left } = journal
  const host = left === null ? undefined : await work.store.read('host', left.host)
  if (!left || !host) return
  const ticket = { resource: left.resource, epoch: claim.epoch, key }
  await across(work, 'act', claim.ref, () =>
    within(work.driver(host.wish.driver).cancel(targetOf(work, host), ticket)).catch((thrown: unknown) => {
      if (!outcomeUnknown(asFault(thrown)) && asFault(thrown).kind !== 'refused') throw thrown
    }),
  )
}

/** A simulated snapshot is on its host alone: volumes that were ordered of it and are not made yet, and its copies, need it there. */
async function isNeeded(work: Work, { id, wish, seen, journal }: SnapshotRecord): Promise<boolean> {
  if (seen.file !== null || journal.left === null) return false
  const [volumes, snapshots] = await Promise.all([work.store.readAll('storage'), work.store.readAll('snapshot')])
  return (
    volumes.some((one) => one.wish.exists && one.seen.madeAt === null && one.wish.source?.on === wish.name) ||
    snapshots.some((one) => one.id !== id && one.seen.on === wish.name)
  )
}
