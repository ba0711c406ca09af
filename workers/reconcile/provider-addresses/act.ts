/** One effect on an address at a provider: announced, done, and what came of it written down. */
import { asFault, type Fault, outcomeUnknown } from '../../../src/faults'
import { formatEpoch } from '../../../src/model/epoch'
import type { AddressIntent, AddressJournal, AddressRecord, AddressSeen } from '../../../src/model/records'
import type { Claim } from '../../../src/store/store'
import type { AddressKeeper, AddressSighting, Effect, HostTarget } from '../../drivers/driver'
import { afterFailures, STUCK_MS, sinceSilent } from '../backoff'
import { within } from '../within'
import { across, type Next, type Work } from '../work'
import { announceAddress, doneAddress, journalOf, refusedAddress, troubledAddress, underWayAddress } from './journal'
import type { AddressDeed } from './plan'

export interface AtProvider {
  readonly keeper: AddressKeeper
  readonly target: HostTarget
}

/** Writes what was seen and what the journal became. */
export const writeAddress = (
  work: Work,
  claim: Claim<'address'>,
  change: { readonly seen?: AddressSeen; readonly journal?: AddressJournal },
  what: string,
): Promise<boolean> =>
  across(work, 'result', claim.ref, () => work.store.observe(claim, { ...change, what }, work.clock.now()))

/** Faults thrown: busy. */
export async function bringAbout(
  work: Work,
  claim: Claim<'address'>,
  record: AddressRecord,
  at: AtProvider,
  deed: AddressDeed,
): Promise<Next> {
  const began = work.clock.now()
  const { journal, intent } = announceAddress(record, deed, began)
  if (!(await across(work, 'intent', claim.ref, () => work.store.intend(claim, journal, began)))) return { at: began }
  let outcome: Effect<AddressSighting | null> | Fault
  try {
    outcome = await across(work, 'act', claim.ref, () => within(effect(claim, record, at, intent)))
  } catch (thrown) {
    outcome = asFault(thrown)
    if (outcome.kind === 'internal') throw thrown
  }
  const { step, direction } = deed
  const came = 'kind' in outcome ? outcome.kind : outcome.state
  const named = { address: record.wish.name, epoch: formatEpoch(claim.epoch), step, direction, key: intent.key }
  work.log.info({ ...named, ms: work.clock.now() - began, outcome: came }, 'step')
  const announced = { ...record, journal }
  return 'kind' in outcome ? failed(work, claim, announced, outcome) : went(work, claim, announced, outcome)
}

function effect(
  { epoch }: Claim<'address'>,
  { wish: { name } }: AddressRecord,
  { keeper, target }: AtProvider,
  { key, direction, object }: AddressIntent,
): Promise<Effect<AddressSighting | null>> {
  const ticket = { resource: name, epoch, key }
  return direction === 'up' ? keeper.allocate(target, ticket) : keeper.release(target, ticket, object)
}

async function went(
  work: Work,
  claim: Claim<'address'>,
  record: AddressRecord,
  outcome: Effect<AddressSighting | null>,
): Promise<Next> {
  const now = work.clock.now()
  if (outcome.state === 'running') {
    await writeAddress(work, claim, { journal: underWayAddress(journalOf(record)) }, '')
    return { at: now + outcome.lookAgainMs }
  }
  const given = outcome.value
  const seen = given === null ? {} : { seen: { at: now, ip: given.ip, object: given.object, goneAt: null } }
  await writeAddress(work, claim, { ...seen, journal: doneAddress(journalOf(record)) }, 'address-seen')
  return { at: now }
}

async function failed(work: Work, claim: Claim<'address'>, record: AddressRecord, fault: Fault): Promise<Next> {
  const now = work.clock.now()
  const journal = journalOf(record)
  if (outcomeUnknown(fault) || fault.kind === 'unavailable') {
    const told = troubledAddress(journal, { kind: fault.kind, message: 'its provider does not answer' }, now)
    await writeAddress(work, claim, { journal: told }, 'address-silent')
    return { at: now + sinceSilent(now, told.trouble?.at ?? now) }
  }
  if (fault.kind !== 'refused' && fault.kind !== 'unsupported') throw fault
  const refused = refusedAddress(journal, fault, now)
  await writeAddress(work, claim, { journal: refused }, 'address-refused')
  return { at: now + (refused.stuck ? STUCK_MS : afterFailures(refused.failures)) }
}
