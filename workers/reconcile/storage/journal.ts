/** What a volume's journal becomes, beside what every journal of effects does (../effect-journal.ts). Pure. */
import { type Fault, isThrottled } from '../../../src/faults'
import type { HostId } from '../../../src/model/ids'
import { GROWS_STOPPED, type StorageIntent, type StorageJournal, type StorageRecord } from '../../../src/model/storage'
import { type Announced, announced, done, stuckFor, troubled } from '../effect-journal'
import { formatKey } from '../key'
import { isSameDeed, repeatedStorage, type StorageDeed } from './plan'

/** The former intent while its outcome is unknown, else a new attempt. */
export const announceStorage = (
  record: StorageRecord,
  { step, direction, sizeGiB }: StorageDeed,
  host: HostId,
  now: number,
): Announced<StorageIntent> => {
  const deed: StorageDeed = { step, direction, sizeGiB }
  return announced(record.journal, {
    repeated: repeatedStorage(record, deed),
    draw: (attempt) => {
      const key = formatKey({ id: record.id, step, direction, attempt })
      return { key, ...deed, attempt, host, at: now, outcome: 'open' }
    },
    isSame: (former) => isSameDeed(former, deed),
  })
}

/** What is told of a host that says nothing of it now. */
export const silenceOf = (fault: Fault): string => (isThrottled(fault) ? fault.message : 'its host does not answer')

export const vanished = (journal: StorageJournal, now: number): StorageJournal =>
  stuckFor(journal, 'its disk is gone from its host; what was on it is lost', now)

/** No refusal: nothing was asked of its host. */
export const openStill = (journal: StorageJournal, now: number): StorageJournal => ({
  ...done(journal),
  trouble: troubled(journal, { kind: 'state', message: GROWS_STOPPED }, now).trouble,
})
