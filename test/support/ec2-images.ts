/** Images and snapshots of a project as their jobs leave them, with no worker there. */
import type { SnapshotId } from '../../src/model/ids'
import type { ImageRecord } from '../../src/model/records'
import { SNAPSHOT_NEVER_SEEN, SNAPSHOT_NOTHING_DONE } from '../../src/model/storage'
import type { Caller } from '../../src/operations/context'
import type { Gateways } from './gateways'

export const FILE = { algorithm: 'sha256', hex: 'ab'.repeat(32) } as const

/** An image of the project's own that is made of files, as an upload leaves it. */
export async function uploaded({ first, store, clock }: Gateways, caller: Caller, name: string): Promise<ImageRecord> {
  const disk = { from: 'upload', bytes: 5000, digest: FILE } as const
  const { image, imports } = await first.operations.addImage(caller, { name, parts: { disk }, description: 'mine' })
  const claim = await store.claim('image', image.id, clock.now())
  if (!claim) throw new Error('no image')
  const file = { sha256: FILE.hex, bytes: 5000, format: 'raw', sizeGiB: 4 } as const
  await store.observe(claim, { seen: { state: 'available', files: { disk: file } }, what: 'test' }, 1)
  const task = await store.claim('imageimport', imports[0]?.id ?? '', clock.now())
  if (task)
    await store.observe(
      task,
      { seen: { ...task.record.seen, state: 'completed', file, completedAt: 1 }, what: 'test' },
      1,
    )
  return image
}

/** A completed one of 7 GiB. */
export async function snapshot(
  { store, clock, site }: Gateways,
  caller: Caller,
  parts: { readonly sharedWith?: string[] } = {},
): Promise<string> {
  const id = '99999999-0000-4000-8000-000000000001' as SnapshotId
  const name = 'snap-0123456789abcdef0'
  const wish = {
    ...{ exists: true, name, of: { kind: 'file' }, volume: 'vol-ffffffff', sizeGiB: 7, description: '', tags: {} },
    ...{ sharedWith: parts.sharedWith ?? [], createdAt: 1, createdBy: 'x', deletedAt: null },
  }
  const seen = { ...SNAPSHOT_NEVER_SEEN, state: 'completed' }
  const ref = { kind: 'snapshot', id } as const
  const create = { ref, project: caller.project, wish, seen, journal: SNAPSHOT_NOTHING_DONE, place: null, wake: false }
  await store.change(
    {
      operationId: `snapshot-${site}`,
      actor: caller.actor,
      what: 'test',
      creates: [create],
      takes: [{ hash: 'names', field: name, value: `snapshot:${id}` }],
    },
    clock.now(),
  )
  return name
}

/** As its job leaves it once its snapshot is completed. */
export async function available({ first, store, clock }: Gateways, caller: Caller, ami: string): Promise<void> {
  const image = (await first.operations.listImages(caller)).find(({ wish }) => wish.ami === ami)
  const claim = image && (await store.claim('image', image.id, clock.now()))
  if (!claim) throw new Error('no image')
  const file = { sha256: FILE.hex, bytes: 5000, format: 'raw', sizeGiB: 7 } as const
  await store.observe(claim, { seen: { state: 'available', files: { disk: file } }, what: 'test' }, 1)
}
