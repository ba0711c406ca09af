/** Redis dies before the script's reply. Every script runs, its reply is swallowed, the link runs it again. */
import type { HostId } from '../../../src/model/ids'
import { openStore } from '../../../src/store'
import type { Store } from '../../../src/store/store'
import { type LossyProxy, startLossyProxy } from '../../support/lossy-proxy'
import { startRedis, type TestRedis } from '../../support/redis'
import { changeOf, claimed, createOf, hostRef, make, openTestSite, P1, ref, type TestSite } from '../../support/store'

let redis: TestRedis
let proxy: LossyProxy
let site: TestSite
/** The store behind the proxy. */
let store: Store
beforeAll(async () => {
  redis = await startRedis()
  proxy = await startLossyProxy(redis.path)
})
afterAll(async () => {
  await proxy.close()
  await redis.stop()
})
beforeEach(async () => {
  site = await openTestSite(redis)
  store = openStore({ site: site.store.site, redis: proxy.address })
  await store.ping()
  // Redis knows all scripts by now or is told them: either way one request runs them.
  await make(site.store, 'c1', 'c2')
})
afterEach(async () => {
  await store.close()
  await site.close()
})

/** Loses the reply of the next script call. */
async function losing<T>(call: () => Promise<T>): Promise<T> {
  const before = proxy.lost
  // The root key stands in every script call.
  proxy.loseReplyTo(site.keys.root)
  const value = await call()
  expect(proxy.lost).toBe(before + 1)
  return value
}

test('change: done once, and the answer is the first one', async () => {
  // The script is known to Redis, so the lost reply is that of its run.
  const asked = changeOf({
    creates: [createOf('new')],
    counters: [{ project: P1, name: 'instances', by: 1, limit: 1 }],
    takes: [{ hash: 'names', field: 'i-1', value: 'compute:new' }],
    token: { project: P1, token: 't', digest: 'd' },
    answer: ['new'],
  })
  expect(await losing(() => store.change(asked, 1))).toEqual({ state: 'repeated', answer: ['new'] })
  expect(await store.counters(P1)).toEqual({ instances: 1 })
  expect(await store.read('compute', 'new')).toMatchObject({ rev: 1, wakes: 1 })
  expect((await store.eventsAfter('0', 10)).length).toBe(2)
})

test('change: a retry by the caller, with the same operation id, is answered as the first time', async () => {
  const asked = changeOf({ creates: [createOf('new')], answer: 7 })
  await losing(() => store.change(asked, 1))
  expect(await site.store.change(asked, 99_000)).toEqual({ state: 'repeated', answer: 7 })
})

test('claim: the second draw is the claim that counts', async () => {
  await claimed(store, 'c2') // so that Redis knows the script
  const claim = await losing(() => claimed(store, 'c1'))
  expect((await store.read('compute', 'c1'))?.epoch).toEqual(claim.epoch)
  expect(await store.observe(claim, { seen: { at: 1 }, what: 'x' }, 1)).toBe(true)
  expect(await store.settle(claim, null, 1)).toBe('settled')
})

test('intend: the intent is there', async () => {
  const claim = await claimed(store, 'c1')
  await store.intend(claim, { intent: 0 }, 1)
  expect(await losing(() => store.intend(claim, { intent: 1 }, 1))).toBe(true)
  expect((await store.read('compute', 'c1'))?.journal).toEqual({ intent: 1 })
})

test('observe: counters and rev move once', async () => {
  const claim = await claimed(store, 'c1')
  const observation = { seen: { at: 1 }, what: 'x', counters: [{ project: P1, name: 'cores' as const, by: 2 }] }
  await store.observe(claim, observation, 1)
  expect(await losing(() => store.observe(claim, observation, 1))).toBe(true)
  expect(await store.counters(P1)).toEqual({ cores: 4 })
  expect(await store.read('compute', 'c1')).toMatchObject({ rev: 3 })
})

test('transfer: claims and generation move once', async () => {
  await store.change(changeOf({ creates: [createOf('h1', { ref: hostRef('h1'), project: null })] }), 1)
  const claim = await claimed(store, 'c1')
  const to = async (host: string) => ({
    place: { host },
    seen: null,
    journal: null,
    take: {
      host: 'h1',
      revision: (await store.hostClaims(['h1']))[0]?.revision ?? 0,
      claims: [{ id: 'c1', claim: '{}' }],
    },
    what: 'x',
  })
  await store.transfer(claim, await to('a'), 1)
  const again = await to('b')
  expect(await losing(() => store.transfer(claim, again, 1))).toBe('done')
  expect(await store.read('compute', 'c1')).toMatchObject({ place: { host: 'b' }, generation: 3, rev: 3 })
  expect((await store.hostClaims(['h1']))[0]?.revision).toBe(again.take.revision + 1)
})

test('settle: settled', async () => {
  const claim = await claimed(store, 'c1')
  await store.settle(claim, 5, 1)
  expect(await losing(() => store.settle(claim, 9_000, 1))).toBe('settled')
  expect(await site.raw.zscore(site.keys.agenda, 'compute:c1')).toBe('9000')
})

test('forget: it is gone, and gone for the one who asks again', async () => {
  const [first, second] = [await claimed(store, 'c1'), await claimed(store, 'c2')]
  await store.forget(first, [], 1)
  expect(await losing(() => store.forget(second, [], 1))).toBe(false)
  expect(await store.readAll('compute')).toEqual([])
})

test('sweep: what was taken comes back in half a minute', async () => {
  await store.sweep(0, 10)
  expect(await losing(() => store.sweep(1_000, 10))).toEqual([])
  expect(await store.sweep(31_000, 10)).toHaveLength(2)
})

test('wake: due at once', async () => {
  await store.wake([ref('c2')], 1)
  await losing(() => store.wake([ref('c1')], 1))
  expect((await store.read('compute', 'c1'))?.wakes).toBeGreaterThan(1)
})

test('sight: written once, looked at again', async () => {
  const record = await store.read('compute', 'c1')
  if (!record) throw new Error('gone')
  const finding = { ref: ref('c1'), project: P1, epoch: record.epoch, rev: record.rev, raisePhase: true, wake: false }
  await store.sight([{ ...finding, rev: 99, seen: null }], 1)
  expect(await losing(() => store.sight([{ ...finding, seen: { at: 3 } }], 1))).toBe(0)
  expect(await store.read('compute', 'c1')).toMatchObject({ rev: 2, phase: 1, seen: { at: 3 } })
})

test('keep-usage: written once', async () => {
  const host = 'h1' as HostId
  const point = { subject: { kind: 'host', id: host }, window: 'hour', point: { at: 5, values: [1] } } as const
  const before = { at: 1, host: null, machines: {} }
  await store.keepUsage(host, null, before, [])
  // The second run finds the time of the first.
  expect(await losing(() => store.keepUsage(host, before, { ...before, at: 5 }, [point]))).toBe(false)
  expect(await store.readUsage([host], 'machines')).toEqual([{ ...before, at: 5 }])
  expect(await store.usagePoints({ kind: 'host', id: host }, 'hour', 5)).toEqual([{ at: 5, values: [1] }])
})

test('place: booked once; the next look at the hosts finds it placed', async () => {
  await store.change(changeOf({ creates: [createOf('h1', { ref: hostRef('h1'), project: null })], waiting: ['c1'] }), 1)
  const claim = await store.claim('placement', 'site', 1)
  const record = await store.read('compute', 'c1')
  if (!claim || !record) throw new Error('gone')
  const placing = {
    ...{ ref: ref('c1'), project: P1, epoch: record.epoch, rev: record.rev, raisePhase: true },
    ...{ place: { host: 'h1' }, on: { host: 'h1', claim: '{}' } },
  }
  await store.place(claim, [], [], 1)
  const revision = (await store.hostClaims(['h1']))[0]?.revision ?? 0
  const result = await losing(() => store.place(claim, [{ host: 'h1', revision }], [placing], 1))
  expect(result).toEqual({ state: 'moved', host: 'h1' })
  expect((await store.hostClaims(['h1']))[0]).toEqual({ host: 'h1', revision: revision + 1, claims: { c1: '{}' } })
  expect(await store.waiting(10)).toEqual([])
})
