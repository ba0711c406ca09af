/** What ended being counted is kept by the script that ended it: once, whatever is run again, and in the month of its end. */
import { useOfPlace } from '../../../src/model/accounts'
import type { HostId } from '../../../src/model/ids'
import type { ComputePlace } from '../../../src/model/records'
import { openStore } from '../../../src/store'
import type { Claim, Store } from '../../../src/store/store'
import { type LossyProxy, startLossyProxy } from '../../support/lossy-proxy'
import { startRedis, type TestRedis } from '../../support/redis'
import {
  changeOf,
  claimed,
  createOf,
  hostRef,
  make,
  openTestSite,
  P1,
  P2,
  ref,
  type TestSite,
} from '../../support/store'
import { HOUR_MS, useOf } from '../../support/use'

let redis: TestRedis
let proxy: LossyProxy
let site: TestSite
/** Behind the proxy. */
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
  const hosts = ['h1', 'h2'].map((id) => createOf(id, { ref: hostRef(id), project: null, wake: false }))
  await site.store.change(changeOf({ creates: hosts }), 1_000)
})
afterEach(async () => {
  await store.close()
  await site.close()
})

const USE = { name: 'i-1', type: 't2.nano', cores: 1, memoryMiB: 512, diskGiB: 8, since: 1_000 }
const placeOn = (host: string, use?: ComputePlace['use']): ComputePlace => ({
  ...{ host: host as HostId, hostName: `host ${host}`, zone: 'a', simulated: false, at: 1_000, waiting: null },
  ...(use ? { use } : {}),
})
const NOWHERE = { ...placeOn(''), host: null, hostName: null }
const NOV = Date.parse('2026-11-30T23:59:59.500Z')
const DEC = Date.parse('2026-12-01T00:00:00.000Z')
const ended = { kind: 'machine', id: 'c1', project: P1, name: 'i-1', host: 'h1', hostName: 'host h1', from: 1_000 }

async function placed(use: ComputePlace['use'] = USE): Promise<Claim<'compute'>> {
  await site.store.change(changeOf({ creates: [createOf('c1', { place: placeOn('h1', use) })] }), 1_000)
  return claimed(site.store, 'c1')
}

/** Loses the reply of the next script call. */
async function losing<T>(call: () => Promise<T>): Promise<T> {
  const before = proxy.lost
  proxy.loseReplyTo(site.keys.root)
  const value = await call()
  expect(proxy.lost).toBe(before + 1)
  return value
}

const giveUp = { what: 'gone', giveUpPlace: { host: 'h1', place: NOWHERE, wait: false } }

test('a place that is given up: what it was counted as ends with it, in its month', async () => {
  const claim = await placed()
  expect(await site.store.observe(claim, giveUp, NOV)).toBe(true)
  expect(await site.store.used('2026-11', 0, 10)).toEqual([
    { ...ended, type: 't2.nano', cores: 1, memoryMiB: 512, diskGiB: 8, until: NOV },
  ])
  expect(await site.store.used('2026-12', 0, 10)).toEqual([])
  expect(await site.raw.pttl(site.keys.used('2026-11'))).toBeGreaterThan(390 * 86_400_000)
})

test('where the reply is lost and the script runs again, it is counted once', async () => {
  const claim = await placed()
  await store.observe(claim, { what: 'known to Redis' }, DEC)
  expect(await losing(() => store.observe(claim, giveUp, DEC))).toBe(true)
  expect(await site.store.used('2026-12', 0, 10)).toMatchObject([{ ...ended, until: DEC }])
})

test('an older claim ends nothing; an observation that leaves the place ends nothing', async () => {
  const older = await placed()
  const claim = await claimed(site.store, 'c1')
  expect(await site.store.observe(older, giveUp, DEC)).toBe(false)
  expect(await site.store.observe(claim, { what: 'looked', seen: { at: 1 } }, DEC)).toBe(true)
  expect(await site.store.used('2026-12', 0, 10)).toEqual([])
})

test('a place that an older program wrote ends in silence', async () => {
  const claim = await placed()
  const { use: _none, ...place } = placeOn('h1', USE)
  await site.raw.hset(site.keys.record('compute', 'c1'), 'place', JSON.stringify(place))
  expect(await site.store.observe(claim, giveUp, DEC)).toBe(true)
  expect(await site.store.used('2026-12', 0, 10)).toEqual([])
})

test('at a provider such a place is counted by its price there, since it was given', async () => {
  const claim = await placed()
  const { use: _none, ...place } = placeOn('h1', USE)
  const offer = { type: 't3.small', price: 22_800, currency: 'EUR' }
  await site.raw.hset(site.keys.record('compute', 'c1'), 'place', JSON.stringify({ ...place, offer }))
  const goesOn = useOfPlace((await claimed(site.store, 'c1')).record, null)
  expect(goesOn).toMatchObject({ id: 'c1', project: P1, host: 'h1', offer, from: place.at, until: null, cores: 0 })
  expect(await site.store.observe(claim, giveUp, DEC)).toBe(false)
  expect(await site.store.observe(await claimed(site.store, 'c1'), giveUp, DEC)).toBe(true)
  expect(await site.store.used('2026-12', 0, 10)).toEqual([{ ...goesOn, until: DEC }])
})

test('at a provider what it cost is kept with it', async () => {
  const offer = { type: 't3.small', price: 22_800, currency: 'EUR' }
  await placed()
  await site.raw.hset(site.keys.record('compute', 'c1'), 'place', JSON.stringify({ ...placeOn('h1', USE), offer }))
  await site.store.observe(await claimed(site.store, 'c1'), giveUp, DEC)
  expect(await site.store.used('2026-12', 0, 10)).toMatchObject([{ ...ended, offer }])
})

describe('placement', () => {
  const ends = async (parts: { readonly rev?: number; readonly endsUse?: true }, by: Store = site.store) => {
    const { epoch, rev } = (await claimed(site.store, 'c1')).record
    const claim = await site.store.claim('placement', 'site', 1)
    const [held] = await site.store.hostClaims(['h1'])
    if (!claim || !held) throw new Error('gone')
    const placing = { ref: ref('c1'), project: P1, epoch, rev, place: placeOn('h1'), raisePhase: true, ...parts }
    return by.place(claim, [held], [{ ...placing, on: { host: 'h1', claim: '{}' } }], DEC)
  }

  test('ends what it was counted as where it says so', async () => {
    await placed()
    expect(await ends({ endsUse: true })).toMatchObject({ placed: ['c1'] })
    expect(await site.store.used('2026-12', 0, 10)).toMatchObject([{ ...ended, until: DEC }])
  })

  test('and not otherwise, nor for a machine that moved since it was read', async () => {
    await placed()
    expect(await ends({})).toMatchObject({ placed: ['c1'] })
    expect(await ends({ endsUse: true, rev: 99 })).toMatchObject({ placed: [] })
    expect(await site.store.used('2026-12', 0, 10)).toEqual([])
  })

  test('once, where its reply is lost', async () => {
    await placed()
    await losing(() => ends({ endsUse: true }, store))
    expect(await site.store.used('2026-12', 0, 10)).toHaveLength(1)
  })
})

test('a move: the use on the former host ends as the one on the other begins', async () => {
  const claim = await placed()
  const after = placeOn('h2', { ...USE, since: DEC })
  const transfer = { seen: {}, journal: {}, what: 'moved', leave: { host: 'h1', ids: ['c1'] } }
  await site.store.transfer(claim, { ...transfer, place: placeOn('h1', USE) }, NOV)
  expect(await site.store.used('2026-11', 0, 10)).toEqual([])
  await losing(() => store.transfer(claim, { ...transfer, place: after, endsUse: true }, DEC))
  expect(await site.store.used('2026-12', 0, 10)).toMatchObject([{ ...ended, until: DEC }])
  expect((await site.store.read('compute', 'c1'))?.place.use?.since).toBe(DEC)
})

describe('a wish', () => {
  test('keeps what ends with it once, and gives a machine that stays another use', async () => {
    const { generation, record } = await placed()
    const place = placeOn('h1', { ...USE, cores: 2, since: DEC })
    const update = { ref: ref('c1'), project: P1, generation, phase: record.phase, wish: {}, raisePhase: false }
    const asked = changeOf({ updates: [{ ...update, wake: false, place }], used: [useOf({ until: DEC })] })
    expect(await losing(() => store.change(asked, DEC))).toMatchObject({ state: 'repeated' })
    expect(await site.store.used('2026-12', 0, 10)).toEqual([useOf({ until: DEC })])
    expect((await site.store.read('compute', 'c1'))?.place.use?.cores).toBe(2)
  })

  test('that is refused keeps nothing', async () => {
    const { generation, record } = await placed()
    const update = { ref: ref('c1'), project: P1, generation, phase: record.phase + 1, wish: {}, raisePhase: false }
    const asked = changeOf({ updates: [{ ...update, wake: false }], used: [useOf()] })
    expect(await site.store.change(asked, DEC)).toMatchObject({ state: 'moved' })
    expect(await site.store.used('2026-12', 0, 10)).toEqual([])
  })
})

test('they are read in pages, in the order of their ends', async () => {
  await make(site.store, 'c1')
  const uses = [1, 2, 3].map((n) => useOf({ id: `v${n}`, kind: 'volume', host: null, hostName: null, until: DEC + n }))
  await site.store.observe(await claimed(site.store, 'c1'), { what: '', used: uses }, DEC)
  expect(await site.store.used('2026-12', 0, 2)).toEqual(uses.slice(0, 2))
  expect(await site.store.used('2026-12', 2, 2)).toEqual(uses.slice(2))
  expect(await site.store.used('2026-12', 3, 2)).toEqual([])
  expect(await site.store.used('2026-12', 0, 0)).toEqual([])
})

test('a line of another release keeps its turn and counts for nobody', async () => {
  await site.raw.rpush(site.keys.used('2026-12'), '{"kind":"moon"}', JSON.stringify(useOf()))
  const [strange, known] = await site.store.used('2026-12', 0, 10)
  expect(strange).toMatchObject({ project: '', from: 0, until: 0 })
  expect(known).toEqual(useOf())
})

test('bytes are added up by project and host, once for each look', async () => {
  const host = 'h1' as HostId
  const flow = { project: P1, host, sentBytes: 10, receivedBytes: 5 }
  const first = { at: DEC, host: null, machines: {} }
  await store.keepUsage(host, null, first, [], [flow, { ...flow, project: P2, sentBytes: 0 }])
  const again = { ...first, at: DEC + HOUR_MS }
  await losing(() => store.keepUsage(host, first, again, [], [flow]))
  const flows = (await site.store.flows('2026-12')).toSorted((a, b) => (a.project < b.project ? -1 : 1))
  expect(flows).toEqual([
    { project: P1, host, sentBytes: 20, receivedBytes: 10 },
    { project: P2, host, sentBytes: 0, receivedBytes: 5 },
  ])
  expect(await site.store.flows('2026-11')).toEqual([])
})
