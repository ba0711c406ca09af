/** What is kept back of hosts and zones, over a real store. */
import { type Gateways, OPERATOR, startGateways } from '../../../support/gateways'
import { startRedis, type TestRedis } from '../../../support/redis'

let redis: TestRedis
let site: Gateways
beforeAll(async () => {
  redis = await startRedis()
  site = await startGateways(redis)
  await site.probeHosts({ cpuHundredths: 800, memoryMiB: 16_384, diskGiB: 100 })
})
afterAll(async () => {
  await site.close()
  await redis.stop()
})

const set = (name: string, keeps: { cpu?: string | null; memory?: string | null }) =>
  site.first.operations.setHost(OPERATOR, name, { keeps })
const zone = (name: string, keeps: { cpu?: string | null; memory?: string | null }) =>
  site.first.operations.reserveOfZone(OPERATOR, name, keeps)
const wishOf = async (name: string) =>
  (await site.second.operations.listHosts(OPERATOR)).find(({ wish }) => wish.name === name)?.wish

test('of a host: said, changed, taken away', async () => {
  expect((await set('sim-1', { cpu: '100', memory: '10%' })).wish.keeps).toEqual({ cpu: '100', memory: '10%' })
  await set('sim-1', { cpu: null })
  expect((await wishOf('sim-1'))?.keeps).toEqual({ memory: '10%' })
  await expect(set('sim-1', { cpu: 'half' })).rejects.toMatchObject({ kind: 'invalid', detail: { field: 'cpu' } })
  await expect(set('sim-1', { memory: '200%' })).rejects.toMatchObject({ kind: 'invalid', detail: { field: 'memory' } })
  expect((await wishOf('sim-1'))?.keeps).toEqual({ memory: '10%' })
})

test('of a zone: all of its hosts, and those that come to it', async () => {
  const own = (await wishOf('sim-1'))?.zone ?? ''
  const told = await zone(own, { cpu: '-50%' })
  expect(told.length).toBeGreaterThan(0)
  for (const { wish } of told) expect((await wishOf(wish.name))?.zoneKeeps).toEqual({ cpu: '-50%' })
  const { wish } = await site.first.operations.addHost(OPERATOR, {
    ...{ name: 'sim-new', zone: own, driver: 'simulator', address: 'simulator:sim-new' },
  })
  expect(wish.zoneKeeps).toEqual({ cpu: '-50%' })
  const elsewhere = await site.first.operations.setHost(OPERATOR, 'sim-new', { zone: 'another' })
  expect(elsewhere.wish.zoneKeeps).toBeUndefined()
  expect((await site.first.operations.setHost(OPERATOR, 'sim-new', { zone: own })).wish.zoneKeeps).toEqual({
    cpu: '-50%',
  })
  await expect(zone('nowhere', { cpu: '1' })).rejects.toMatchObject({ kind: 'not-found' })
})

test('a machine larger than any host is ordered where cores are given away twice', async () => {
  const { caller } = await site.project('ann')
  // A host that was never looked at may turn out large enough.
  await site.first.operations.removeHost(OPERATOR, 'sim-new')
  const order = { minCount: 1, maxCount: 1, cores: 12, memoryMiB: 1024 }
  for (const { wish } of await site.second.operations.listHosts(OPERATOR)) await zone(wish.zone, { cpu: null })
  await expect(site.first.operations.runComputes(caller, order)).rejects.toMatchObject({ kind: 'no-capacity' })
  await set('sim-2', { cpu: '-100%' })
  expect((await site.first.operations.runComputes(caller, order)).computes).toHaveLength(1)
})

test('nobody gives a host away more than ten times, by an amount or a share, of a host or of its zone', async () => {
  const own = (await wishOf('sim-1'))?.zone ?? ''
  const refused = (field: string, message: RegExp) => ({
    kind: 'invalid',
    message: expect.stringMatching(message),
    detail: { field },
  })
  for (const say of [set.bind(null, 'sim-1'), zone.bind(null, own)]) {
    await expect(say({ cpu: '-9999900' })).rejects.toMatchObject(
      refused('cpu', /-9999900 .*has 800.*ten times \(-7200, or -900%\)/),
    )
    await expect(say({ cpu: '-7201' })).rejects.toMatchObject(refused('cpu', /-7201/))
    await expect(say({ memory: '-147457' })).rejects.toMatchObject(
      refused('memory', /-147457 MiB.*has 16384.*\(-147456/),
    )
    await expect(say({ cpu: '-901%' })).rejects.toMatchObject({ kind: 'invalid', detail: { field: 'cpu' } })
    await say({ cpu: '-7200', memory: '-147456' })
  }
  expect(await wishOf('sim-1')).toMatchObject({
    keeps: { cpu: '-7200', memory: '-147456' },
    zoneKeeps: { cpu: '-7200' },
  })
})
