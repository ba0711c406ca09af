/** Where the disk of a snapshot is now. */
import type { HostId } from '../../../src/model/ids'
import type { SnapshotRecord, SnapshotSource, VolumeSource } from '../../../src/model/storage'
import type { Work } from '../work'

export type Found =
  | { readonly is: 'there'; readonly source: SnapshotSource }
  /** It will be there, or its host will be heard of. */
  | { readonly is: 'awaited'; readonly because: string }
  /** A volume that nothing was written to: it has what it is to be made of, null for zeros. */
  | { readonly is: 'unmade'; readonly of: VolumeSource | null }
  | { readonly is: 'gone'; readonly because: string }

export async function findDisk(work: Work, { wish: { of } }: SnapshotRecord): Promise<Found> {
  if (of.kind === 'file') return { is: 'gone', because: 'it has no disk' }
  if (of.kind === 'storage') {
    const storage = await work.store.read('storage', of.id)
    if (storage === undefined) return { is: 'gone', because: 'its volume is gone' }
    const { place, wish, seen } = storage
    const host = place.host
    // Announced, and nobody knows yet: it may be there.
    if (host === null || (seen.madeAt === null && storage.journal.intent === null))
      return { is: 'unmade', of: wish.source ?? null }
    if (seen.sizeGiB === null)
      return seen.madeAt === null
        ? { is: 'awaited', because: 'its volume is being made' }
        : { is: 'gone', because: 'the disk of its volume is gone' }
    return { is: 'there', source: { host, resource: wish.name, disk: wish.name } }
  }
  const compute = await work.store.read('compute', of.id)
  if (compute === undefined || compute.seen.goneAt !== null) return { is: 'gone', because: 'its machine is gone' }
  const { wish, seen, place } = compute
  const disk = `${wish.name}-${of.disk}`
  const host: HostId | null = place.host
  if (host === null || !seen.machine?.disks.some((one) => one.name === disk))
    return wish.exists
      ? { is: 'awaited', because: 'the disk of its machine is not there yet' }
      : { is: 'gone', because: 'the disk of its machine is gone' }
  return { is: 'there', source: { host, resource: wish.name, disk } }
}
