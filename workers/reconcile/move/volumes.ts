/**
 * The volumes of a machine that is to be moved: each is claimed, so that no older job of it can begin anything any more, looked at
 * on both hosts, so that neither takes an older command, and told to wait. One that is being changed cannot go along.
 */
import { asFault, type Fault, outcomeUnknown } from '../../../src/faults'
import { isUnsettled } from '../../../src/model/intents'
import type { ComputeRecord, Moving } from '../../../src/model/records'
import type { StorageJournal, StorageRecord } from '../../../src/model/storage'
import type { Claim } from '../../../src/store/store'
import type { Driver, HostTarget } from '../../drivers/driver'
import { within } from '../within'
import { across, type Work } from '../work'

/** How soon a volume's job looks whether the move is over, ms. */
const AGAIN_MS = 1000

interface Between {
  readonly driver: Driver
  readonly targets: readonly HostTarget[]
}

/** '' when all wait to be taken; else why one cannot go along, or the silence of a host. Faults thrown: stale, busy. */
export async function takeVolumesAlong(
  work: Work,
  record: ComputeRecord,
  moving: Moving,
  between: Between,
): Promise<string | Fault> {
  for (const id of moving.volumes) {
    const ref = { kind: 'storage', id } as const
    const claim = await across(work, 'claim', ref, () => work.store.claim('storage', id, work.clock.now()))
    if (!claim) return 'a volume of it is not there any more'
    const isAtRest = claim.record.place.host === record.place.host && isIdle(claim.record)
    const taken = isAtRest
      ? await take(work, claim, record, between)
      : `its volume ${claim.record.wish.name} is being changed`
    const now = work.clock.now()
    await work.store.settle(claim, taken === '' ? now + AGAIN_MS : now, now)
    if (taken !== '') return taken
  }
  return ''
}

const isIdle = ({ journal: { intent }, seen }: StorageRecord): boolean => seen.sizeGiB !== null && !isUnsettled(intent)

async function take(
  work: Work,
  claim: Claim<'storage'>,
  { id }: ComputeRecord,
  { driver, targets }: Between,
): Promise<'' | Fault> {
  const { ref, record, epoch } = claim
  try {
    for (const target of targets)
      await across(work, 'look', ref, () => within(driver.find(target, { resource: record.wish.name, epoch })))
  } catch (thrown) {
    const fault = asFault(thrown)
    if (!outcomeUnknown(fault)) throw thrown
    return fault
  }
  const waits: StorageJournal = { ...record.journal, moving: id }
  const observation = { journal: waits, what: 'storage-travels' }
  await across(work, 'result', ref, () => work.store.observe(claim, observation, work.clock.now()))
  return ''
}
