/**
 * The job of one image: while it is pending it looks whether the imports and snapshots that it is made of have come to an end;
 * once it is deregistered it stays, hidden, as long as a machine of it is left (a new definition needs its kernel); and it reads
 * its files when an operator ordered that.
 */
import {
  type FileSource,
  filesOf,
  IMAGE_PARTS,
  type ImageRecord,
  type ImageSeen,
} from '../../../src/model/image-records'
import type { ImageFile } from '../../../src/model/images'
import type { Claim } from '../../../src/store/store'
import { forgetNamed } from '../forget'
import { across, type Next, type Work } from '../work'
import { writeSeen } from '../write-seen'
import { checkFiles } from './check-files'

/** How often it is looked whether somebody still needs it, and whether what it waits for has come, ms. */
const NEEDED_MS = 60_000
const WAITS_MS = 15_000

export async function reconcileImage(work: Work, id: string): Promise<void> {
  const ref = { kind: 'image', id } as const
  const claim = await across(work, 'claim', ref, () => work.store.claim('image', id, work.clock.now()))
  if (!claim) return
  const next = await pursue(work, claim, claim.record)
  if (next === 'forgotten') return
  await across(work, 'settle', ref, () => work.store.settle(claim, next.at, work.clock.now()))
}

async function pursue(work: Work, claim: Claim<'image'>, record: ImageRecord): Promise<Next> {
  const { wish, seen } = record
  const now = work.clock.now()
  if (!wish.exists) {
    if (await isNeeded(work, record)) return { at: now + NEEDED_MS }
    // Its name was given back when it was deregistered.
    return forgetNamed(work, claim, wish.ami)
  }
  if (seen.state === 'pending') {
    const came = await gather(work, record)
    if (came === undefined) return { at: now + WAITS_MS }
    await writeSeen(work, claim, { ...seen, ...came }, `image-${came.state}`)
    return { at: null }
  }
  if ((wish.checks ?? 0) > (seen.checks ?? 0)) {
    const wrong = await checkFiles(work.images, Object.values(filesOf(record)))
    const checked = { at: work.clock.now(), wrong }
    await writeSeen(work, claim, { ...seen, checks: wish.checks ?? 0, checked }, 'image-checked')
  }
  return { at: null }
}

async function isNeeded(work: Work, { id }: ImageRecord): Promise<boolean> {
  const computes = await work.store.readAll('compute')
  return computes.some(({ wish, seen }) => wish.image === id && seen.goneAt === null)
}

type Came = Pick<ImageSeen, 'state' | 'files' | 'message'>
type Part = { readonly file: ImageFile | null } | { readonly failed: string } | undefined

/** Undefined: something is still on its way. */
async function gather(work: Work, { wish }: ImageRecord): Promise<Came | undefined> {
  const files: Partial<Record<(typeof IMAGE_PARTS)[number], ImageFile>> = {}
  for (const part of IMAGE_PARTS) {
    const source = wish.sources?.[part]
    if (source === undefined) continue
    const came = await lookAt(work, source)
    if (came === undefined) return undefined
    if ('failed' in came) return { state: 'failed', message: `${part}: ${came.failed}` }
    if (came.file === null) continue
    // Should it have been swept away between its storing and now.
    if (!(await work.images.stat(came.file.sha256))) return { state: 'failed', message: `${part}: its file is lost` }
    files[part] = came.file
  }
  return { state: 'available', files }
}

async function lookAt(work: Work, source: FileSource): Promise<Part> {
  if (source.from === 'import') {
    const found = await work.store.read('imageimport', source.id)
    if (!found?.wish.exists) return { failed: 'its import was cancelled' }
    if (found.seen.state === 'failed') return { failed: found.seen.message ?? 'it did not come' }
    return found.seen.state === 'completed' ? { file: found.seen.file } : undefined
  }
  const found = await work.store.read('snapshot', source.id)
  if (!found) return { failed: 'its snapshot is not there any more' }
  if (found.seen.state === 'error') return { failed: found.seen.message ?? 'its snapshot failed' }
  // A snapshot of a simulated disk has no file: the image has none either.
  return found.seen.state === 'completed' ? { file: found.seen.file } : undefined
}
