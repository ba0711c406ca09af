/** How each front names the states of a volume: pure views, never stored. */
import { isUnsettled } from '../intents'
import type { Attachment } from './attachment'
import type { StorageRecord } from './record'

/** A `down` or an `up` that its host refuses again and again, or a disk that is gone from its host. */
export const isBroken = ({ journal }: StorageRecord): boolean => journal.stuck !== null

/** EC2's state of a volume. It is made on its host when a machine first asks for it: an empty one is available at once. */
export function ec2VolumeState(
  record: StorageRecord,
  attachment: Attachment | undefined,
): 'available' | 'in-use' | 'deleting' | 'error' {
  if (!record.wish.exists) return 'deleting'
  if (attachment) return 'in-use'
  return isBroken(record) ? 'error' : 'available'
}

/** occi.storage.state (GFD.224 §3.3). */
export const occiStorageState = (record: StorageRecord): 'online' | 'offline' | 'error' =>
  isBroken(record) ? 'error' : record.wish.online ? 'online' : 'offline'

/** Actions that apply now: the level that it has not, copies of it (1.1 has words for two, the same deed), and a new size (GFD.224 §3.3). */
export const occiStorageActions = (record: StorageRecord, attachment: Attachment | undefined): readonly string[] => [
  ...(record.wish.online ? (attachment ? [] : ['offline']) : ['online']),
  'backup',
  'snapshot',
  'resize',
]

/** Whether its host still has it smaller than asked for. */
export const isGrowing = ({ wish, seen }: StorageRecord): boolean =>
  seen.sizeGiB !== null && seen.sizeGiB < wish.sizeGiB

/** What is told of a disk that is not to be made larger while a guest has it open. */
export const GROWS_STOPPED = 'it is made larger once its machine is stopped'

/** Whether it grows as soon as its machine is stopped, and nothing is done to it until then. */
export const awaitsStop = (record: StorageRecord): boolean =>
  isGrowing(record) && !isUnsettled(record.journal.intent) && isOpenStill(record)

const isOpenStill = ({ journal }: StorageRecord): boolean =>
  journal.stuck === null && journal.trouble?.message === GROWS_STOPPED

/** Whether it is being made larger, or would be if its machine were off; not what was refused, or whose host does not answer. */
export const growsWhileOff = (record: StorageRecord): boolean => {
  const { intent, stuck, trouble } = record.journal
  const isUnderWay = stuck === null && trouble === null && intent?.step === 'grow' && isUnsettled(intent)
  return isGrowing(record) && (isUnderWay || isOpenStill(record))
}

/** Why it is as it is, for its owner: never a host's name. null when there is nothing to tell. */
export function storageMessage(record: StorageRecord): string | null {
  const { journal, place } = record
  if (journal.stuck) return `${journal.stuck.message}; an operator is needed`
  if (journal.trouble) return `${journal.trouble.message}; it is tried again`
  if (isGrowing(record)) return `it grows from ${record.seen.sizeGiB} to ${record.wish.sizeGiB} GiB`
  if (place.host === null) return 'it is made on the host of the first machine that it is attached to'
  if (record.seen.pool !== undefined) return 'it lies on storage that several hosts share and survives its host'
  if (record.seen.zoneThere !== undefined) return `it lies at its provider, in ${record.seen.zoneThere} there`
  return `it lies on one host${place.simulated ? ' (simulated)' : ''} and does not survive it`
}
