/** One effect on an address at a provider: announced, done, and what came of it written down. */
import { type Fault, isThrottled, outcomeUnknown } from '../../../src/faults'
import type { AddressIntent, AddressJournal, AddressRecord, AddressSeen } from '../../../src/model/records'
import type { Claim } from '../../../src/store/store'
import type { AddressKeeper, AddressSighting, Effect, HostTarget } from '../../drivers/driver'
import { acted, tellStep } from '../acted'
import { afterFailures, STUCK_MS, sinceSilent } from '../backoff'
import { done, refused, troubled, underWay } from '../effect-journal'
import { across, type Next, type Work } from '../work'
import { announceAddress, journalOf } from './journal'
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
  const outcome = await acted(work, claim, () => effect(claim, record, at, intent))
  const of = { address: record.wish.name, step: deed.step, direction: deed.direction }
  tellStep(work, claim, of, { key: intent.key, began }, outcome)
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
    await writeAddress(work, claim, { journal: underWay(journalOf(record)) }, '')
    return { at: now + outcome.lookAgainMs }
  }
  const given = outcome.value
  const seen = given === null ? {} : { seen: { at: now, ip: given.ip, object: given.object, goneAt: null } }
  await writeAddress(work, claim, { ...seen, journal: done(journalOf(record)) }, 'address-seen')
  return { at: now }
}

async function failed(work: Work, claim: Claim<'address'>, record: AddressRecord, fault: Fault): Promise<Next> {
  const now = work.clock.now()
  const journal = journalOf(record)
  if (outcomeUnknown(fault) || isThrottled(fault) || fault.kind === 'unavailable') {
    const message = isThrottled(fault) ? fault.message : 'its provider does not answer'
    const told = troubled(journal, { kind: fault.kind, message }, now)
    await writeAddress(work, claim, { journal: told }, 'address-silent')
    return { at: now + sinceSilent(now, told.trouble?.at ?? now) }
  }
  if (fault.kind !== 'refused' && fault.kind !== 'unsupported') throw fault
  const told = refused(journal, fault, now)
  await writeAddress(work, claim, { journal: told }, 'address-refused')
  return { at: now + (told.stuck ? STUCK_MS : afterFailures(told.failures)) }
}
