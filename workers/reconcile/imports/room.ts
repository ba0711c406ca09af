/** What a project's limits leave for what is imported now: others may have come since it was ordered. */
import { fault } from '../../../src/faults'
import { bytesLeft, snapshotGiBLeft } from '../../../src/model/image-quota'
import type { ImportRecord } from '../../../src/model/image-records'
import type { ImageFile } from '../../../src/model/images'
import type { Work } from '../work'

/** Bytes that the file may have in all. The site's own have the limit of their order alone. */
export async function roomNow({ store }: Work, record: ImportRecord): Promise<number> {
  const { project, wish } = record
  const owner = project === null ? undefined : await store.read('project', project)
  if (owner === undefined) return wish.mostBytes
  const [images, imports, snapshots] = await Promise.all([
    store.readAll('image'),
    store.readAll('imageimport'),
    wish.snapshot === null ? [] : store.readAll('snapshot'),
  ])
  return Math.max(0, Math.min(wish.mostBytes, bytesLeft(owner, record, { images, imports, snapshots })))
}

/** A disk may be far larger than its file. Faults: 'quota'. */
export async function checkSnapshotRoom({ store }: Work, { project }: ImportRecord, file: ImageFile): Promise<void> {
  const owner = project === null ? undefined : await store.read('project', project)
  if (owner === undefined) return
  const left = snapshotGiBLeft(owner, await store.readAll('snapshot'))
  if (file.sizeGiB > left)
    throw fault('quota', `the disk has ${file.sizeGiB} GiB; the project's limit of GiB of snapshots leaves ${left}`, {
      field: 'snapshotGiB',
    })
}
