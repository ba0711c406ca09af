/** What a volume's journal becomes: announcing an effect, and each way in which one can come out. Pure. */
import type { Fault } from '../../../src/faults'
import type { HostId } from '../../../src/model/ids'
import type { StorageIntent, StorageJournal, StorageRecord } from '../../../src/model/storage'
import { repeatedStorage, type StorageDeed } from './plan'

/** Refusals in a row after which it is told as stuck. */
export const STORAGE_TRIES = 5

export interface StorageAnnounced {
  readonly journal: StorageJournal
  readonly intent: StorageIntent
}

/** The former intent while its outcome is unknown, else a new attempt. */
export function announceStorage(record: StorageRecord, deed: StorageDeed, host: HostId, now: number): StorageAnnounced {
  const { journal } = record
  const open = repeatedStorage(record, deed)
  if (open) {
    const intent: StorageIntent = { ...open, outcome: 'open' }
    return { journal: { ...journal, intent }, intent }
  }
  const attempt = journal.attempts + 1
  const { step, direction, sizeGiB } = deed
  const key = `${record.id}/${step}/${direction}/${attempt}`
  const intent: StorageIntent = { key, step, direction, attempt, host, at: now, sizeGiB, outcome: 'open' }
  const former = journal.intent
  const inARow = former?.step === step && former.direction === direction && former.sizeGiB === sizeGiB
  const kept = inARow ? journal : { ...journal, failures: 0, trouble: null, stuck: null }
  return { journal: { ...kept, intent, attempts: attempt }, intent }
}

const ended = (journal: StorageJournal, outcome: StorageIntent['outcome']): StorageJournal => ({
  ...journal,
  intent: journal.intent && { ...journal.intent, outcome },
})

export const doneStorage = (journal: StorageJournal): StorageJournal => ({
  ...ended(journal, 'done'),
  failures: 0,
  trouble: null,
  stuck: null,
})

export const underWayStorage = (journal: StorageJournal): StorageJournal => ended(journal, 'running')

/** No answer: the intent stays open. The time of the first silence stays, delays grow with it. */
export function troubled(journal: StorageJournal, kind: string, message: string, now: number): StorageJournal {
  const { trouble } = journal
  return trouble?.kind === kind && trouble.message === message
    ? journal
    : { ...journal, trouble: { kind, message, at: trouble?.kind === kind ? trouble.at : now } }
}

/** Its host said no, and would again. */
export function refusedStorage(
  journal: StorageJournal,
  fault: Pick<Fault, 'kind' | 'message'>,
  now: number,
): StorageJournal {
  const failures = journal.failures + 1
  const told = { ...troubled(ended(journal, 'failed'), fault.kind, fault.message, now), failures }
  const isStuck = failures >= STORAGE_TRIES || fault.kind === 'unsupported'
  return isStuck ? { ...told, stuck: journal.stuck ?? { since: now, message: fault.message } } : told
}

export const vanished = (journal: StorageJournal, now: number): StorageJournal => ({
  ...journal,
  stuck: journal.stuck ?? { since: now, message: 'its disk is gone from its host; what was on it is lost' },
})
