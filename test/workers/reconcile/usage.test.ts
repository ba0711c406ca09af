/** Host jobs keep what was told of use, beside the records. */
import { lifecycle } from '../../../src/model/lifecycle'
import { monthOf } from '../../../src/model/providers/money'
import type { MachineUsage } from '../../../src/model/usage'
import type { Driver, HostListing } from '../../../workers/drivers/driver'
import { reconcileHost } from '../../../workers/reconcile/host'
import { POLL_MS, REFRESH_MS } from '../../../workers/reconcile/host-seen'
import { openPump, type PumpOptions } from '../../support/pump'
import { startRedis, type TestRedis } from '../../support/redis'
import { type Site, startSite } from '../../support/site'

let redis: TestRedis
let site: Site
beforeAll(async () => {
  redis = await startRedis()
})
afterAll(() => redis.stop())
beforeEach(async () => {
  site = await startSite({ redis, hosts: 1 })
})
afterEach(() => site.close())

async function running(options: PumpOptions = {}) {
  const pump = openPump(site, { hosts: 'age', hostPollMs: 5000, ...options })
  const [id = ''] = await site.order(1)
  await pump.until(async () => lifecycle(await site.compute(id)) === 'running', 'a running machine')
  const host = await site.host('sim-1')
  const { wish } = await site.compute(id)
  const window = async () => (await site.store.readUsage([host.id], 'machines'))[0] ?? null
  const pass = async (seconds: number) => {
    for (const end = pump.clock.now() + seconds * 1000; pump.clock.now() < end; pump.clock.advance(1000)) {
      await pump.turn()
      // What is used grows with the host's own time.
      await site.simulator.admin.advance(1000)
    }
  }
  return { pump, id, host, name: wish.name, window, pass }
}

test('what a host and its machines use is kept with each look, and its record is not written for it', async () => {
  const { pump, host, name, window, pass } = await running()
  await pass(12)
  const before = await site.host('sim-1')
  await pass(70)
  const kept = await window()
  expect(kept?.host).toMatchObject({ usage: { freeMemoryMiB: expect.any(Number) } })
  expect(kept?.host?.usage.load).toBeGreaterThan(0)
  expect(kept?.host?.rates.cpuCores).toBeGreaterThanOrEqual(0.04)
  expect(Object.keys(kept?.machines ?? {})).toEqual([name])
  expect(kept?.machines[name]?.rates.cpuCores).toBeGreaterThanOrEqual(0)
  // Looked at every five seconds; written only to say once in a while when it was seen last.
  expect((await site.host('sim-1')).rev - before.rev).toBeLessThanOrEqual(Math.ceil(70_000 / REFRESH_MS))
  // When it was seen last is in the window: at most a period ago.
  expect(pump.clock.now() - (kept?.at ?? 0)).toBeLessThanOrEqual(6000)
  const points = await site.store.usagePoints({ kind: 'host', id: host.id }, 'hour', pump.clock.now())
  expect(points.length).toBeGreaterThanOrEqual(2)
  expect(await site.store.usagePoints({ kind: 'machine', name }, 'hour', pump.clock.now())).not.toEqual([])
})

test('a machine that is off is not followed any more', async () => {
  const { pump, id, window, pass } = await running()
  await pass(12)
  await site.wish(id, () => ({ power: 'off' }))
  await pump.until(async () => (await site.compute(id)).seen.machine?.domain === 'off', 'a machine that is off')
  await pass(12)
  expect((await window())?.machines).toEqual({})
})

type Change = (listing: HostListing) => HostListing

const hearing =
  (change: Change) =>
  (driver: Driver): Driver => ({
    ...driver,
    list: async (host, watch) => change(await driver.list(host, watch)),
  })
const told = (change: Change): PumpOptions => ({ between: hearing(change) })

test('domains that have no place there are not followed, whatever the host calls them', async () => {
  const use = { cpuSeconds: 1, memoryMiB: 1, receivedBytes: 0, sentBytes: 0, readBytes: 0, writtenBytes: 0 }
  const { name, window, pass } = await running(
    told((listing) => ({
      ...listing,
      ...(listing.usage
        ? { usage: { ...listing.usage, machines: [...listing.usage.machines, { name: '../../x y', ...use }] } }
        : {}),
    })),
  )
  await pass(12)
  expect(Object.keys((await window())?.machines ?? {})).toEqual([name])
})

const boot = { mode: 'pvh', kernel: null, initramfs: null, cmdline: null, settings: {} } as const

test.each([
  ['was started here: it counts from nothing', {}, 5_000],
  ['was taken over: what it sent before is nobody’s', { adopted: { from: 'web', boot, disks: [] } }, 0],
])('a machine that comes with a counter %s', async (_what, wish, counted) => {
  const { pump, id, host } = await running()
  await site.wish(id, () => wish)
  const plain = site.work({ clock: pump.clock })
  const look = async (...sent: readonly number[]) => {
    const machines = (all: readonly MachineUsage[]) =>
      sent.flatMap((sentBytes) => all.map((one) => ({ ...one, sentBytes })))
    const hear = hearing(({ usage, ...listing }) => ({
      ...listing,
      ...(usage ? { usage: { ...usage, machines: machines(usage.machines) } } : {}),
    }))
    pump.clock.advance(1000)
    await reconcileHost({ ...plain, driver: (kind) => hear(plain.driver(kind)) }, host.id)
    const flows = await site.store.flows(monthOf(pump.clock.now()))
    return flows.reduce((sum, { sentBytes }) => sum + sentBytes, 0)
  }
  const before = await look()
  expect((await look(5_000)) - before).toBe(counted)
  expect((await look(5_020)) - before).toBe(counted + 20)
})

test('of a host that tells no use it is known when it was seen last', async () => {
  const { pump, window, pass } = await running(told(({ usage: _none, ...listing }) => listing))
  await pass(12)
  const kept = await window()
  expect(kept).toEqual({ at: expect.any(Number), host: null, machines: {} })
  expect(pump.clock.now() - (kept?.at ?? 0)).toBeLessThanOrEqual(6000)
})

test.each([
  ['simulated', true, POLL_MS.simulated],
  ['real', false, POLL_MS.real],
])('a %s host is looked at as often as suits it where the operator says nothing', async (_what, simulated, everyMs) => {
  const { hostPollMs: _given, ...work } = site.work()
  await site.setHost('sim-1', { simulated })
  const { id } = await site.host('sim-1')
  await reconcileHost(work, id)
  const now = work.clock.now()
  expect((await site.store.sweep(now + everyMs - 2000, 10)).some((ref) => ref.kind === 'host')).toBe(false)
  expect((await site.store.sweep(now + everyMs, 10)).some((ref) => ref.kind === 'host')).toBe(true)
})
