/** Host jobs: silence, return, restart, guests that do as they like, domains that nobody ordered, leftovers. */
import { compareEpochs } from '../../../src/model/epoch'
import { lifecycle } from '../../../src/model/lifecycle'
import { wrongs } from '../../support/invariants'
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
  site = await startSite({ redis, hosts: 2, deadlineMs: 1500 })
  pump = openPump(site, { hostPollMs: 5000 })
})
afterEach(() => site.close())

const is = (id: string, state: string) => async () => lifecycle(await site.compute(id)) === state
const running = async () => {
  const [id = ''] = await site.order(1)
  await pump.until(is(id, 'running'), 'a running machine')
  const { wish, place } = await site.compute(id)
  return { id, name: wish.name, host: place.hostName ?? '' }
}
const pass = async (seconds: number) => {
  for (const end = pump.clock.now() + seconds * 1000; pump.clock.now() < end; pump.clock.advance(1000))
    await pump.turn()
}

test('what a host is and has is on its record', async () => {
  await pump.until(async () => (await site.host('sim-1')).seen.contact === 'ok', 'contact')
  const { seen } = await site.host('sim-1')
  expect(seen).toMatchObject({ lostSince: null, foreign: [], orphans: [] })
  expect(seen.capacity?.cpuHundredths).toBeGreaterThan(0)
  expect(seen.boot).not.toBeNull()
})

test('its record is written at most every half minute when nothing changes', async () => {
  await pump.until(async () => (await site.host('sim-1')).seen.contact === 'ok', 'contact')
  const before = await site.host('sim-1')
  await pass(20)
  expect((await site.host('sim-1')).rev).toBe(before.rev)
  await pass(20)
  const after = await site.host('sim-1')
  expect(after.rev).toBe(before.rev + 1)
  expect(after.seen.at).toBeGreaterThan(before.seen.at)
})

test('a host that is silent: unknown after ten seconds, never off, and as before when it is back', async () => {
  const { id, host } = await running()
  await site.simulator.admin.vanish(host)
  const since = pump.clock.now()
  await pump.until(is(id, 'unknown'), 'unknown')
  expect(pump.clock.now() - since).toBeGreaterThanOrEqual(10_000)
  expect((await site.compute(id)).seen).toMatchObject({ contact: 'lost', machine: { domain: 'running' } })
  expect((await site.host(host)).seen).toMatchObject({ contact: 'lost' })
  await site.simulator.admin.giveBack(host)
  await pump.until(is(id, 'running'), 'running')
  expect((await site.host(host)).seen).toMatchObject({ contact: 'ok', lostSince: null, message: null })
})

test('a volume that no record knows is told as an orphan, and left alone', async () => {
  const { driver } = site.simulator
  const name = 'vol-0123456789abcdef0'
  const ticket = { resource: name, epoch: { era: 1, number: 1 }, key: 'a/disk' }
  const order = { name, sizeGiB: 1, source: { from: 'blank' } } as const
  await driver.disk.ensure(site.simulator.host(1), ticket, order)
  const isTold = async () => (await site.host('sim-1')).seen.orphans.includes(name)
  await pump.until(isTold, 'the orphan')
  await pass(60)
  expect((await driver.list(site.simulator.host(1))).volumes).toEqual([name])
})

test('what is wished meanwhile comes true when it is back', async () => {
  const { id, host } = await running()
  await site.simulator.admin.vanish(host)
  await pump.until(is(id, 'unknown'), 'unknown')
  await site.wish(id, () => ({ exists: false }))
  await pass(60)
  expect(lifecycle(await site.compute(id))).toBe('stopping')
  await site.simulator.admin.giveBack(host)
  await pump.until(is(id, 'done'), 'its end')
  expect(await wrongs(site)).toEqual([])
})

test('a host that restarted: what ran there is started again, once', async () => {
  const { id, name, host } = await running()
  await site.simulator.admin.giveBack(host, 'restarted')
  const isOn = async () => (await site.found(name))[0]?.sighting.domain === 'running'
  await pump.until(isOn, 'a running domain')
  await pump.until(is(id, 'running'), 'a running machine')
  expect((await site.found(name))[0]?.effects['power.on']).toBe(2)
  expect(await wrongs(site)).toEqual([])
})

test('a restart that its own job sees first', async () => {
  const { id, name, host } = await running()
  await site.simulator.admin.giveBack(host, 'restarted')
  await site.wish(id, ({ tags }) => ({ tags: { ...tags, a: 'b' } }))
  await pump.until(async () => (await site.found(name))[0]?.sighting.domain === 'running', 'a running domain')
  await pump.until(is(id, 'running'), 'a running machine')
})

test('a guest that stops by itself stays off, through a restart of its host as well', async () => {
  const { id, name, host } = await running()
  await site.simulator.admin.guestStops(host, name)
  await pump.until(is(id, 'poweroff'), 'power off')
  await site.simulator.admin.giveBack(host, 'restarted')
  await pass(30)
  expect(lifecycle(await site.compute(id))).toBe('poweroff')
  expect((await site.found(name))[0]?.effects['power.on']).toBe(1)
  await site.wish(id, ({ starts }) => ({ power: 'on', starts: starts + 1 }))
  await pump.until(is(id, 'running'), 'a running machine')
})

test('a guest that crashes is off, and can be started and deleted', async () => {
  const { id, name, host } = await running()
  await site.simulator.admin.guestCrashes(host, name)
  await pump.until(is(id, 'poweroff'), 'power off')
  await site.wish(id, () => ({ exists: false }))
  await pump.until(is(id, 'done'), 'its end')
  expect(await wrongs(site)).toEqual([])
})

test('domains of others count against the host and are never touched', async () => {
  const size = { type: '', cores: 60, cpuHundredths: 6000, memoryMiB: 1024, diskGiB: 0 }
  await site.simulator.admin.addForeign('sim-1', { name: 'theirs', size })
  const [id = ''] = await site.order(1, {
    size: { type: '', cores: 10, cpuHundredths: 1000, memoryMiB: 512, diskGiB: 1 },
  })
  await pump.until(is(id, 'running'), 'a running machine')
  expect((await site.compute(id)).place.hostName).toBe('sim-2')
  await pump.until(async () => (await site.host('sim-1')).seen.foreign.length === 1, 'the foreign domain')
  const { hosts } = await site.simulator.admin.snapshot()
  expect(hosts[0]?.foreign).toHaveLength(1)
})

test('a domain with our mark and no record is told and not touched', async () => {
  const name = 'i-0badc0ffee0000001'
  const size = { type: '', cores: 1, cpuHundredths: 100, memoryMiB: 512, diskGiB: 1 }
  const definition = { name, id: 'no-such-record', site: site.name, size, disks: [], interfaces: [], seed: null }
  await site.simulator.admin.addOrphan('sim-1', definition)
  await pump.until(async () => (await site.host('sim-1')).seen.orphans.length === 1, 'an orphan told')
  expect((await site.host('sim-1')).seen.orphans).toEqual([name])
  await pass(30)
  expect((await site.found(name))[0]?.sighting.domain).toBe('running')
})

test('a copy of a machine on a host where it has no place is removed, the machine itself runs on', async () => {
  const { id, name, host } = await running()
  const other = host === 'sim-1' ? 'sim-2' : 'sim-1'
  const [found] = await site.found(name)
  if (!found?.definition) throw new Error('no definition')
  await site.simulator.admin.addOrphan(other, { ...found.definition, id })
  await pump.until(async () => (await site.found(name)).length === 1, 'one of them left')
  await pump.until(is(id, 'running'), 'a running machine')
  expect((await site.found(name))[0]).toMatchObject({ host, effects: { 'power.on': 1 } })
  expect((await site.host(other)).seen.orphans).toEqual([])
  expect(await wrongs(site)).toEqual([])
})

test('a machine that lost its disk has failed and is not silently made anew', async () => {
  const { id, name, host } = await running()
  const target = site.simulator.host(Number(host.slice(-1)))
  const epoch = { era: 9e12, number: 1 }
  const ticket = (key: string) => ({ resource: name, epoch, key })
  await site.simulator.driver.power(target, ticket('a'), { to: 'off', how: 'hard' })
  await site.simulator.driver.undefine(target, ticket('b'))
  await site.simulator.driver.disk.remove(target, ticket('c'), `${name}-root`)
  await pump.until(is(id, 'failed'), 'failure')
  expect((await site.compute(id)).journal.failed?.message).toMatch(/disks are gone/)
})

test('a host whose guard knows a newer epoch, as after a restored backup: claims go above it, in a new era', async () => {
  const { id, name, host } = await running()
  const target = site.simulator.host(Number(host.slice(-1)))
  const epoch = { era: (await site.compute(id)).epoch.era, number: 1_000_000 }
  await site.simulator.driver.find(target, { resource: name, epoch })
  await site.wish(id, () => ({ power: 'off', how: 'hard' }))
  await pump.until(is(id, 'poweroff'), 'power off')
  const risen = await site.compute(id)
  expect(compareEpochs(risen.epoch, epoch)).toBeGreaterThan(0)
  expect(risen.epoch.era).toBeGreaterThan(epoch.era)
  const other = await site.store.claim('host', (await site.host('sim-1')).id, pump.clock.now())
  expect(other?.epoch.era).toBe(risen.epoch.era)
})
