/**
 * What to do next for a public address of a provider's: a pure function of its record and of what bears its mark there. At most one effect;
 * the same decision while its outcome is unknown repeats its intent under the same key.
 */
import { isUnsettled } from '../../../src/model/intents'
import type { AddressIntent, AddressRecord, AddressSeen } from '../../../src/model/records'
import type { AddressSighting } from '../../drivers/driver'
import { SHOWN_MS } from '../backoff'

export type AddressDeed = Pick<AddressIntent, 'step' | 'direction' | 'object'>

export type AddressDecision =
  | ({ readonly kind: 'do' } & AddressDeed)
  /** What is there may not be shown yet. */
  | { readonly kind: 'wait' }
  /** Its provider has it no more, though nobody here gave it back. */
  | { readonly kind: 'vanished' }
  /** It is there, as it should be. */
  | { readonly kind: 'there'; readonly seen: Pick<AddressSeen, 'ip' | 'object'> }
  /** Given back, and nothing of it is left. */
  | { readonly kind: 'leave' }

export function planAddress(record: AddressRecord, found: readonly AddressSighting[], now: number): AddressDecision {
  return record.wish.releasedAt === undefined ? upward(record, found, now) : downward(record, found, now)
}

function upward({ seen }: AddressRecord, found: readonly AddressSighting[], now: number): AddressDecision {
  const its = seen === null ? found[0] : found.find(({ object }) => object === seen.object)
  if (its === undefined && seen === null) return { kind: 'do', step: 'address', direction: 'up', object: '' }
  if (its === undefined) return seen !== null && now - seen.at < SHOWN_MS ? { kind: 'wait' } : { kind: 'vanished' }
  const spare = found.find(({ object }) => object !== its.object)
  if (spare !== undefined && seen !== null)
    return { kind: 'do', step: 'spare', direction: 'down', object: spare.object }
  return { kind: 'there', seen: { ip: its.ip, object: its.object } }
}

function downward(record: AddressRecord, found: readonly AddressSighting[], now: number): AddressDecision {
  const [first] = found
  if (first !== undefined) return { kind: 'do', step: 'address', direction: 'down', object: first.object }
  return mayShowYet(record, now) ? { kind: 'wait' } : { kind: 'leave' }
}

/** An order whose answer was lost may be carried out a little later than it is looked for; what was given may be shown a little later. Once it was shown, it is gone. */
function mayShowYet({ wish, seen, journal }: AddressRecord, now: number): boolean {
  const intent = journal?.intent
  if (intent?.direction === 'down') return false
  // An intent tells of its first try; the last one was sent before it was given back.
  const asked = intent?.outcome === 'open' ? Math.max(intent.at, wish.releasedAt ?? 0) : undefined
  return [asked, seen?.at].some((at) => at !== undefined && now - at < SHOWN_MS)
}

/** The intent that a deed repeats because its outcome is unknown. */
export function repeatedIntent({ journal }: AddressRecord, deed: AddressDeed): AddressIntent | undefined {
  const intent = journal?.intent ?? null
  return intent !== null && isUnsettled(intent) && isSameDeed(intent, deed) ? intent : undefined
}

/** Whether an intent is of this decision. */
export const isSameDeed = (intent: AddressIntent, deed: AddressDeed): boolean =>
  intent.step === deed.step && intent.direction === deed.direction && intent.object === deed.object
