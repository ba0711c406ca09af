/**
 * The caller's volumes as EC2 counts them: those that have records of their own, and the root disk of each machine, which lives
 * in its machine's record.
 */
import { fault } from '../../faults'
import { isShortName } from '../../model/ids'
import type { ComputeRecord, DiskWish } from '../../model/records'
import type { VolumeType } from '../../model/storage'
import type { StorageView } from '../../operations/storage/operations'
import type { Ec2Context } from '../action'
import { shorten } from '../codec'
import { pick } from '../filters/pick'

export type Volume =
  | ({ readonly is: 'volume' } & StorageView)
  | { readonly is: 'root'; readonly compute: ComputeRecord; readonly disk: DiskWish }

const MAX_VOLUMES = 1000

export const volumeName = (volume: Volume): string =>
  volume.is === 'volume' ? volume.record.wish.name : volume.disk.volume

/** gp2 where nothing was said. */
export const typeOfVolume = (volume: Volume): VolumeType =>
  volume.is === 'volume' ? volume.record.wish.type : (volume.disk.volumeType ?? 'gp2')

export const volumeMadeAt = (volume: Volume): number =>
  volume.is === 'volume' ? volume.record.wish.createdAt : volume.compute.wish.createdAt

/** All, in order of creation. A machine's root disk goes with its machine. */
export async function allVolumes({ operations, caller }: Ec2Context): Promise<readonly Volume[]> {
  const [volumes, computes] = await Promise.all([operations.listStorages(caller), operations.listComputes(caller)])
  const roots = computes
    .filter(({ seen }) => seen.goneAt === null)
    .flatMap((compute) => compute.wish.disks.map((disk): Volume => ({ is: 'root', compute, disk })))
  const own = volumes.map((view): Volume => ({ is: 'volume', ...view }))
  return [...roots, ...own].sort((a, b) => volumeMadeAt(a) - volumeMadeAt(b))
}

/** Those of these ids, or all. Faults: 'malformed', 'too-large', 'not-found' naming all that are not there. */
export async function volumesAsked(
  ids: readonly string[] | undefined,
  context: Ec2Context,
): Promise<readonly Volume[]> {
  if ((ids?.length ?? 0) > MAX_VOLUMES)
    throw fault('too-large', `The request names more than ${MAX_VOLUMES} volumes`, { field: 'VolumeId' })
  for (const id of ids ?? []) refuseMalformed(id)
  return pick(await allVolumes(context), ids, {
    nameOf: volumeName,
    field: 'VolumeId',
    subject: 'storage',
    says: (missing) => `The volume '${missing}' does not exist.`,
  })
}

function refuseMalformed(id: string): void {
  if (isShortName('storage', id)) return
  throw fault('malformed', `Invalid id: "${shorten(id)}" (expecting "vol-...")`, {
    field: 'VolumeId',
    subject: { kind: 'storage', id: shorten(id) },
  })
}

/** The one volume that an action is about. Faults: 'missing', 'malformed', 'not-found'. */
export async function volumeNamed(id: string | undefined, context: Ec2Context): Promise<Volume> {
  const missing = fault('missing', 'The request must contain the parameter VolumeId', { field: 'VolumeId' })
  if (!id) throw missing
  const [volume] = await volumesAsked([id], context)
  if (!volume) throw missing
  return volume
}

/** The same, where a root disk cannot be meant: `refusal` says why not. */
export async function ownVolume(
  id: string | undefined,
  context: Ec2Context,
  refusal: (volume: Extract<Volume, { readonly is: 'root' }>) => Error,
): Promise<StorageView> {
  const volume = await volumeNamed(id, context)
  if (volume.is === 'root') throw refusal(volume)
  return volume
}

/** A root disk hangs on its machine for as long as that lives ('in-use'). */
export const rootInUse = ({ compute, disk }: Extract<Volume, { readonly is: 'root' }>) =>
  fault('in-use', `${disk.volume} is the root disk of ${compute.wish.name} and is removed with it`, {
    subject: { kind: 'storage', id: disk.volume },
  })
