/**
 * Whatever a tenant asks in whatever order, through whichever gateway, while workers observe whatever they observe: a verb is
 * accepted exactly when the life cycle table says so, an accepted one replaces the wish, a refused one leaves it alone, and all
 * gateways show the same at once.
 */
import fc from 'fast-check'
import { asFault } from '../../src/faults'
import type { ComputeId } from '../../src/model/ids'
import { accepts, type ComputeVerb, lifecycle } from '../../src/model/lifecycle'
import type { DomainState } from '../../src/model/machine'
import type { ComputeWish } from '../../src/model/records'
import type { Caller } from '../../src/operations/context'
import type { Operations } from '../../src/operations/operations'
import { type Gateways, startGateways } from '../support/gateways'
import { startRedis, type TestRedis } from '../support/redis'

let redis: TestRedis
let site: Gateways
let caller: Caller

beforeAll(async () => {
  redis = await startRedis()
  site = await startGateways(redis)
  caller = (await site.project('ann')).caller
})
afterAll(async () => {
  await site.close()
  await redis.stop()
})

type Step =
  | {
      readonly do: 'ask'
      readonly verb: ComputeVerb
      readonly already: 'accept' | 'refuse'
      readonly at: 'first' | 'second'
    }
  | { readonly do: 'see'; readonly domain: DomainState; readonly contact: 'ok' | 'lost' }

const at = fc.constantFrom('first' as const, 'second' as const)
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('ask' as const),
      verb: fc.constantFrom<ComputeVerb>('start', 'stop', 'stop-hard', 'restart', 'reset', 'suspend', 'delete'),
      already: fc.constantFrom('accept' as const, 'refuse' as const),
      at,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('see' as const),
      domain: fc.constantFrom<DomainState>('absent', 'off', 'running', 'paused', 'saved', 'crashed'),
      contact: fc.constantFrom('ok' as const, 'ok' as const, 'ok' as const, 'lost' as const),
    }),
  },
)

const ask = (operations: Operations, id: ComputeId, verb: ComputeVerb, already: 'accept' | 'refuse') => {
  const ids = [id]
  switch (verb) {
    case 'start':
      return operations.setPower(caller, { ids, to: 'on', already })
    case 'stop':
      return operations.setPower(caller, { ids, to: 'off', already })
    case 'stop-hard':
      return operations.setPower(caller, { ids, to: 'off', how: 'hard', already })
    case 'suspend':
      return operations.setPower(caller, { ids, to: 'suspended', already })
    case 'restart':
      return operations.restartComputes(caller, { ids, how: 'warm' })
    case 'reset':
      return operations.restartComputes(caller, { ids, how: 'cold' })
    case 'delete':
      return operations.deleteComputes(caller, { ids })
  }
}

/** What an accepted verb makes of the wish. */
const wished = (wish: ComputeWish, verb: ComputeVerb): Partial<ComputeWish> => {
  const changes: Record<ComputeVerb, Partial<ComputeWish>> = {
    start: { power: 'on', starts: wish.starts + 1 },
    stop: { power: 'off', how: 'graceful' },
    'stop-hard': { power: 'off', how: 'hard' },
    suspend: { power: 'suspended', how: 'graceful' },
    restart: { boots: wish.boots + 1 },
    reset: { resets: wish.resets + 1 },
    delete: { exists: false, how: 'hard' },
  }
  return changes[verb]
}

async function check(id: ComputeId, taken: Step): Promise<void> {
  if (taken.do === 'see') {
    await site.observe(id, ({ seen, wish }) => ({
      seen: {
        ...seen,
        contact: taken.contact,
        starts: wish.starts,
        machine: seen.machine && { ...seen.machine, domain: taken.domain },
      },
    }))
    return
  }
  const before = await site.store.read('compute', id)
  if (!before) throw new Error('the record is gone')
  const state = lifecycle(before)
  const table = accepts(taken.verb, state)
  const levels = taken.verb === 'restart' || taken.verb === 'reset'
  const repeated = table === 'already' && taken.already === 'accept' && !levels && before.wish.exists
  const isDelete = taken.verb === 'delete'
  const cuts = repeated && taken.verb === 'stop-hard' && state === 'stopping' && before.wish.how === 'graceful'
  const deleted = !before.wish.exists
  const accepted = isDelete ? !deleted : table === 'yes' && !deleted
  const answered = await ask(site[taken.at].operations, id, taken.verb, taken.already).then(
    (changed) => changed[0],
    (thrown: unknown) => asFault(thrown).kind,
  )
  const after = await site.store.read('compute', id)
  if (!after) throw new Error('the record is gone')
  if (accepted || repeated || (isDelete && deleted)) expect(answered).toMatchObject({ before: state })
  else expect(answered).toBe(deleted && taken.already === 'refuse' && !levels ? 'not-found' : 'state')
  const change = accepted ? wished(before.wish, taken.verb) : cuts ? { how: 'hard' as const } : {}
  expect(after.wish).toMatchObject({
    ...before.wish,
    reason: after.wish.reason,
    deletedAt: after.wish.deletedAt,
    ...change,
  })
  expect(after.generation).toBe(before.generation + (accepted || cuts ? 1 : 0))
  expect(after.phase).toBe(before.phase + (lifecycle(after) === state ? 0 : 1))
  for (const { operations } of [site.first, site.second])
    expect((await operations.getCompute(caller, id)).wish).toEqual(after.wish)
}

it('the wish is what the table and the last accepted verb make of it', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 14 }), async (steps) => {
      const { computes } = await site.first.operations.runComputes(caller, {
        minCount: 1,
        maxCount: 1,
        type: 't2.nano',
      })
      const id = computes[0]?.id
      if (!id) throw new Error('no machine')
      await site.run(id)
      for (const one of steps) await check(id, one)
    }),
    { numRuns: 60 },
  )
}, 120_000)

it('of many who change one machine at once, each accepted order counts once', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(at, { minLength: 2, maxLength: 10 }), async (gateways) => {
      const { computes } = await site.first.operations.runComputes(caller, { minCount: 1, maxCount: 1 })
      const id = computes[0]?.id
      if (!id) throw new Error('no machine')
      await site.run(id)
      const asked = gateways.map((name) => site[name].operations.restartComputes(caller, { ids: [id], how: 'warm' }))
      const results = await Promise.allSettled(asked)
      const accepted = results.filter(({ status }) => status === 'fulfilled').length
      const record = await site.store.read('compute', id)
      expect(record?.wish.boots).toBe(accepted)
      for (const result of results)
        if (result.status === 'rejected') expect(asFault(result.reason).kind).toBe('conflict')
    }),
    { numRuns: 25 },
  )
}, 60_000)
