/** The guard under any sequence of calls of any workers, frozen and late ones among them. */
import fc from 'fast-check'
import { compareEpochs, formatEpoch, NO_EPOCH, parseEpoch } from '../../src/model/epoch'
import type { GuardCall, GuardReply } from '../contract/guard-vectors'
import { ModelGuard } from '../support/model-guard'

type Step = { readonly kind: 'call'; readonly call: GuardCall } | { readonly kind: 'finished' | 'departed' | 'dropped' }

const epoch = fc
  .tuple(fc.constant(1), fc.integer({ min: 1, max: 9 }))
  .map(([era, number]) => formatEpoch({ era, number }))
const call = fc.record({
  ask: fc.constantFrom('look', 'effect', 'cancel'),
  epoch,
  key: fc.constantFrom('a', 'b', 'c', 'd'),
  runs: fc.constantFrom('done', 'refused', 'detached'),
}) satisfies fc.Arbitrary<GuardCall>
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: call.map((one) => ({ kind: 'call' as const, call: one })) },
  { weight: 1, arbitrary: fc.constantFrom({ kind: 'finished' as const }, { kind: 'departed' as const }) },
)
const withDrops = fc.oneof(
  { weight: 9, arbitrary: step },
  { weight: 1, arbitrary: fc.constant<Step>({ kind: 'dropped' }) },
)

async function take(guard: ModelGuard, one: Step): Promise<GuardReply | undefined> {
  if (one.kind === 'call') return guard.call(one.call)
  if (one.kind === 'finished') await guard.finished(guard.held?.work ?? '')
  else if (one.kind === 'departed') await guard.departed()
  else await guard.dropped()
  return undefined
}

const number = (text: string | undefined) => parseEpoch(text ?? '') ?? NO_EPOCH

test('no call older than one that was let in is ever let in, dropped lines or not', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(withDrops, { maxLength: 40 }), async (steps) => {
      const guard = new ModelGuard('0.0')
      let newest = NO_EPOCH
      for (const one of steps) {
        const reply = await take(guard, one)
        if (one.kind !== 'call' || !reply) continue
        const mine = number(one.call.epoch)
        if (reply.reply !== 'stale') {
          expect(compareEpochs(mine, newest)).toBeGreaterThanOrEqual(0)
          newest = mine
        } else expect(compareEpochs(mine, number(reply.held))).toBeLessThanOrEqual(0)
      }
    }),
  )
})

test('under one key the host acts at most once, as long as its results are kept', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const guard = new ModelGuard('0.0')
      for (const one of steps) if (one.kind !== 'departed') await take(guard, one)
      expect(new Set(guard.acted).size).toBe(guard.acted.length)
    }),
  )
})

test('while work runs, nothing else begins, and only its own key or cancel ends it', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const guard = new ModelGuard('0.0')
      for (const one of steps) {
        const before = guard.held?.work ?? null
        const reply = await take(guard, one)
        const after = guard.held?.work ?? null
        if (before === null || one.kind !== 'call') continue
        if (one.call.ask === 'effect') expect(reply?.ran).toBe(false)
        const ends = one.call.ask === 'cancel' && one.call.key === before && reply?.reply === 'ended'
        expect(after).toBe(ends ? null : before)
      }
    }),
  )
})

test('a refusal as stale changes nothing', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(withDrops, { maxLength: 40 }), async (steps) => {
      const guard = new ModelGuard('0.0')
      for (const one of steps) {
        const before = guard.held
        const reply = await take(guard, one)
        if (reply?.reply === 'stale') expect(guard.held).toBe(before)
      }
    }),
  )
})
