/** What is done next for an address of a provider's, by what its record says and what bears its mark there. */
import fc from 'fast-check'
import type { AddressIntent, AddressRecord, AddressSeen } from '../../../../src/model/records'
import { SHOWN_MS } from '../../../../workers/reconcile/backoff'
import {
  type AddressDecision,
  planAddress,
  repeatedIntent,
} from '../../../../workers/reconcile/provider-addresses/plan'

const NOW = 1_800_000_000_000
const thing = (object: string) => ({ name: 'eipalloc-1', object, ip: `198.51.100.${object.length}` })
const seen = (object: string, at = NOW - SHOWN_MS): AddressSeen => ({ at, ip: '198.51.100.1', object, goneAt: null })
const intent = (parts: Partial<AddressIntent> = {}): AddressIntent => ({
  ...{ key: 'a/address/up/1', step: 'address', direction: 'up', attempt: 1, at: NOW, object: '', outcome: 'open' },
  ...parts,
})
const record = (parts: {
  readonly seen?: AddressSeen
  readonly releasedAt?: number
  readonly intent?: AddressIntent
}): AddressRecord =>
  ({
    wish: { name: 'eipalloc-1', ...(parts.releasedAt === undefined ? {} : { releasedAt: parts.releasedAt }) },
    seen: parts.seen ?? null,
    journal: parts.intent ? { intent: parts.intent } : null,
  }) as unknown as AddressRecord

const CASES: readonly (readonly [string, AddressRecord, readonly string[], Partial<AddressDecision>])[] = [
  ['it is asked for where nothing is', record({}), [], { kind: 'do', step: 'address', direction: 'up', object: '' }],
  ['what is there already is it', record({}), ['a'], { kind: 'there', seen: { ip: '198.51.100.1', object: 'a' } }],
  ['of several the first is it', record({}), ['b', 'a'], { kind: 'there', seen: { ip: '198.51.100.1', object: 'b' } }],
  ['what is known to be it stays it', record({ seen: seen('b') }), ['b'], { kind: 'there' }],
  [
    'one beside it is given back',
    record({ seen: seen('b') }),
    ['a', 'b'],
    { kind: 'do', step: 'spare', direction: 'down', object: 'a' },
  ],
  ['what is not shown yet is waited for', record({ seen: seen('b', NOW - 1) }), [], { kind: 'wait' }],
  ['what is not shown any more is told, and no other one had', record({ seen: seen('b') }), [], { kind: 'vanished' }],
  ['another one in its stead is not it', record({ seen: seen('b') }), ['a'], { kind: 'vanished' }],
  [
    'given back, all of it goes',
    record({ seen: seen('b'), releasedAt: 1 }),
    ['a', 'b'],
    { kind: 'do', step: 'address', direction: 'down', object: 'a' },
  ],
  ['given back and gone, it is left', record({ seen: seen('b'), releasedAt: 1 }), [], { kind: 'leave' }],
  [
    'given back before it is shown, it is waited for',
    record({ seen: seen('b', NOW - 1), releasedAt: 1, intent: intent({ outcome: 'done' }) }),
    [],
    { kind: 'wait' },
  ],
  [
    'given back after it was shown, it is left',
    record({ seen: seen('b', NOW - 1), releasedAt: 1, intent: intent({ direction: 'down', object: 'b' }) }),
    [],
    { kind: 'leave' },
  ],
  [
    'given back while nobody knows whether one was given',
    record({ releasedAt: 1, intent: intent() }),
    [],
    { kind: 'wait' },
  ],
  [
    'and however long ago it was first asked for, it may have been asked for again until then',
    record({ releasedAt: NOW - 1, intent: intent({ at: NOW - 2 * SHOWN_MS }) }),
    [],
    { kind: 'wait' },
  ],
  [
    'and long after that it is left',
    record({ releasedAt: 1, intent: intent({ at: NOW - SHOWN_MS }) }),
    [],
    { kind: 'leave' },
  ],
  [
    'and where it was refused it is left',
    record({ releasedAt: 1, intent: intent({ outcome: 'failed' }) }),
    [],
    { kind: 'leave' },
  ],
]

test.each(CASES)('%s', (_what, of, objects, expected) => {
  expect(planAddress(of, objects.map(thing), NOW)).toMatchObject(expected)
})

test('what is known to be its address is never given back while somebody has it', () => {
  const objects = fc.uniqueArray(fc.constantFrom('a', 'bb', 'ccc', 'dddd'))
  fc.assert(
    fc.property(objects, fc.constantFrom('a', 'bb'), (found, its) => {
      const decision = planAddress(record({ seen: seen(its) }), found.map(thing), NOW)
      if (decision.kind === 'do') expect(decision).toMatchObject({ step: 'spare', direction: 'down' })
      if (decision.kind === 'do') expect(decision.object).not.toBe(its)
      if (found.includes(its)) expect(decision.kind).toBe(found.length > 1 ? 'do' : 'there')
    }),
  )
})

test('an intent of which nobody knows the outcome is repeated for the same deed alone', () => {
  const up = { step: 'address', direction: 'up', object: '' } as const
  expect(repeatedIntent(record({ intent: intent() }), up)).toMatchObject({ key: 'a/address/up/1' })
  expect(repeatedIntent(record({ intent: intent({ outcome: 'failed' }) }), up)).toBeUndefined()
  expect(repeatedIntent(record({ intent: intent() }), { ...up, direction: 'down', object: 'a' })).toBeUndefined()
  expect(repeatedIntent(record({}), up)).toBeUndefined()
})
