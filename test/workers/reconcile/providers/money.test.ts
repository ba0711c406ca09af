/** Workers and an account at a simulated ElasticHosts zone, on a clock of the test's: what is spent, who is told, what is stopped, what is nobody's. */
import { join } from 'node:path'
import { costOf, monthEnd } from '../../../../src/model/providers/money'
import type { ProviderWish } from '../../../../src/model/providers/record'
import { openKeyRingFile } from '../../../../src/store/key-ring'
import { seal } from '../../../../src/store/sealed'
import type { Driver } from '../../../../workers/drivers/driver'
import { openElasticHostsDriver } from '../../../../workers/drivers/providers/elastichosts'
import { type ElasticHostsSimulator, startElasticHosts } from '../../../clouds/elastichosts/simulator'
import { ELASTIC_IMAGE, SMALL } from '../../../support/elastichosts-stage'
import { openPump, type Pump } from '../../../support/pump'
import { startRedis, type TestRedis } from '../../../support/redis'
import { IMAGE, type Site, startSite } from '../../../support/site'

// Each waits out some minutes of the workers' clock, job by job, on machines that are shared.

const HOUR = 3_600_000
let redis: TestRedis
let site: Site
let zone: ElasticHostsSimulator
let pump: Pump
let driver: Driver

beforeAll(async () => {
  redis = await startRedis()
})
afterAll(() => redis.stop())
beforeEach(async () => {
  zone = await startElasticHosts()
  site = await startSite({ redis, hosts: 2 })
  await site.setHost('sim-1', { enabled: false })
  await site.setHost('sim-2', { driver: 'elastichosts', address: zone.url, provider: await account() })
  pump = openPump(site, { between: (plain) => (plain.kind === 'elastichosts' ? driver : plain) })
  driver = openElasticHostsDriver({ site: site.name, now: () => pump.clock.now() })
  await pump.until(async () => (await site.host('sim-2')).seen.contact === 'ok', 'the account')
})
afterEach(async () => {
  await driver.close()
  await site.close()
  await zone.close()
})

async function account(parts: Partial<ProviderWish> = {}): Promise<ProviderWish> {
  const { id } = await site.host('sim-2')
  return {
    ...{
      region: 'sat-p',
      account: zone.account.user,
      settings: {},
      types: [SMALL],
      images: { [IMAGE]: ELASTIC_IMAGE },
    },
    secret: seal(openKeyRingFile(join(site.simulator.folder, 'keys')), id, zone.account.key),
    limits: { cores: null, memoryMiB: null },
    ...{ latencyMs: null, burstAfterMs: 0, currency: 'USD', budget: null },
    ...parts,
  }
}
const set = async (parts: Partial<ProviderWish>) => site.setHost('sim-2', { provider: await account(parts) })
const seen = async () => (await site.host('sim-2')).seen

/** A poll that has seen this moment. */
async function looked(): Promise<void> {
  const from = pump.clock.now()
  await site.store.wake([{ kind: 'host', id: (await site.host('sim-2')).id }], from)
  await pump.until(async () => ((await seen()).spending?.at ?? 0) >= from, 'a look')
}

test('what is spent: the price of its placement with disk and address, from its place to its end', async () => {
  await set({ prices: { diskGiB: 1_000, address: 500 } })
  const [id = ''] = await site.order(1)
  await pump.until(site.is(id, 'running'), 'it runs')
  const { offer, at } = (await site.compute(id)).place
  expect(offer).toEqual({ type: 'small', price: 20_000 + 1_000 + 500, currency: 'USD' })
  pump.clock.advance(2 * HOUR)
  // The price of later is not its own.
  await set({ types: [{ ...SMALL, price: 90_000 }] })
  await site.wish(id, () => ({ exists: false }))
  await pump.until(site.is(id, 'done'), 'its end')
  await looked()
  const [use] = (await site.store.used(new Date(pump.clock.now()).toISOString().slice(0, 7), 0, 9)).filter(
    (one) => one.id === id,
  )
  const { spending } = await seen()
  expect(use).toMatchObject({ from: at, offer, hostName: 'sim-2' })
  expect(spending?.total).toBe(costOf(21_500, (use?.until ?? 0) - at))
  expect(spending?.total).toBeGreaterThanOrEqual(2 * 21_500)
})

test('a budget that nears its end is told once for each mark, and again when it is passed', async () => {
  const [id = ''] = await site.order(1)
  await pump.until(site.is(id, 'running'), 'it runs')
  const alarms = async () =>
    (await site.store.history({ kind: 'host', id: (await site.host('sim-2')).id }, 50)).filter(
      ({ what }) => what === 'provider-budget-alarm',
    ).length
  await set({ budget: 100_000, alarmAt: 50 })
  await looked()
  expect([(await seen()).alarm, await alarms()]).toEqual([undefined, 0])
  pump.clock.advance(3 * HOUR)
  await looked()
  await looked()
  expect([(await seen()).alarm?.mark, await alarms()]).toEqual([50, 1])
  pump.clock.advance(3 * HOUR)
  await looked()
  expect([(await seen()).alarm?.mark, await alarms()]).toEqual([100, 2])
  expect(await site.is(id, 'running')()).toBe(true)
  await set({ budget: 100_000_000 })
  await looked()
  expect((await seen()).alarm).toBeUndefined()
})

test('stopped at the budget: machines that run are stopped and never ended, started ones again, until there is money', async () => {
  const [one = '', two = ''] = await site.order(2)
  await pump.until(async () => (await site.is(one, 'running')()) && (await site.is(two, 'running')()), 'both run')
  await set({ budget: 50_000, stopAtBudget: true })
  await looked()
  expect(await site.is(one, 'running')()).toBe(true)
  pump.clock.advance(2 * HOUR)
  await looked()
  await pump.until(async () => (await site.is(one, 'poweroff')()) && (await site.is(two, 'poweroff')()), 'both are off')
  const stopped = await site.compute(one)
  expect(stopped.wish).toMatchObject({ exists: true, power: 'off', how: 'graceful' })
  expect(stopped.wish.reason).toMatch(/^Server\.BudgetSpent/)
  expect([...zone.world.servers.values()].map(({ status }) => status)).toEqual(['stopped', 'stopped'])
  await site.wish(one, ({ starts }) => ({ power: 'on', starts: starts + 1 }))
  await looked()
  await pump.until(site.is(one, 'poweroff'), 'it is off again')
  expect((await site.compute(one)).wish.power).toBe('off')
  await set({ budget: 100_000_000, stopAtBudget: true })
  await site.wish(one, ({ starts }) => ({ power: 'on', starts: starts + 1 }))
  await pump.until(site.is(one, 'running'), 'it runs again')
  await looked()
  expect(await site.is(one, 'running')()).toBe(true)
})

test('in a new month there is money again', async () => {
  const [id = ''] = await site.order(1)
  await pump.until(site.is(id, 'running'), 'it runs')
  pump.clock.advance(monthEnd(pump.clock.now()) - pump.clock.now() + HOUR)
  await set({ budget: 30_000, stopAtBudget: true })
  await looked()
  const { spending } = await seen()
  expect(spending?.total).toBeLessThan(30_000)
  expect(await site.is(id, 'running')()).toBe(true)
})

test('what bears our mark and is no machine’s is told with what it costs, and not touched', async () => {
  const call = async (path: string, body: object): Promise<Record<string, string>> => {
    const authorization = `Basic ${Buffer.from(`${zone.account.user}:${zone.account.key}`).toString('base64')}`
    const headers = { authorization, 'content-type': 'application/json', accept: 'application/json' }
    const answer = await fetch(new URL(path, zone.url), { method: 'POST', headers, body: JSON.stringify(body) })
    return (await answer.json()) as Record<string, string>
  }
  const name = 'i-0000000000000dead'
  const mark = { 'user:vm': name, 'user:site': site.name, 'user:type': 'small' }
  const { drive } = await call('/drives/create', { name: 'stray', size: String(2 ** 30), ...mark, 'user:role': 'root' })
  const machine = {
    name: 'stray',
    cpu: '2000',
    mem: '512',
    persistent: 'true',
    boot: 'ide:0:0',
    'ide:0:0': drive ?? '',
  }
  const { server } = await call('/servers/create', { ...machine, ...mark })
  await looked()
  const { orphans, strays } = await seen()
  expect(orphans).toEqual([name])
  expect(strays).toMatchObject({ [name]: { object: server, type: 'small', price: 20_000, since: expect.any(Number) } })
  await looked()
  expect([...zone.world.servers.keys()]).toContain(server)
})
