/** Requirements, ranks and priorities through the placement job: labels of hosts, what was measured, who else is there. */
import { lifecycle } from '../../../src/model/lifecycle'
import type { PlacementWish } from '../../../src/model/placement'
import { reconcileHost } from '../../../workers/reconcile/host'
import { reconcilePlacement } from '../../../workers/reconcile/placement'
import { openPump, type Pump } from '../../support/pump'
import { startRedis, type TestRedis } from '../../support/redis'
import { type Site, startSite } from '../../support/site'

let redis: TestRedis
let site: Site
let pump: Pump
beforeAll(async () => {
  redis = await startRedis()
})
afterAll(() => redis.stop())
beforeEach(async () => {
  const capacity = { cpuHundredths: 400, memoryMiB: 4096, diskGiB: 100 }
  site = await startSite({ redis, hosts: 3, capacity })
  pump = openPump(site, { hosts: 'age', hostPollMs: 5000 })
  await site.setHost('sim-1', { labels: { rack: 'r1', priority: '1' } })
  await site.setHost('sim-2', { labels: { rack: 'r2', priority: '9' } })
  await site.setHost('sim-3', { labels: { rack: 'r2', priority: '5' } })
})
afterEach(() => site.close())

const order = async (own: PlacementWish, count = 1, more: { type?: PlacementWish } = {}) =>
  site.order(count, { placement: { own, ...more } })
const hostOf = async (id: string) => (await site.compute(id)).place.hostName
const placed = (ids: readonly string[]) =>
  pump.until(async () => (await Promise.all(ids.map(hostOf))).every((host) => host !== null), 'places')
const waits = (id: string) => pump.until(async () => (await site.compute(id)).place.waiting !== null, 'reasons to wait')

test("requirements of owner and type hold together; the rank is the owner's", async () => {
  const type = { requirements: 'RACK = "r2"', policy: 'fixed' }
  const [fixed = ''] = await order({}, 1, { type })
  const [own = ''] = await order({ requirements: 'PRIORITY < 9' }, 1, { type })
  const [ranked = ''] = await order({ rank: '- PRIORITY' }, 1, { type })
  await placed([fixed, own, ranked])
  expect(await Promise.all([fixed, own, ranked].map(hostOf))).toEqual(['sim-2', 'sim-3', 'sim-3'])
})

test('what nobody meets waits with its reason, holds up nobody, and gets its place when a label changes', async () => {
  const [picky = ''] = await order({ requirements: 'RACK = "r3"' })
  const [other = ''] = await order({})
  await placed([other])
  await waits(picky)
  expect((await site.compute(picky)).place.waiting).toMatchObject({
    reasons: { 'does not meet its requirements': 3 },
    examples: [{ host: expect.stringMatching(/^sim-/), because: 'does not meet RACK = "r3"' }],
  })
  await site.setHost('sim-1', { labels: { rack: 'r3' } })
  await placed([picky])
  expect(await hostOf(picky)).toBe('sim-1')
})

test('beside and apart from machines of its own project, those placed in the same round too', async () => {
  const [first = ''] = await order({ requirements: 'RACK = "r1"' })
  await placed([first])
  const { name } = (await site.compute(first)).wish
  const [beside = ''] = await order({ requirements: `CURRENT_VMS = "${name}"` })
  const [apart = ''] = await order({ requirements: `CURRENT_VMS != "${name}"`, policy: 'packing' })
  await placed([beside, apart])
  expect(await hostOf(beside)).toBe('sim-1')
  expect(await hostOf(apart)).not.toBe('sim-1')
})

test('what was measured ranks: load-aware', async () => {
  const [busy = ''] = await order({ requirements: 'RACK = "r1"' })
  await pump.until(async () => lifecycle(await site.compute(busy)) === 'running', 'a running machine')
  const used = async () => {
    const hosts = await Promise.all(['sim-1', 'sim-2', 'sim-3'].map(async (name) => (await site.host(name)).id))
    return (await site.store.readUsage(hosts, 'hosts')).every(
      (window) => (window?.host?.rates.cpuCores ?? null) !== null,
    )
  }
  await pump.until(async () => {
    if (await used()) return true
    pump.clock.advance(1000)
    await site.simulator.admin.advance(1000)
    return false
  }, 'measures of all hosts')
  const [next = ''] = await order({ requirements: 'FREE_CPU > 0', policy: 'load-aware' })
  await placed([next])
  expect(await hostOf(next)).not.toBe('sim-1')
})

test('who has the higher priority comes first where there is room for few', async () => {
  const size = { type: '', cores: 4, cpuHundredths: 400, memoryMiB: 512, diskGiB: 1 }
  await Promise.all(['sim-2', 'sim-3'].map((name) => site.setHost(name, { enabled: false })))
  const [low = ''] = await site.order(1, { size })
  const [high = ''] = await site.order(1, { size, placement: { own: { priority: 10 } } })
  await placed([high])
  await waits(low)
  expect(await hostOf(low)).toBeNull()
})

test('the policy of the site counts where nobody says anything', async () => {
  const ids = await site.order(3)
  const work = { ...site.work({ clock: pump.clock }), placement: { policy: 'packing' } }
  for (const name of ['sim-1', 'sim-2', 'sim-3']) await reconcileHost(work, (await site.host(name)).id)
  await reconcilePlacement(work)
  expect(new Set(await Promise.all(ids.map(hostOf))).size).toBe(1)
})
