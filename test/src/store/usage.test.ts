/** Windows of use: bounded, expiring, written in one script beside the records. */
import type { HostId } from '../../../src/model/ids'
import { advance, type HostUsage, type HostWindow, type MachineUsage, type Reached } from '../../../src/model/usage'
import { startRedis, type TestRedis } from '../../support/redis'
import { openTestSite, type TestSite } from '../../support/store'

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

const HOST = 'eeeeeeee-0000-4000-8000-000000000001' as HostId
const T0 = 1_800_000_000_000
const HOUR = 3_600_000

const machine = (cpuSeconds: number): MachineUsage => ({
  ...{ name: 'i-1', cpuSeconds, memoryMiB: 512, receivedBytes: 1, sentBytes: 2, readBytes: 3, writtenBytes: 4 },
})
const usage = (cpuSeconds: number): HostUsage => ({
  ...{ load: 0.5, uptimeSeconds: 1000 + cpuSeconds, cpuSeconds, freeMemoryMiB: 4096, machines: [machine(cpuSeconds)] },
})
const point = (at: number, value = 1): Reached => ({
  ...{ subject: { kind: 'machine', name: 'i-1' }, window: 'hour', point: { at, values: [value, null] } },
})
const windowAt = (at: number): HostWindow => advance(HOST, null, usage(1), at).window

/** Looks every `everyMs`, as a host job does. */
async function follow(looks: number, everyMs: number): Promise<number> {
  let at = T0
  for (let i = 0; i < looks; i++, at += everyMs) {
    const [former = null] = await site.store.readUsage([HOST], 'machines')
    const { window, points } = advance(HOST, former, usage(i), at)
    expect(await site.store.keepUsage(HOST, former, window, points)).toBe(true)
  }
  return at - everyMs
}

test('what was written is read again, with its machines or without', async () => {
  const { window } = advance(HOST, windowAt(T0), usage(7), T0 + 30_000)
  await site.store.keepUsage(HOST, null, window, [])
  const other = 'eeeeeeee-0000-4000-8000-000000000002' as HostId
  expect(await site.store.readUsage([other, HOST], 'machines')).toEqual([null, window])
  expect(await site.store.readUsage([HOST], 'hosts')).toEqual([{ ...window, machines: {} }])
  expect(await site.store.readUsage([], 'hosts')).toEqual([])
  const many = Array.from({ length: 4_100 }, (_, at) => (at === 2_000 || at === 4_099 ? HOST : other))
  const told = await site.store.readUsage(many, 'hosts')
  expect(told.flatMap((one, at) => (one === null ? [] : at))).toEqual([2_000, 4_099])
  expect(told).toHaveLength(4_100)
})

test('what a host could not tell is kept as not known', async () => {
  const told = { ...usage(1), machines: [{ ...machine(1), sentBytes: null, readBytes: null }] }
  const { window } = advance(HOST, null, told, T0)
  await site.store.keepUsage(HOST, null, window, [])
  const [found] = await site.store.readUsage([HOST], 'machines')
  expect(found?.machines['i-1']?.usage).toMatchObject({ receivedBytes: 1, sentBytes: null, readBytes: null })
})

test('no more than an hour of half minutes and a day of five minutes, whatever comes', async () => {
  const at = await follow(130, 300_000)
  const { keys, raw } = site
  for (const subject of [`host:${HOST}`, 'machine:i-1']) {
    expect(await raw.llen(keys.points('hour', subject))).toBe(120)
    expect(await raw.llen(keys.points('day', subject))).toBe(128)
  }
  const hour = await site.store.usagePoints({ kind: 'machine', name: 'i-1' }, 'hour', at)
  // 120 are kept, those of the last hour are told.
  expect(hour).toHaveLength(11)
  expect(hour.map((one) => one.at)).toEqual(hour.map((one) => one.at).toSorted((a, b) => a - b))
  expect(hour.at(-1)).toEqual({ at: at - 300_000, values: [0.003, 512, 0, 0, 0, 0] })
  await site.store.keepUsage(
    HOST,
    windowAt(at),
    windowAt(at + 1),
    Array.from({ length: 300 }, (_, i): Reached => ({ ...point(at + i), window: 'day' })),
  )
  expect(await raw.llen(keys.points('day', 'machine:i-1'))).toBe(288)
})

test('all of it goes away by itself: points after their window, the last look after a day', async () => {
  await follow(12, 30_000)
  const { keys, raw } = site
  const left = async (key: string) => Math.round((await raw.pttl(key)) / 60_000)
  expect(await left(keys.usage(HOST))).toBe(24 * 60)
  expect(await left(keys.points('hour', 'machine:i-1'))).toBe(60)
  expect(await left(keys.points('day', `host:${HOST}`))).toBe(24 * 60)
})

test('no record changes, no event is told, nothing is put on the agenda', async () => {
  const before = await site.raw.dump(site.keys.root)
  const events = await site.raw.xlen(site.keys.events)
  const agenda = await site.store.agendaSize()
  await follow(12, 30_000)
  expect(await site.raw.dump(site.keys.root)).toEqual(before)
  expect(await site.raw.xlen(site.keys.events)).toBe(events)
  expect(await site.store.agendaSize()).toBe(agenda)
})

test('of two workers that looked at once one writes; the other is told', async () => {
  const first = windowAt(T0)
  expect(await site.store.keepUsage(HOST, null, first, [point(T0)])).toBe(true)
  expect(await site.store.keepUsage(HOST, null, windowAt(T0 + 1), [point(T0 + 1)])).toBe(false)
  expect(await site.store.keepUsage(HOST, windowAt(T0 - 1), windowAt(T0 + 2), [point(T0 + 2)])).toBe(false)
  expect((await site.store.readUsage([HOST], 'machines'))[0]).toEqual(first)
  expect(await site.store.usagePoints({ kind: 'machine', name: 'i-1' }, 'hour', T0)).toEqual([
    { at: T0, values: [1, null] },
  ])
})

test('points older than the window are not told', async () => {
  await site.store.keepUsage(HOST, null, windowAt(T0), [point(T0 - HOUR - 1), point(T0 - HOUR + 1), point(T0)])
  const told = await site.store.usagePoints({ kind: 'machine', name: 'i-1' }, 'hour', T0)
  expect(told.map(({ at }) => at)).toEqual([T0 - HOUR + 1, T0])
  expect(await site.store.usagePoints({ kind: 'machine', name: 'i-2' }, 'hour', T0)).toEqual([])
  expect(await site.store.usagePoints({ kind: 'host', id: HOST }, 'day', T0)).toEqual([])
})

test('what another release wrote in another form counts as nothing', async () => {
  await site.raw.hset(site.keys.usage(HOST), { at: T0, host: '{"load":"much"}', machines: 'nonsense' })
  await site.raw.lpush(site.keys.points('hour', 'machine:i-1'), '{"at":1}', 'nonsense')
  expect(await site.store.readUsage([HOST], 'machines')).toEqual([{ at: T0, host: null, machines: {} }])
  expect(await site.store.usagePoints({ kind: 'machine', name: 'i-1' }, 'hour', T0)).toEqual([])
})

test.each(['', 'a b', 'i-1:day', '../x'])('a machine called %p is none', async (name) => {
  const reached: Reached = { ...point(T0), subject: { kind: 'machine', name } }
  await expect(site.store.keepUsage(HOST, null, windowAt(T0), [reached])).rejects.toMatchObject({ kind: 'invalid' })
})

test('how much is to be done', async () => {
  const backlog = await site.store.backlog(Number.MAX_SAFE_INTEGER)
  expect(backlog).toEqual({ entries: await site.store.agendaSize(), due: backlog.entries, waiting: 0 })
  expect((await site.store.backlog(-1)).due).toBe(0)
})
