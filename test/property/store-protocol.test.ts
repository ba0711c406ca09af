/**
 * The agenda and claim protocol against a model in plain words: whatever the order of claims, wishes, wakes,
 * writes and settlings, old claims never write, and nothing that was asked is ever without a future look.
 */
import * as fc from 'fast-check'
import { compareEpochs, type Epoch, NO_EPOCH } from '../../src/model/epoch'
import type { Claim } from '../../src/store/store'
import { startRedis, type TestRedis } from '../support/redis'
import { changeOf, claimed, make, openTestSite, P1, ref, type TestSite } from '../support/store'

let redis: TestRedis
let site: TestSite
beforeAll(async () => {
  redis = await startRedis()
})
afterAll(() => redis.stop())
beforeEach(async () => {
  site = await openTestSite(redis)
})
afterEach(() => site.close())

/** `which`: the claim that acts, counted from the newest. */
type Step =
  | { do: 'claim'; above: Epoch | undefined }
  | { do: 'wish'; wake: boolean }
  | { do: 'wake' }
  | { do: 'sweep' }
  | { do: 'observe' | 'intend'; which: number }
  | { do: 'settle'; which: number; next: number | null }

const which = fc.nat({ max: 2 })
const epoch = fc.record({ era: fc.integer({ min: 900, max: 1_100 }), number: fc.nat({ max: 50 }) })
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant('claim' as const), above: fc.option(epoch, { nil: undefined, freq: 4 }) }),
  fc.record({ do: fc.constant('wish' as const), wake: fc.boolean() }),
  fc.record({ do: fc.constant('wake' as const) }),
  fc.record({ do: fc.constant('sweep' as const) }),
  fc.record({ do: fc.constantFrom('observe' as const, 'intend' as const), which }),
  fc.record({ do: fc.constant('settle' as const), which, next: fc.option(fc.integer({ min: 0, max: 90_000 })) }),
)

let runs = 0

/** One record and what is known of it without asking Redis. */
async function play(steps: readonly Step[]): Promise<void> {
  const id = `c${++runs}`
  await make(site.store, id)
  const claims: Claim<'compute'>[] = []
  const model = { generation: 1, wakes: 1, rev: 1 }
  /** A wish or wake that no settled claim has seen. */
  let unseen = true
  let now = 1_000
  for (const move of steps) {
    now += 500
    const claim = 'which' in move ? claims.at(-1 - move.which) : undefined
    const newest = claim !== undefined && claim === claims.at(-1)
    switch (move.do) {
      case 'claim': {
        const before = claims.at(-1)?.epoch ?? NO_EPOCH
        const drawn = await site.store.claim('compute', id, now, move.above)
        if (!drawn) throw new Error('gone')
        expect(compareEpochs(drawn.epoch, before)).toBeGreaterThan(0)
        expect(compareEpochs(drawn.epoch, move.above ?? NO_EPOCH)).toBeGreaterThan(0)
        expect(drawn).toMatchObject({ generation: model.generation, wakes: model.wakes, record: { rev: model.rev } })
        claims.push(drawn)
        break
      }
      case 'wish': {
        const { generation } = model
        const update = { ref: ref(id), project: P1, generation, wish: { now }, raisePhase: false, wake: move.wake }
        expect(await site.store.change(changeOf({ updates: [update] }), now)).toMatchObject({ state: 'done' })
        model.generation++
        model.rev++
        if (move.wake) model.wakes++
        unseen ||= move.wake
        break
      }
      case 'wake':
        await site.store.wake([ref(id)], now)
        model.wakes++
        unseen = true
        break
      case 'sweep':
        await site.store.sweep(now, 1_000)
        break
      case 'observe':
        if (!claim) break
        expect(await site.store.observe(claim, { seen: { now }, what: 'x' }, now)).toBe(newest)
        if (newest) model.rev++
        break
      case 'intend': {
        if (!claim) break
        const allowed = newest && claim.generation === model.generation
        expect(await site.store.intend(claim, { now }, now)).toBe(allowed)
        if (allowed) model.rev++
        break
      }
      case 'settle': {
        if (!claim) break
        const allowed = newest && claim.generation === model.generation && claim.wakes === model.wakes
        expect(await site.store.settle(claim, move.next, now)).toBe(allowed ? 'settled' : 'due')
        if (allowed) unseen = false
        break
      }
    }
    const score = await site.raw.zscore(site.keys.agenda, `compute:${id}`)
    // What nobody has settled yet is looked at within half a minute at the latest.
    if (unseen) expect(Number(score ?? Number.POSITIVE_INFINITY)).toBeLessThanOrEqual(now + 30_000)
  }
  expect(await site.store.read('compute', id)).toMatchObject(model)
}

test('old claims never write, and nothing asked is without a future look', async () => {
  await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), play), {
    numRuns: 150,
    endOnFailure: true,
  })
})

test('claims of many records by many at once: one order for all', async () => {
  await make(site.store, 'a', 'b', 'c')
  const drawn = await Promise.all(
    Array.from({ length: 60 }, (_, i) => claimed(site.store, ['a', 'b', 'c'][i % 3] ?? 'a')),
  )
  expect(new Set(drawn.map((claim) => JSON.stringify(claim.epoch))).size).toBe(60)
  for (const id of ['a', 'b', 'c']) {
    const mine = drawn.filter((claim) => claim.ref.id === id)
    const written = await Promise.all(
      mine.map((claim) => site.store.observe(claim, { seen: claim.epoch, what: 'x' }, 1)),
    )
    expect(written.filter(Boolean)).toHaveLength(1)
    const newest = mine
      .map((claim) => claim.epoch)
      .sort(compareEpochs)
      .at(-1)
    expect((await site.store.read('compute', id))?.seen).toEqual(newest)
  }
})
