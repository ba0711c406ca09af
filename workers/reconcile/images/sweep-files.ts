/**
 * Removes files of the image store that no image, snapshot, unmade volume or import names. A file is named only some time after it was
 * stored (and stored again, should it have been there already), so young ones are left alone.
 *
 * What is named is known of this site's records only. So nobody removes anything of a store that several sites use (another region on the
 * same data folder), nor does a site that names nothing at all: its Redis may be empty until a backup is put back.
 */
import { UNNAMED_MS } from '../../../src/images/image-store'
import { filesOf } from '../../../src/model/image-records'
import { across, type Work } from '../work'

/** How often, ms. */
export const SWEEP_FILES_MS = 3_600_000

export async function reconcileFiles(work: Work): Promise<void> {
  const ref = { kind: 'files', id: 'site' } as const
  const claim = await across(work, 'claim', ref, () => work.store.claim('files', 'site', work.clock.now()))
  if (!claim) return
  await sweepFiles(work)
  const now = work.clock.now()
  await across(work, 'settle', ref, () => work.store.settle(claim, now + SWEEP_FILES_MS, now))
}

async function sweepFiles(work: Work): Promise<void> {
  const sites = await work.images.sites(work.store.site)
  const old: string[] = []
  for await (const { sha256, writtenAt = work.clock.now() } of work.images.list())
    if (work.clock.now() - writtenAt > UNNAMED_MS) old.push(sha256)
  if (old.length === 0) return
  // Read after the list: what was named in between is not swept away.
  const named = await namedFiles(work)
  if (named.size === 0 || sites.length > 1)
    return work.log.warn({ files: old.length, named: named.size, sites }, 'no file is removed from the image store')
  for (const sha256 of old) {
    if (named.has(sha256)) continue
    const now = await work.images.stat(sha256)
    if (now === undefined || work.clock.now() - (now.writtenAt ?? 0) <= UNNAMED_MS) continue
    await work.images.remove(sha256)
    work.log.info({ sha256, bytes: now.bytes }, 'a file that nobody names was removed')
  }
}

async function namedFiles({ store }: Work): Promise<ReadonlySet<string>> {
  const [images, snapshots, volumes, imports] = await Promise.all([
    store.readAll('image'),
    store.readAll('snapshot'),
    store.readAll('storage'),
    store.readAll('imageimport'),
  ])
  const files = [
    ...images.flatMap((image) => Object.values(filesOf(image))),
    ...snapshots.flatMap(({ seen }) => seen.file ?? []),
    // Ordered of a snapshot that may be gone, and not made yet.
    ...volumes.flatMap(({ wish, seen }) => (seen.madeAt === null && wish.source?.file ? [wish.source.file] : [])),
    ...imports.flatMap(({ wish, seen }) => (wish.exists && seen.file ? [seen.file] : [])),
  ]
  return new Set(files.map(({ sha256 }) => sha256))
}
