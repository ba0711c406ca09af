/**
 * The job of one image on its way to a provider: claim -> begin (the object, written down before the first byte) -> a slice of pieces -> the
 * registration -> settle. Whoever comes next goes on where the record says; a killed worker costs at most what it sent in a second.
 *
 * A provider has no guard, and a lost answer may leave a second object: it bears our mark, and is removed when all is there and once more a
 * minute later.
 */
import { buffer } from 'node:stream/consumers'
import { asFault, fault } from '../../../src/faults'
import { compareEpochs } from '../../../src/model/epoch'
import type { ImageFile } from '../../../src/model/images'
import {
  exportHasEnded,
  fileToExport,
  type HostRecord,
  type ImageExportRecord,
  type ImageExportSeen,
  type ImageRecord,
} from '../../../src/model/records'
import { imageExportName } from '../../../src/store/names'
import type { Claim } from '../../../src/store/store'
import type { ImageCarrier, Parcel } from '../../drivers/driver'
import { afterFailures } from '../backoff'
import { forgetNamed } from '../forget'
import { settle } from '../settle'
import { targetOf } from '../target'
import { across, type Next, type Work } from '../work'
import { register } from './register'
import { write } from './write'

/** A job sends for so long, and says how far it came so often, ms. */
const WHILE_MS = 5_000
const TOLD_MS = 1_000
/** After the end it is looked once more what else bears the mark, ms; and so long it is shown. */
const TIDY_MS = 60_000
const SHOWN_MS = 7 * 24 * 3_600_000
/** Failures in a row after which it is given up: about a quarter of an hour. */
const ENOUGH = 20

export async function reconcileImageExport(work: Work, id: string): Promise<void> {
  const ref = { kind: 'imageexport', id } as const
  const claim = await across(work, 'claim', ref, () => work.store.claim('imageexport', id, work.clock.now()))
  if (!claim) return
  await settle(work, claim, await pursue(work, claim, claim.record))
}

async function pursue(work: Work, claim: Claim<'imageexport'>, record: ImageExportRecord): Promise<Next> {
  const host = await work.store.read('host', record.wish.provider)
  const image = await work.store.read('image', record.wish.image)
  try {
    if (exportHasEnded(record)) return await afterwards(work, claim, host, image)
    if (!record.wish.exists) return await cancel(work, claim, host, image)
    return await send(work, claim, found(host, image))
  } catch (thrown) {
    return troubled(work, claim, thrown)
  }
}

interface Places {
  readonly host: HostRecord
  readonly image: ImageRecord
  readonly file: ImageFile
}

/** Faults: 'refused'. */
function found(host: HostRecord | undefined, image: ImageRecord | undefined): Places {
  if (host?.wish.provider === undefined || host.wish.removing)
    throw fault('refused', 'its provider is not there any more')
  if (image === undefined) throw fault('refused', 'the image was removed')
  const file = fileToExport(image, host.wish.driver)
  if ('because' in file) throw fault('refused', `the image cannot be sent: ${file.because}`)
  return { host, image, file }
}

/** Faults: 'refused'. */
function carrierOf(work: Work, { wish }: HostRecord): ImageCarrier {
  const { images } = work.driver(wish.driver)
  if (images) return images
  throw fault('refused', `the driver ${wish.driver} brings no images to its provider`)
}

async function send(work: Work, claim: Claim<'imageexport'>, places: Places): Promise<Next> {
  const { host, image, file } = places
  const registered = host.wish.provider?.images[image.id]
  if (registered !== undefined) return complete(work, claim, file, registered)
  const carrier = carrierOf(work, host)
  const target = targetOf(work, host)
  const parcel: Parcel = { image: image.wish.ami, bytes: file.bytes, sha256: file.sha256 }
  const begun = await begin(work, claim, () => carrier.begin(target, parcel), parcel)
  if (begun === undefined) return { at: work.clock.now() }
  const { object } = begun
  let { bytes } = begun
  const began = work.clock.now()
  let told = began
  while (bytes < file.bytes) {
    const piece = await pieceOf(work, file, bytes, carrier.pieceBytes(file.bytes))
    const at = bytes
    await across(work, 'act', claim.ref, () => carrier.put(target, object, at, piece))
    bytes += piece.length
    const now = work.clock.now()
    const isOver = now - began >= WHILE_MS
    if (!isOver && now - told < TOLD_MS && bytes < file.bytes) continue
    told = now
    const isMine = await write(work, claim, { bytes, failures: 0, message: null }, 'image-export-sending')
    if (!isMine || isOver) return { at: work.clock.now() }
  }
  const theirs = await across(work, 'act', claim.ref, () => carrier.finish(target, object, parcel))
  if (!(await isNewest(work, claim))) return { at: work.clock.now() }
  await carrier.tidy(target, parcel.image, object)
  const isDone = await across(work, 'place', claim.ref, () => register(work, claim.record, theirs))
  return isDone ? complete(work, claim, file, theirs) : { at: work.clock.now() }
}

/** The object, as the record has it from now on; undefined: a newer claim came. */
async function begin(
  work: Work,
  claim: Claim<'imageexport'>,
  look: () => ReturnType<ImageCarrier['begin']>,
  { bytes: total }: Parcel,
): Promise<{ readonly object: string; readonly bytes: number } | undefined> {
  const { seen, wish } = claim.record
  if (seen.object !== null && seen.tries === wish.tries) return { object: seen.object, bytes: seen.bytes }
  const there = await across(work, 'look', claim.ref, look)
  // An order anew goes on with the object that it had, as far as that came.
  const bytes = there.object === seen.object ? Math.max(seen.bytes, there.bytes) : there.bytes
  const begun = { object: there.object, bytes }
  const now: Partial<ImageExportSeen> = {
    ...{ state: 'sending', tries: wish.tries, total, ...begun },
    // One that is made over and over, and never takes a byte, is given up in the end.
    ...{ message: null, failures: seen.tries === wish.tries ? seen.failures : 0, endedAt: null },
  }
  return (await write(work, claim, now, 'image-export-begun')) ? begun : undefined
}

const pieceOf = async (work: Work, { sha256, bytes }: ImageFile, from: number, size: number): Promise<Buffer> =>
  buffer(await work.images.read(sha256, { from, to: Math.min(from + size, bytes) }))

async function complete(work: Work, claim: Claim<'imageexport'>, file: ImageFile, object: string): Promise<Next> {
  const now = work.clock.now()
  const done: Partial<ImageExportSeen> = {
    ...{ state: 'completed', tries: claim.record.wish.tries, object, bytes: file.bytes, total: file.bytes },
    ...{ message: null, failures: 0, endedAt: now },
  }
  await write(work, claim, done, 'image-export-completed')
  work.log.info({ imageExport: claim.ref.id, object, bytes: file.bytes }, 'image is at its provider')
  return { at: now + TIDY_MS }
}

/** What came there goes, but for what is registered: an operator may have done that meanwhile. */
async function cancel(
  work: Work,
  claim: Claim<'imageexport'>,
  host: HostRecord | undefined,
  image: ImageRecord | undefined,
): Promise<Next> {
  try {
    await tidy(work, claim, host, image, registeredAt(host, claim.record))
  } catch (thrown) {
    // Whoever takes no images at all has refused it from the beginning, and has nothing of it.
    if (asFault(thrown).kind !== 'refused' || claim.record.seen.object !== null) throw thrown
  }
  const now = work.clock.now()
  const ended: Partial<ImageExportSeen> = {
    ...{ state: 'cancelled', tries: claim.record.wish.tries, object: null, bytes: 0 },
    ...{ message: 'it was cancelled', endedAt: now },
  }
  await write(work, claim, ended, 'image-export-cancelled')
  return { at: now + TIDY_MS }
}

const registeredAt = (host: HostRecord | undefined, { wish }: ImageExportRecord): string | null =>
  host?.wish.provider?.images[wish.image] ?? null

/** Whether nobody claimed it or ordered anything of it since: what was made then may be all there by now, and a provider knows no epochs. */
async function isNewest(work: Work, { ref, epoch, generation }: Claim<'imageexport'>): Promise<boolean> {
  const now = await work.store.read('imageexport', ref.id)
  return now?.generation === generation && compareEpochs(now.epoch, epoch) === 0
}

/** Of a provider that is gone nothing can be found any more. Whoever woke up late leaves alone what is there. */
async function tidy(
  work: Work,
  claim: Claim<'imageexport'>,
  host: HostRecord | undefined,
  image: ImageRecord | undefined,
  keep: string | null,
): Promise<void> {
  const ami = claim.record.wish.ami ?? image?.wish.ami
  if (host?.wish.provider === undefined || ami === undefined) return
  const carrier = carrierOf(work, host)
  await across(work, 'act', claim.ref, async () => {
    if (await isNewest(work, claim)) await carrier.tidy(targetOf(work, host), ami, keep)
  })
}

/** What was under way when it ended may have come after all. Of what failed nobody goes on once it is forgotten, or its image is removed. */
async function afterwards(
  work: Work,
  claim: Claim<'imageexport'>,
  host: HostRecord | undefined,
  image: ImageRecord | undefined,
): Promise<Next> {
  const { wish, seen } = claim.record
  const now = work.clock.now()
  const until = (seen.endedAt ?? now) + SHOWN_MS
  try {
    const goesOn = now < until && image?.wish.exists
    const kept = seen.state === 'failed' && !goesOn ? null : seen.object
    await tidy(work, claim, host, image, kept ?? registeredAt(host, claim.record))
  } catch (thrown) {
    const { kind, message } = asFault(thrown)
    if (kind === 'internal') throw thrown
    work.log.info({ imageExport: claim.ref.id, fault: kind, message }, 'not looked at what else came')
    // What takes no images has none, however often it is asked.
    if (kind !== 'refused' && now < until) return { at: now + TIDY_MS }
  }
  if (now < until) return { at: until }
  return forgetNamed(work, claim, imageExportName(wish))
}

/** What is refused stays refused; all else is tried again. */
async function troubled(work: Work, claim: Claim<'imageexport'>, thrown: unknown): Promise<Next> {
  const it = asFault(thrown)
  if (it.kind === 'internal') throw thrown
  const seen = (await work.store.read('imageexport', claim.ref.id))?.seen ?? claim.record.seen
  const failures = seen.failures + 1
  work.log.info({ imageExport: claim.ref.id, fault: it.kind, message: it.message, failures }, 'image is not sent')
  const now = work.clock.now()
  const { exists, tries } = claim.record.wish
  const isLost = it.kind === 'not-found'
  const isOver = exists && (failures >= ENOUGH || !(it.retriable || isLost))
  const change: Partial<ImageExportSeen> = {
    ...{ failures, message: it.message },
    // Somebody removed the object: it is made anew, from the beginning.
    ...(isLost ? { object: null, bytes: 0 } : {}),
    ...(isOver ? { state: 'failed', tries, endedAt: now } : {}),
  }
  await write(work, claim, change, isOver ? 'image-export-failed' : 'image-export-waits')
  return { at: now + (isOver ? TIDY_MS : afterFailures(failures)) }
}
