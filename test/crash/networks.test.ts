/** The end of a network: gone from every host before its record is, whatever dies on the way, and never while it is used. */
import { randomUUID } from 'node:crypto'
import type { NetworkWish } from '../../src/model/records'
import { type Claim, NOBODY } from '../../src/store/store'
import { reconcile } from '../../workers/reconcile/dispatch'
import type { Point } from '../../workers/reconcile/work'
import { Crash, openPump } from '../support/pump'
import { startRedis, type TestRedis } from '../support/redis'
import { NETWORK, type Site, startSite } from '../support/site'

let redis: TestRedis
let site: Site
beforeAll(async () => {
  redis = await startRedis()
})
afterAll(() => redis.stop())
beforeEach(async () => {
  site = await startSite({ hosts: 2, redis })
})
afterEach(() => site.close())

const SUBNET = 'subnet-00000000000000001'
const record = () => site.store.read('network', NETWORK)
const ref = { kind: 'network', id: NETWORK } as const

async function wish(change: Partial<NetworkWish>): Promise<void> {
  const found = await record()
  if (!found) throw new Error('no network')
  const update = { ref, project: null, generation: found.generation, wish: { ...found.wish, ...change } }
  const updates = [{ ...update, raisePhase: false, wake: true }]
  await site.store.change({ operationId: randomUUID(), actor: NOBODY, what: 'wish', updates }, 0)
}

/** Names of the hosts that have the network. */
async function having(): Promise<readonly string[]> {
  const { hosts } = await site.simulator.admin.snapshot()
  return hosts.flatMap((host) => (host.networks.some(({ name }) => name === SUBNET) ? [host.name] : []))
}

/** A machine ran on each host and is gone: both have the network. */
async function used(pump: ReturnType<typeof openPump>): Promise<void> {
  const ids = await site.order(2)
  for (const id of ids) await pump.until(site.is(id, 'running'), 'running')
  for (const host of ['sim-1', 'sim-2']) {
    const epoch = { era: 9e12, number: 1 }
    const order = { name: SUBNET, bridge: 'br0', vlan: null, cidr: '10.0.0.0/16', gateway: '10.0.0.1' }
    const { driver } = site.simulator
    await driver.network.ensure(
      site.simulator.host(Number(host.slice(-1))),
      { resource: 'i-x', epoch, key: 'k' },
      order,
    )
  }
  for (const id of ids) await site.wish(id, () => ({ exists: false }))
  for (const id of ids) await pump.until(site.is(id, 'done'), 'gone')
  expect(await having()).toEqual(['sim-1', 'sim-2'])
}

const POINTS: readonly (Point | 'never')[] = [
  'never',
  'after:claim',
  'before:act',
  'after:act',
  'before:result',
  'after:result',
  'before:forget',
  'after:forget',
  'after:settle',
]

test.each(POINTS)('a worker that dies %s leaves nothing of it anywhere', async (point) => {
  let armed = false
  const pump = openPump(site, {
    at: (here, about) => {
      if (!armed || here !== point || about.kind !== 'network') return
      armed = false
      throw new Crash(here)
    },
  })
  await used(pump)
  armed = true
  await wish({ exists: false })
  await pump.until(async () => (await record()) === undefined, 'its end')
  expect(await having()).toEqual([])
  expect(await site.store.resolve('names', [SUBNET, 'network:default'])).toEqual([undefined, undefined])
})

test('nothing is removed while a machine is connected, and all when it is gone', async () => {
  const pump = openPump(site)
  const [id = ''] = await site.order(1)
  await pump.until(site.is(id, 'running'), 'running')
  await wish({ exists: false })
  await reconcile(site.work(), ref)
  expect(await having()).toHaveLength(1)
  expect((await record())?.seen.clearedFrom).toBeUndefined()
  await site.wish(id, () => ({ exists: false }))
  await pump.until(async () => (await record()) === undefined, 'its end')
  expect(await having()).toEqual([])
})

test('one that is wanted again meanwhile stays', async () => {
  const pump = openPump(site)
  await used(pump)
  await wish({ exists: false })
  await wish({ exists: true })
  await reconcile(site.work(), ref)
  expect(await record()).toMatchObject({ wish: { exists: true }, seen: { state: 'active' } })
  expect(await having()).toEqual(['sim-1', 'sim-2'])
})

test('a host that says no, or is away, is asked again; the others are cleared meanwhile', async () => {
  const pump = openPump(site)
  await used(pump)
  await site.simulator.admin.refuse({ verb: 'network.remove', host: 'sim-1', times: 2, message: 'no' })
  await wish({ exists: false })
  await pump.until(async () => (await record()) === undefined, 'its end')
  expect(await having()).toEqual([])
})

test('a host that never answered has nothing of it, and holds up no end', async () => {
  const pump = openPump(site)
  await used(pump)
  const { wish: like, seen } = await site.host('sim-1')
  const id = randomUUID()
  const name = 'never'
  const create = {
    ...{ ref: { kind: 'host', id } as const, project: null, journal: null, place: null, wake: false },
    wish: { ...like, name, address: 'simulator:never' },
    seen: { ...seen, at: 0, contact: 'never' },
  }
  await site.store.change({ operationId: randomUUID(), actor: NOBODY, what: 'add-host', creates: [create] }, 0)
  await wish({ exists: false })
  await pump.until(async () => (await record()) === undefined, 'the end of the network')
  expect(await having()).toEqual([])
})

test('a job that is overtaken leaves the network to the newer one', async () => {
  const pump = openPump(site)
  await used(pump)
  await wish({ exists: false })
  let newer: Claim<'network'> | undefined
  const at = async (point: Point) => {
    if (point !== 'before:act' || newer !== undefined) return
    newer = await site.store.claim('network', NETWORK, pump.clock.now())
    if (newer === undefined) throw new Error('no network')
    // The newer job has been on both hosts.
    for (const host of [1, 2])
      await site.simulator.driver.find(site.simulator.host(host), { resource: SUBNET, epoch: newer.epoch })
  }
  await reconcile(site.work({ at }), ref)
  expect((await record())?.epoch).toEqual(newer?.epoch)
  await pump.until(async () => (await record()) === undefined, 'its end')
  expect(await having()).toEqual([])
})
