/**
 * The end of an interface that was unlinked: its address and MAC address are free as soon as a look by this claim shows the machine
 * without it. Until then they stay taken, so that no two machines ever have one. The look has ended what an older claim had under
 * way, and no older intent can follow (the wish has another generation), so it does not come back.
 *
 * `seen.freed` and the release are one write: nothing is released twice, when somebody else may have it by then.
 */
import { type ComputeRecord, type ComputeSeen, type InterfaceWish, leavingInterfaces } from '../../src/model/records'
import type { Claim } from '../../src/store/store'
import { leasesOfInterfaces } from './place-given-up'
import { across, type Work } from './work'

/** Those that can be let go now. A memory image knows the devices that it had. */
export function letGoable(record: ComputeRecord): readonly InterfaceWish[] {
  const { seen, place } = record
  const waiting = leavingInterfaces(record)
  if (waiting.length === 0) return []
  if (place.host === null) return waiting
  const { machine } = seen
  // What is taken over has them until it is: its host shows nothing of it before.
  if (record.wish.adopted && machine?.id == null) return []
  if (machine === null || machine.domain === 'saved' || machine.work !== null) return []
  return waiting.filter(({ mac }) => !machine.interfaces.includes(mac))
}

/** Whether an interface of it still holds what it was leased. */
export const isLettingGo = (record: ComputeRecord): boolean => leavingInterfaces(record).length > 0

/** What was seen, with those as freed; nothing is remembered of what the wish names no more. */
export const freed = ({ wish, seen }: ComputeRecord, gone: readonly InterfaceWish[]): ComputeSeen => ({
  ...seen,
  freed: [
    ...(seen.freed ?? []).filter((name) => wish.leaving?.some((one) => one.name === name)),
    ...gone.map(({ name }) => name),
  ],
})

/** The record as it is then; undefined when a newer claim came. `record.seen` is that of a look by this claim. */
export async function letGo(
  work: Work,
  claim: Claim<'compute'>,
  record: ComputeRecord,
): Promise<ComputeRecord | undefined> {
  const gone = letGoable(record)
  if (gone.length === 0) return record
  const seen = freed(record, gone)
  const releases = leasesOfInterfaces(gone)
  const now = work.clock.now()
  const written = await across(work, 'result', claim.ref, () =>
    work.store.observe(claim, { seen, releases, what: 'compute-interface-freed' }, now),
  )
  return written ? { ...record, seen } : undefined
}
