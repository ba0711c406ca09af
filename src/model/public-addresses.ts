/** Whether public addresses lead to machines: pure views of their records. */
import { type AddressRecord, type PublicWish, parsePublishItem } from './address-records'
import type { ComputeId } from './ids'
import { isUnsettled } from './intents'
import { ipOf, isLeased } from './provider-addresses'
import type { ComputeRecord } from './records'

export const publicsOf = ({ wish }: Pick<ComputeRecord, 'wish'>): readonly PublicWish[] => wish.publics ?? []

/** Whether its host was seen to publish the address for the machine. */
export const isPublished = ({ seen }: Pick<ComputeRecord, 'seen'>, ip: string): boolean =>
  seen.machine?.publics?.some((one) => one.ip === ip) ?? false

/** Whether a machine has, or may have, the address: one that was announced and whose outcome nobody knows may be there. */
export function mayPublish(compute: ComputeRecord | undefined, ip: string): boolean {
  if (compute === undefined || compute.seen.goneAt !== null) return false
  const { intent } = compute.journal
  const isTried = intent?.step === 'publish' && isUnsettled(intent) && parsePublishItem(intent.item).ips.includes(ip)
  return isTried || isPublished(compute, ip)
}

/** Those of the former holders that may still have it. `find` gives the machines. */
export const remainingFormers = (
  record: Pick<AddressRecord, 'wish' | 'seen'>,
  find: (id: ComputeId) => ComputeRecord | undefined,
): readonly ComputeId[] => record.wish.formers.filter((id) => mayPublish(find(id), ipOf(record)))

/** `allocating`, `releasing`: its provider has not said yet which one it is, or has not taken it back yet. */
export type AddressState = 'allocating' | 'free' | 'associating' | 'associated' | 'disassociating' | 'releasing'

/** An address as it stands: a pure view of its record and of the machines that it names. */
export function addressState(record: AddressRecord, find: (id: ComputeId) => ComputeRecord | undefined): AddressState {
  const { holder } = record.wish
  const ip = ipOf(record)
  if (!isLeased(record)) return 'releasing'
  if (ip === '') return 'allocating'
  if (holder === null) return remainingFormers(record, find).length > 0 ? 'disassociating' : 'free'
  const compute = find(holder.compute)
  return compute !== undefined && isPublished(compute, ip) ? 'associated' : 'associating'
}
