/** What an address's journal becomes: announcing an effect, and each way in which one can come out. Pure. */
import type { Fault } from '../../../src/faults'
import {
  ADDRESS_NOTHING_DONE,
  type AddressIntent,
  type AddressJournal,
  type AddressRecord,
} from '../../../src/model/records'
import { STORAGE_TRIES } from '../storage/journal'
import { type AddressDeed, repeatedIntent } from './plan'

export const journalOf = ({ journal }: AddressRecord): AddressJournal => journal ?? ADDRESS_NOTHING_DONE

/** The former intent while its outcome is unknown, else a new attempt. */
export function announceAddress(
  record: AddressRecord,
  deed: AddressDeed,
  now: number,
): { readonly journal: AddressJournal; readonly intent: AddressIntent } {
  const journal = journalOf(record)
  const former = repeatedIntent(record, deed)
  if (former) {
    const intent: AddressIntent = { ...former, outcome: 'open' }
    return { journal: { ...journal, intent }, intent }
  }
  const attempt = journal.attempts + 1
  const { step, direction, object } = deed
  const key = `${record.id}/${step}/${direction}/${attempt}`
  const intent: AddressIntent = { key, step, direction, attempt, at: now, object, outcome: 'open' }
  const { intent: last } = journal
  const inARow = last?.step === step && last.direction === direction && last.object === object
  const kept = inARow ? journal : { ...journal, failures: 0, trouble: null, stuck: null }
  return { journal: { ...kept, intent, attempts: attempt }, intent }
}

const ended = (journal: AddressJournal, outcome: AddressIntent['outcome']): AddressJournal => ({
  ...journal,
  intent: journal.intent && { ...journal.intent, outcome },
})

export const doneAddress = (journal: AddressJournal): AddressJournal => ({
  ...ended(journal, 'done'),
  failures: 0,
  trouble: null,
  stuck: null,
})

export const underWayAddress = (journal: AddressJournal): AddressJournal => ended(journal, 'running')

/** No answer, or no room: the intent stays as it is. The time of the first such trouble stays, delays grow with it. */
export function troubledAddress(
  journal: AddressJournal,
  { kind, message }: { readonly kind: string; readonly message: string },
  now: number,
): AddressJournal {
  const { trouble } = journal
  if (trouble?.kind === kind && trouble.message === message) return journal
  return { ...journal, trouble: { kind, message, at: trouble?.kind === kind ? trouble.at : now } }
}

/** Its provider said no, and would again. */
export function refusedAddress(
  journal: AddressJournal,
  { message }: Pick<Fault, 'message'>,
  now: number,
): AddressJournal {
  const failures = journal.failures + 1
  const told = { ...troubledAddress(ended(journal, 'failed'), { kind: 'refused', message }, now), failures }
  return failures < STORAGE_TRIES ? told : { ...told, stuck: journal.stuck ?? { since: now, message } }
}

const VANISHED = 'its provider has it no more: somebody else gave it back there'

/** Nobody gets another one in its stead. */
export const vanishedAddress = (journal: AddressJournal, now: number): AddressJournal => ({
  ...journal,
  stuck: journal.stuck ?? { since: now, message: VANISHED },
})
