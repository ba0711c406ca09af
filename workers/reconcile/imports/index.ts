/**
 * The job of one import: brings a file into the image store and looks at it. claim -> look (how much is there) -> fetch a slice
 * or store what was sent -> result -> settle, as every job.
 *
 * Its effects are on the image store, which has no guard and needs none: pieces are added at their offset or refused, so two
 * workers that fetch the same file cannot spoil it, and a file named by its contents is the same whoever stored it. Only what
 * is written into the record is told apart by epoch, and only who could write what became of the pieces drops them. A killed worker
 * costs at most the piece that it had in hand; only where a server cannot send parts of a file does fetching begin anew.
 */
import { asFault } from '../../../src/faults'
import { hasEnded, type ImportRecord, type ImportSeen } from '../../../src/model/image-records'
import type { Claim } from '../../../src/store/store'
import { afterFailures, KEPT_MS, LOOK_AGAIN_MS, SHARE_AGAIN_MS } from '../backoff'
import { settle } from '../settle'
import { across, type Next, type Work } from '../work'
import { fetchSlice } from './fetch-slice'
import { makeSnapshot } from './make-snapshot'
import { storeFile } from './store-file'
import { write } from './write'

/** An upload of which nothing came for so long is given up. */
export const SILENT_MS = 7 * 24 * 3_600_000
/** What has ended is shown for so long. */
export const SHOWN_MS = 7 * 24 * 3_600_000
/** Failures in a row after which an address is given up: about a quarter of an hour. */
const ENOUGH = 20

export async function reconcileImport(work: Work, id: string): Promise<void> {
  const ref = { kind: 'imageimport', id } as const
  const claim = await across(work, 'claim', ref, () => work.store.claim('imageimport', id, work.clock.now()))
  if (!claim) return
  const next = await pursue(work, claim, claim.record)
  // Whoever claimed it since settles it, or has it to do: a cancelled one is due. To come back at once would be to overtake that one in turn, and so on without end.
  if (next !== 'overtaken') await settle(work, claim, next)
}

type After = Next | 'overtaken'

async function pursue(work: Work, claim: Claim<'imageimport'>, record: ImportRecord): Promise<After> {
  const { wish, seen } = record
  if (hasEnded(record) && (wish.exists || seen.state === 'cancelled')) return afterwards(work, claim, record)
  if (!wish.exists) return cancel(work, claim)
  if (wish.source.from === 'upload' && !wish.complete) return awaitMore(work, claim, record)
  const place = work.shares.take('imageimport', record.project)
  if (place === undefined) return { at: work.clock.now() + SHARE_AGAIN_MS }
  try {
    const fetched =
      wish.source.from === 'url' && seen.state !== 'storing' ? await fetchSlice(work, claim, record) : 'all'
    if (fetched !== 'all') return place.isAwaited() ? { at: fetched.at + 2 * SHARE_AGAIN_MS } : fetched
    const file = await storeFile(work, claim, record)
    if (file === undefined) return 'overtaken'
    if (wish.snapshot !== null) await makeSnapshot(work, record, file)
    return await complete(work, claim, file)
  } catch (thrown) {
    return troubled(work, claim, thrown)
  } finally {
    place.release()
  }
}

/** Pieces say nothing on the record when they come: how many there are is looked at once a week. */
async function awaitMore(work: Work, claim: Claim<'imageimport'>, { wish, seen }: ImportRecord): Promise<After> {
  const now = work.clock.now()
  const lookAt = Math.max(wish.createdAt, seen.at) + SILENT_MS
  if (now < lookAt) return { at: lookAt }
  const bytes = await work.images.upload(claim.ref.id).size()
  if (bytes === seen.bytes) return end(work, claim, 'nothing came of it for a week')
  await write(work, claim, { bytes }, 'import-coming')
  return { at: now + SILENT_MS }
}

async function complete(
  work: Work,
  claim: Claim<'imageimport'>,
  file: NonNullable<ImportSeen['file']>,
): Promise<After> {
  const now = work.clock.now()
  const done: Partial<ImportSeen> = {
    ...{ state: 'completed', file, bytes: file.bytes, total: file.bytes },
    ...{ message: null, failures: 0, completedAt: now },
  }
  if (!(await write(work, claim, done, 'import-completed'))) return 'overtaken'
  await tell(work, claim)
  await drop(work, claim)
  return { at: now + SHOWN_MS }
}

/** The pieces, once it is written down what became of them: whoever is killed in between, or has no store then, leaves them until the record goes. */
const drop = (work: Work, { ref }: Claim<'imageimport'>): Promise<void> =>
  work.images
    .upload(ref.id)
    .discard()
    .catch((err: unknown) => work.log.info({ err, import: ref.id }, 'pieces of an import are left for now'))

/** The image that waits for it looks again. */
async function tell(work: Work, { record: { wish } }: Claim<'imageimport'>): Promise<void> {
  if (wish.image === null) return
  const refs = [{ kind: 'image', id: wish.image } as const]
  await work.store.wake(refs, work.clock.now())
  await work.queue.add(refs)
}

async function end(work: Work, claim: Claim<'imageimport'>, message: string): Promise<After> {
  const now = work.clock.now()
  if (!(await write(work, claim, { state: 'failed', message, completedAt: now }, 'import-failed'))) return 'overtaken'
  await tell(work, claim)
  await drop(work, claim)
  return { at: now + SHOWN_MS }
}

async function cancel(work: Work, claim: Claim<'imageimport'>): Promise<Next> {
  await work.images.upload(claim.ref.id).discard()
  const now = work.clock.now()
  await write(work, claim, { state: 'cancelled', message: 'it was cancelled', completedAt: now }, 'import-cancelled')
  return { at: now + KEPT_MS }
}

/** A piece that was under way when it ended may have come after all. */
async function afterwards(work: Work, claim: Claim<'imageimport'>, { wish, seen }: ImportRecord): Promise<Next> {
  const now = work.clock.now()
  const until = (seen.completedAt ?? seen.at) + (wish.exists ? SHOWN_MS : KEPT_MS)
  if (now < until) return { at: until }
  await work.images.upload(claim.ref.id).discard()
  const releases = wish.task === null ? [] : [{ hash: 'names', field: wish.task.name }]
  return (await across(work, 'forget', claim.ref, () => work.store.forget(claim, releases, now)))
    ? 'forgotten'
    : { at: now }
}

/** What is wrong with the file or its address stays wrong; all else is tried again. */
async function troubled(work: Work, claim: Claim<'imageimport'>, thrown: unknown): Promise<After> {
  const fault = asFault(thrown)
  if (fault.kind === 'internal') throw thrown
  const current = (await work.store.read('imageimport', claim.ref.id))?.seen ?? claim.record.seen
  const failures = current.failures + 1
  work.log.info({ import: claim.ref.id, fault: fault.kind, message: fault.message, failures }, 'no import')
  // Another process added a piece at the same time, or stored it: what is there now tells.
  if (fault.kind === 'conflict' && fault.detail.reason === 'offset') return { at: work.clock.now() + LOOK_AGAIN_MS }
  const isOver = !fault.retriable || failures >= ENOUGH
  if (isOver) return end(work, claim, fault.message)
  await write(work, claim, { failures, message: fault.message }, 'import-waits')
  return { at: work.clock.now() + afterFailures(failures) }
}
