/** What an address's journal becomes, beside what every journal of effects does (../effect-journal.ts). Pure. */
import {
  ADDRESS_NOTHING_DONE,
  type AddressIntent,
  type AddressJournal,
  type AddressRecord,
} from '../../../src/model/records'
import { type Announced, announced, stuckFor } from '../effect-journal'
import { formatKey } from '../key'
import { type AddressDeed, isSameDeed, repeatedIntent } from './plan'

export const journalOf = ({ journal }: AddressRecord): AddressJournal => journal ?? ADDRESS_NOTHING_DONE

/** The former intent while its outcome is unknown, else a new attempt. */
export const announceAddress = (
  record: AddressRecord,
  { step, direction, object }: AddressDeed,
  now: number,
): Announced<AddressIntent> => {
  const deed: AddressDeed = { step, direction, object }
  return announced(journalOf(record), {
    repeated: repeatedIntent(record, deed),
    draw: (attempt) => {
      const key = formatKey({ id: record.id, step, direction, attempt })
      return { key, ...deed, attempt, at: now, outcome: 'open' }
    },
    isSame: (former) => isSameDeed(former, deed),
  })
}

/** Nobody gets another one in its stead. */
export const vanishedAddress = (journal: AddressJournal, now: number): AddressJournal =>
  stuckFor(journal, 'its provider has it no more: somebody else gave it back there', now)
