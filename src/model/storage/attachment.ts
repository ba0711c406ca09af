/**
 * Whether a volume hangs on a machine: a pure view of the machine's record. What its host was last seen to have counts, and an
 * attaching that was announced and whose outcome nobody knows: until that is known, the volume may be there.
 */
import { isUnsettled } from '../intents'
import type { ComputeRecord } from '../records'
import type { Holder, StorageRecord, VolumeWish } from './record'

export type AttachmentState = 'attaching' | 'attached' | 'detaching'

export interface Attachment {
  readonly holder: Holder
  readonly state: AttachmentState
}

export const volumesOf = ({ wish }: Pick<ComputeRecord, 'wish'>): readonly VolumeWish[] => wish.volumes ?? []

/** Whether its host was seen to have the volume attached to the machine. */
export const isAttached = ({ seen }: Pick<ComputeRecord, 'seen'>, volume: string): boolean =>
  seen.machine?.disks.some((disk) => disk.name === volume && disk.attached) ?? false

/** Whether the machine has, or may have, the volume. What is gone has nothing. */
export function mayHold(compute: ComputeRecord | undefined, volume: string): boolean {
  if (compute === undefined || compute.seen.goneAt !== null) return false
  const { intent } = compute.journal
  const isTried =
    intent?.step === 'attach' && intent.direction === 'up' && intent.item === volume && isUnsettled(intent)
  return isTried || isAttached(compute, volume)
}

/** The volume's one attachment as it stands; undefined: it is free. `find` gives the machines that the record names. */
export function attachmentOf(
  { wish }: StorageRecord,
  find: (id: Holder['compute']) => ComputeRecord | undefined,
): Attachment | undefined {
  const { holder, former } = wish
  if (holder !== null) {
    const compute = find(holder.compute)
    return { holder, state: compute && isAttached(compute, wish.name) ? 'attached' : 'attaching' }
  }
  return former !== null && mayHold(find(former.compute), wish.name)
    ? { holder: former, state: 'detaching' }
    : undefined
}
