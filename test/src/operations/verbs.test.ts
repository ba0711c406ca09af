import { randomUUID } from 'node:crypto'
import type { ComputeId } from '../../../src/model/ids'
import { lifecycle } from '../../../src/model/lifecycle'
import type { Caller } from '../../../src/operations/context'
import type { Operations } from '../../../src/operations/operations'
import { type Gateways, startGateways } from '../../support/gateways'
import { startRedis, type TestRedis } from '../../support/redis'

let redis: TestRedis
let site: Gateways
let ann: Caller
let operations: Operations
let other: Operations

beforeAll(async () => {
  redis = await startRedis()
  site = await startGateways(redis)
  ann = (await site.project('ann')).caller
  operations = site.first.operations
  other = site.second.operations
})
afterAll(async () => {
  await site.close()
  await redis.stop()
})

async function order(count = 1): Promise<ComputeId[]> {
  const { computes } = await operations.runComputes(ann, { minCount: count, maxCount: count })
  return computes.map(({ id }) => id)
}
async function runningOne(): Promise<ComputeId> {
  const [id] = await order()
  if (!id) throw new Error('no machine')
  await site.run(id)
  return id
}
const stored = async (id: ComputeId) => {
  const record = await site.store.read('compute', id)
  if (!record) throw new Error('gone')
  return record
}
const stop = { to: 'off', already: 'accept' } as const
const start = { to: 'on', already: 'accept' } as const

describe('power', () => {
  it('stop replaces the wish, raises generation and phase, and wakes the machine’s own job', async () => {
    const id = await runningOne()
    const before = await stored(id)
    site.first.told.length = 0
    const [changed] = await operations.setPower(ann, { ids: [id], ...stop })
    expect(changed).toMatchObject({ before: 'running', record: { wish: { power: 'off', how: 'graceful' } } })
    const after = await stored(id)
    expect(after.wish.reason).toMatch(/^User initiated \(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d GMT\)$/)
    expect(after.generation).toBe(before.generation + 1)
    expect(after.phase).toBe(before.phase + 1)
    expect(after.wakes).toBe(before.wakes + 1)
    expect(lifecycle(after)).toBe('stopping')
    expect(site.first.told).toEqual([{ kind: 'compute', id }])
  })

  it('the answer is the record as the store has it', async () => {
    const id = await runningOne()
    const [changed] = await operations.setPower(ann, { ids: [id], ...stop })
    // Claims change epoch and wakes, which a mirror does not follow.
    const { epoch: _epoch, wakes: _wakes, ...rest } = await stored(id)
    expect(changed?.record).toMatchObject(rest)
  })

  it('start is a level: each accepted one orders one more', async () => {
    const id = await runningOne()
    await operations.setPower(ann, { ids: [id], ...stop })
    await site.observe(id, ({ seen }) => ({ seen: { ...seen, machine: { ...seen.machine, domain: 'off' } } }))
    const [changed] = await other.setPower(ann, { ids: [id], ...start })
    expect(changed).toMatchObject({ before: 'poweroff', record: { wish: { power: 'on', starts: 2, reason: '' } } })
    const [again] = await operations.setPower(ann, { ids: [id], ...start })
    expect(again).toMatchObject({ before: 'booting', record: { wish: { starts: 2 } } })
    expect((await stored(id)).wish.starts).toBe(2)
  })

  it('what is so already is success for one front and a refusal for the other', async () => {
    const id = await runningOne()
    const { generation } = await stored(id)
    expect(await operations.setPower(ann, { ids: [id], ...start })).toMatchObject([{ before: 'running' }])
    await expect(operations.setPower(ann, { ids: [id], to: 'on', already: 'refuse' })).rejects.toMatchObject({
      kind: 'state',
      detail: { subject: { kind: 'compute', id }, allowed: expect.arrayContaining(['stop', 'suspend']) },
    })
    expect((await stored(id)).generation).toBe(generation)
  })

  it('suspend asks for a saved memory', async () => {
    const id = await runningOne()
    const [changed] = await operations.setPower(ann, { ids: [id], to: 'suspended', already: 'refuse' })
    expect(changed && lifecycle(changed.record)).toBe('saving')
  })

  it('force cuts a machine that is stopping and does not listen', async () => {
    const id = await runningOne()
    await operations.setPower(ann, { ids: [id], ...stop })
    const [changed] = await operations.setPower(ann, { ids: [id], ...stop, how: 'hard' })
    expect(changed).toMatchObject({ before: 'stopping', record: { wish: { power: 'off', how: 'hard' } } })
    expect((await stored(id)).wish.how).toBe('hard')
  })

  it('a machine that waits for a place cannot be stopped; the refusal says what can', async () => {
    const ids = await order()
    await expect(operations.setPower(ann, { ids, ...stop })).rejects.toMatchObject({
      kind: 'state',
      detail: { allowed: ['delete'] },
    })
  })

  it('is all or nothing', async () => {
    const [running, waiting] = [await runningOne(), (await order())[0]]
    const ids = waiting ? [running, waiting] : []
    await expect(operations.setPower(ann, { ids, ...stop })).rejects.toMatchObject({ kind: 'state' })
    expect((await stored(running)).wish.power).toBe('on')
  })

  it('takes an id once however often it is named, and at most 1000', async () => {
    const id = await runningOne()
    const changed = await operations.setPower(ann, { ids: [id, id], ...stop })
    expect(changed).toHaveLength(1)
    const ids = Array.from({ length: 1001 }, () => randomUUID() as ComputeId)
    await expect(operations.setPower(ann, { ids, ...stop })).rejects.toMatchObject({ kind: 'too-large' })
    await expect(operations.setPower(ann, { ids: [], ...stop })).rejects.toMatchObject({ kind: 'missing' })
  })

  it('changes nothing in a dry run, and refuses what it would refuse', async () => {
    const id = await runningOne()
    const [changed] = await operations.setPower(ann, { ids: [id], ...stop, dryRun: true })
    expect(changed?.record.wish.power).toBe('off')
    expect((await stored(id)).wish.power).toBe('on')
    const waiting = await order()
    await expect(operations.setPower(ann, { ids: waiting, ...stop, dryRun: true })).rejects.toMatchObject({
      kind: 'state',
    })
  })

  it('decides again when the machine moved between reading and writing', async () => {
    const id = await runningOne()
    let moved = false
    const late = await site.another((store) => ({
      ...store,
      change: async (change, now) => {
        if (change.what === 'power-off' && !moved) {
          moved = true
          await site.observe(id, ({ seen }) => ({ seen: { ...seen, contact: 'lost' } }))
        }
        return store.change(change, now)
      },
    }))
    await expect(late.operations.setPower(ann, { ids: [id], ...stop })).rejects.toMatchObject({
      kind: 'state',
      message: expect.stringContaining('unknown'),
    })
    expect((await stored(id)).wish.power).toBe('on')
  })

  it('two gateways that change one machine at the same time both get through', async () => {
    const id = await runningOne()
    await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        (index % 2 ? operations : other).restartComputes(ann, { ids: [id], how: 'warm' }),
      ),
    )
    expect((await stored(id)).wish.boots).toBe(8)
  })
})

describe('power of a machine that gave its place to a reservation', () => {
  const aside = async (how: 'off' | 'saved', domain: 'off' | 'saved' | 'running', released?: true) => {
    const [id] = await order()
    if (!id) throw new Error('no machine')
    const parked = { since: 1, how, by: 'cr-1', ...(released ? { released } : {}) }
    await site.run(id, { place: { parked } })
    await site.observe(id, ({ seen }) => ({ seen: { ...seen, machine: { ...seen.machine, domain } } }))
    return id
  }
  const waits = async (id: ComputeId) => (await site.store.waiting(10_000)).includes(id)

  it.each([
    ['saved', 'saved', 'suspended', 'suspended'],
    ['saved', 'running', 'saving', 'suspended'],
    ['off', 'off', 'poweroff', 'off'],
    ['off', 'running', 'stopping', 'off'],
  ] as const)('%s, seen %s: a stop is written, and keeps it as it is', async (how, domain, state, power) => {
    for (const already of ['accept', 'refuse'] as const) {
      const id = await aside(how, domain, true)
      const [changed] = await operations.setPower(ann, { ids: [id], to: 'off', already })
      expect(changed).toMatchObject({ before: state, record: { wish: { power } } })
      expect([(await stored(id)).wish.power, lifecycle(await stored(id))]).toEqual([power, state])
      expect(await waits(id)).toBe(false)
    }
  })

  it('its start has it wait for a place again', async () => {
    const id = await aside('saved', 'saved', true)
    await operations.setPower(ann, { ids: [id], ...stop })
    const [changed] = await other.setPower(ann, { ids: [id], ...start })
    expect(changed).toMatchObject({ before: 'suspended', record: { wish: { power: 'on' } } })
    expect(await waits(id)).toBe(true)
  })

  it('suspend keeps what is saved, and is refused of what is off', async () => {
    const suspend = { to: 'suspended', already: 'accept' } as const
    const saved = await aside('saved', 'saved', true)
    await operations.setPower(ann, { ids: [saved], ...suspend })
    expect((await stored(saved)).wish.power).toBe('suspended')
    const off = await aside('off', 'off', true)
    await expect(operations.setPower(ann, { ids: [off], ...suspend })).rejects.toMatchObject({ kind: 'state' })
  })

  it('a host that does not answer is told no stop', async () => {
    const id = await aside('saved', 'saved')
    await site.observe(id, ({ seen }) => ({ seen: { ...seen, contact: 'lost' } }))
    await expect(operations.setPower(ann, { ids: [id], ...stop })).rejects.toMatchObject({ kind: 'state' })
  })
})

describe('restart', () => {
  it('warm and cold are levels of their own', async () => {
    const id = await runningOne()
    const [warm] = await operations.restartComputes(ann, { ids: [id], how: 'warm' })
    expect(warm?.record.wish).toMatchObject({ boots: 1, resets: 0 })
    const [cold] = await operations.restartComputes(ann, { ids: [id], how: 'cold' })
    expect(cold?.record.wish).toMatchObject({ boots: 1, resets: 1 })
    expect(lifecycle(await stored(id))).toBe('running')
  })

  it('wants a running machine', async () => {
    await expect(operations.restartComputes(ann, { ids: await order(), how: 'warm' })).rejects.toMatchObject({
      kind: 'state',
    })
  })
})

describe('delete', () => {
  it('is accepted in every state, twice, and ends the wait for a place', async () => {
    const ids = [...(await order(2)), await runningOne()]
    const changed = await operations.deleteComputes(ann, { ids })
    expect(changed.map(({ before }) => before)).toEqual(['pending', 'pending', 'running'])
    for (const { record } of changed) expect(lifecycle(record)).toBe('stopping')
    expect(await site.store.waiting(10_000)).not.toEqual(expect.arrayContaining(ids.slice(0, 1)))
    const deletedAt = (await stored(ids[0] as ComputeId)).wish.deletedAt
    site.clock.at += 5_000
    const again = await other.deleteComputes(ann, { ids })
    expect(again.map(({ record }) => record.wish.deletedAt)).toEqual([deletedAt, deletedAt, deletedAt])
  })

  it('is not refused by a machine in motion', async () => {
    const id = await runningOne()
    const moving = await site.another((store) => ({
      ...store,
      change: async (change, now) => {
        await site.observe(id, ({ seen }) => ({ seen: { ...seen, at: seen.at + 1 } }))
        return store.change(change, now)
      },
    }))
    const [changed] = await moving.operations.deleteComputes(ann, { ids: [id] })
    expect(changed?.record.wish.exists).toBe(false)
    expect((await stored(id)).wish.exists).toBe(false)
  })

  it('leaves no verb but itself', async () => {
    const id = await runningOne()
    await operations.deleteComputes(ann, { ids: [id] })
    await expect(operations.setPower(ann, { ids: [id], ...start })).rejects.toMatchObject({
      kind: 'state',
      detail: { allowed: [] },
    })
    await expect(operations.setPower(ann, { ids: [id], to: 'on', already: 'refuse' })).rejects.toMatchObject({
      kind: 'not-found',
    })
    await expect(operations.restartComputes(ann, { ids: [id], how: 'cold' })).rejects.toMatchObject({ kind: 'state' })
    expect((await operations.getCompute(ann, id)).wish.exists).toBe(false)
  })
})

describe('tags', () => {
  const tagsOf = async (id: ComputeId) => (await other.getCompute(ann, id)).wish.tags
  const ref = (id: ComputeId) => ({ kind: 'compute', id }) as const

  it('are set and removed, seen by the other gateway at once, and wake nobody', async () => {
    const ids = await order(2)
    const refs = ids.map(ref)
    const [id] = ids as [ComputeId, ComputeId]
    await operations.tagResources(ann, { refs, set: { Name: 'a', env: 'x' } })
    expect(await tagsOf(id)).toEqual({ Name: 'a', env: 'x' })
    const { wakes, phase } = await stored(id)
    await operations.tagResources(ann, { refs, remove: [{ key: 'env', value: 'y' }] })
    expect(await tagsOf(id)).toEqual({ Name: 'a', env: 'x' })
    await operations.tagResources(ann, {
      refs,
      remove: [
        { key: 'env', value: 'x' },
        { key: 'none', value: null },
      ],
    })
    expect(await tagsOf(id)).toEqual({ Name: 'a' })
    await operations.tagResources(ann, { refs, removeAll: true })
    expect(await tagsOf(id)).toEqual({})
    expect(await stored(id)).toMatchObject({ wakes, phase })
  })

  it('are at most 50, counting those that are there, all or nothing', async () => {
    const [id] = (await order()) as [ComputeId]
    const many = (from: number, count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${from + index}`, '']))
    await operations.tagResources(ann, { refs: [ref(id)], set: many(0, 30) })
    await expect(operations.tagResources(ann, { refs: [ref(id)], set: many(30, 21) })).rejects.toMatchObject({
      kind: 'too-large',
    })
    expect(Object.keys(await tagsOf(id))).toHaveLength(30)
    await operations.tagResources(ann, { refs: [ref(id)], set: many(30, 20) })
    expect(Object.keys(await tagsOf(id))).toHaveLength(50)
  })

  it('of what is not there or shared by all are refused', async () => {
    const image = operations.defaults().image
    const missing = { kind: 'compute', id: randomUUID() } as const
    await expect(operations.tagResources(ann, { refs: [missing], set: { a: '' } })).rejects.toMatchObject({
      kind: 'not-found',
    })
    const shared = { kind: 'image', id: image?.id ?? '' } as const
    await expect(operations.tagResources(ann, { refs: [shared], set: { a: '' } })).rejects.toMatchObject({
      kind: 'forbidden',
    })
    await expect(operations.tagResources(ann, { refs: [], set: { a: '' } })).rejects.toMatchObject({ kind: 'missing' })
  })

  it('are only checked in a dry run', async () => {
    const [id] = (await order()) as [ComputeId]
    await operations.tagResources(ann, { refs: [ref(id)], set: { a: '' }, dryRun: true })
    expect(await tagsOf(id)).toEqual({})
  })
})
