/** Host jobs: silence, return, restart, guests that do as they like, domains that nobody ordered, leftovers. */
import { compareEpochs } from '../../../src/model/epoch'
import { lifecycle } from '../../../src/model/lifecycle'
import { wrongs } from '../../support/invariants'
import { openPump, type Pump } from '../../support/pump'
import { startRedis, type TestRedis } from '../../support/redis'
import { type Site, startSite } from '../../support/site'
import { caller, openVolumes } from '../../support/volumes'

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
  const { id, host } = await site.running(pump)
  await site.simulator.admin.vanish(host)
  const since = pump.clock.now()
  await pump.until(site.is(id, 'unknown'), 'unknown')
  expect(pump.clock.now() - since).toBeGreaterThanOrEqual(10_000)
  expect((await site.compute(id)).seen).toMatchObject({ contact: 'lost', machine: { domain: 'running' } })
  expect((await site.host(host)).seen).toMatchObject({ contact: 'lost' })
  await site.simulator.admin.giveBack(host)
  await pump.until(site.is(id, 'running'), 'running')
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

test('a copy of a volume on a host that is not its own is told as an orphan, and left alone', async () => {
  const { id, host } = await site.running(pump)
  const volumes = await openVolumes(site)
  const { id: storage, wish } = await volumes.operations.createStorage(caller, { sizeGiB: 3 })
  await volumes.operations.attachStorage(caller, { storage, compute: id as never })
  await pump.until(async () => (await volumes.wrongs()).length === 0, 'a volume')
  await pass(20)
  const other = host === 'sim-1' ? 'sim-2' : 'sim-1'
  expect((await site.host(host)).seen.orphans).toEqual([])
  // As a move leaves it behind whose end nobody could tell the other host.
  const ticket = { resource: wish.name, epoch: { era: 1, number: 1 }, key: 'a/disk' }
  const order = { name: wish.name, sizeGiB: 3, source: { from: 'blank' } } as const
  const target = site.simulator.host(other === 'sim-1' ? 1 : 2)
  await site.simulator.driver.disk.ensure(target, ticket, order)
  await pump.until(async () => (await site.host(other)).seen.orphans.includes(wish.name), 'the copy')
  await pass(60)
  expect((await site.host(host)).seen.orphans).toEqual([])
  expect((await site.simulator.driver.list(target)).volumes).toEqual([wish.name])
  expect((await volumes.storage(storage))?.place.hostName).toBe(host)
  await volumes.close()
})

test('what is wished meanwhile comes true when it is back', async () => {
  const { id, host } = await site.running(pump)
  await site.simulator.admin.vanish(host)
  await pump.until(site.is(id, 'unknown'), 'unknown')
  await site.wish(id, () => ({ exists: false }))
  await pass(60)
  expect(lifecycle(await site.compute(id))).toBe('stopping')
  await site.simulator.admin.giveBack(host)
  await pump.until(site.is(id, 'done'), 'its end')
  expect(await wrongs(site)).toEqual([])
})

test('a host that restarted: what ran there is started again, once', async () => {
  const { id, name, host } = await site.running(pump)
  await site.simulator.admin.giveBack(host, 'restarted')
  const isOn = async () => (await site.found(name))[0]?.sighting.domain === 'running'
  await pump.until(isOn, 'a running domain')
  await pump.until(site.is(id, 'running'), 'a running machine')
  expect((await site.found(name))[0]?.effects['power.on']).toBe(2)
  expect(await wrongs(site)).toEqual([])
})

test('a restart that its own job sees first', async () => {
  const { id, name, host } = await site.running(pump)
  await site.simulator.admin.giveBack(host, 'restarted')
  await site.wish(id, ({ tags }) => ({ tags: { ...tags, a: 'b' } }))
  await pump.until(async () => (await site.found(name))[0]?.sighting.domain === 'running', 'a running domain')
  await pump.until(site.is(id, 'running'), 'a running machine')
})

test('a guest that stops by itself stays off, through a restart of its host as well', async () => {
  const { id, name, host } = await site.running(pump)
  await site.simulator.admin.guestStops(host, name)
  await pump.until(site.is(id, 'poweroff'), 'power off')
  await site.simulator.admin.giveBack(host, 'restarted')
  await pass(30)
  expect(lifecycle(await site.compute(id))).toBe('poweroff')
  expect((await site.found(name))[0]?.effects['power.on']).toBe(1)
  await site.wish(id, ({ starts }) => ({ power: 'on', starts: starts + 1 }))
  await pump.until(site.is(id, 'running'), 'a running machine')
})

test('a guest that crashes is off, and can be started and deleted', async () => {
  const { id, name, host } = await site.running(pump)
  await site.simulator.admin.guestCrashes(host, name)
  await pump.until(site.is(id, 'poweroff'), 'power off')
  await site.wish(id, () => ({ exists: false }))
  await pump.until(site.is(id, 'done'), 'its end')
  expect(await wrongs(site)).toEqual([])
})

test('domains of others count against the host and are never touched', async () => {
  const size = { type: '', cores: 60, cpuHundredths: 6000, memoryMiB: 1024, diskGiB: 0 }
  await site.simulator.admin.addForeign('sim-1', { name: 'theirs', size })
  const [id = ''] = await site.order(1, {
    size: { type: '', cores: 10, cpuHundredths: 1000, memoryMiB: 512, diskGiB: 1 },
  })
  await pump.until(site.is(id, 'running'), 'a running machine')
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
  const { id, name, host } = await site.running(pump)
  const other = host === 'sim-1' ? 'sim-2' : 'sim-1'
  const [found] = await site.found(name)
  if (!found?.definition) throw new Error('no definition')
  await site.simulator.admin.addOrphan(other, { ...found.definition, id })
  await pump.until(async () => (await site.found(name)).length === 1, 'one of them left')
  await pump.until(site.is(id, 'running'), 'a running machine')
  expect((await site.found(name))[0]).toMatchObject({ host, effects: { 'power.on': 1 } })
  expect((await site.host(other)).seen.orphans).toEqual([])
  expect(await wrongs(site)).toEqual([])
})

describe('a machine on another host than its record says, as after a restored backup', () => {
  /** Runs on one host by its record, with a copy on the other. */
  async function twice() {
    const { id, name, host } = await site.running(pump)
    const other = host === 'sim-1' ? 'sim-2' : 'sim-1'
    const [found] = await site.found(name)
    if (!found?.definition) throw new Error('no definition')
    await site.simulator.admin.addOrphan(other, { ...found.definition, id })
    return { id, name, host, other }
  }
  /** Only the copy is there: it moved after the backup. */
  async function moved() {
    const both = await twice()
    const target = site.simulator.host(Number(both.host.slice(-1)))
    const { era, number } = (await site.compute(both.id)).epoch
    const ticket = (key: string) => ({ resource: both.name, epoch: { era, number: number + 1 }, key })
    await site.simulator.driver.power(target, ticket('a'), { to: 'off', how: 'hard' })
    await site.simulator.driver.undefine(target, ticket('b'))
    await site.simulator.driver.disk.remove(target, ticket('c'), `${both.name}-root`)
    return both
  }
  const hostsOf = async (name: string) => (await site.found(name)).map(({ host }) => host)

  test('runs on where it is, and its record says that its disks are gone from where it was', async () => {
    const { id, name, other } = await moved()
    await pump.until(site.is(id, 'failed'), 'failure')
    await pass(120)
    const [found, ...others] = await site.found(name)
    expect(found).toMatchObject({ host: other, sighting: { domain: 'running' } })
    expect(others).toEqual([])
    expect((await site.compute(id)).journal.failed?.message).toMatch(/disks are gone/)
  })

  test('and no poll of the host claims it any more once it is known to be nowhere else', async () => {
    const { id, name } = await moved()
    await pump.until(site.is(id, 'failed'), 'failure')
    await pass(20)
    const { epoch } = await site.compute(id)
    await pass(60)
    expect((await site.compute(id)).epoch).toEqual(epoch)
    expect(await hostsOf(name)).toHaveLength(1)
  })

  test('goes from there when its owner deletes it', async () => {
    const { id, name } = await moved()
    await pump.until(site.is(id, 'failed'), 'failure')
    await site.wish(id, () => ({ exists: false }))
    await pump.until(async () => (await hostsOf(name)).length === 0, 'its end')
    await pump.until(site.is(id, 'done'), 'its record’s end')
  })

  test('goes from there once it is made anew where its record says, as an operator ordered', async () => {
    const { id, name, host } = await moved()
    await pump.until(site.is(id, 'failed'), 'failure')
    await site.wish(id, ({ retries }) => ({ retries: retries + 1 }))
    await pump.until(async () => (await hostsOf(name)).includes(host), 'a machine made anew')
    await pump.until(async () => (await hostsOf(name)).length === 1, 'one of them left')
    expect(await hostsOf(name)).toEqual([host])
  })

  test('is left alone while the host of its record is silent, and is a copy to be removed once that shows it too', async () => {
    const { id, name, host, other } = await twice()
    await site.simulator.admin.vanish(host)
    await pump.until(site.is(id, 'unknown'), 'unknown')
    await pass(60)
    expect((await hostsOf(name)).sort()).toEqual([host, other].sort())
    await site.simulator.admin.giveBack(host)
    await pump.until(async () => (await hostsOf(name)).length === 1, 'one of them left')
    expect(await hostsOf(name)).toEqual([host])
    await pump.until(site.is(id, 'running'), 'the machine itself')
  })
})

test('a machine that lost its disk has failed and is not silently made anew', async () => {
  const { id, name, host } = await site.running(pump)
  const target = site.simulator.host(Number(host.slice(-1)))
  const epoch = { era: 9e12, number: 1 }
  const ticket = (key: string) => ({ resource: name, epoch, key })
  await site.simulator.driver.power(target, ticket('a'), { to: 'off', how: 'hard' })
  await site.simulator.driver.undefine(target, ticket('b'))
  await site.simulator.driver.disk.remove(target, ticket('c'), `${name}-root`)
  await pump.until(site.is(id, 'failed'), 'failure')
  expect((await site.compute(id)).journal.failed?.message).toMatch(/disks are gone/)
})

test('a host whose guard knows a newer epoch, as after a restored backup: claims go above it, in a new era', async () => {
  const { id, name, host } = await site.running(pump)
  const target = site.simulator.host(Number(host.slice(-1)))
  const epoch = { era: (await site.compute(id)).epoch.era, number: 1_000_000 }
  await site.simulator.driver.find(target, { resource: name, epoch })
  await site.wish(id, () => ({ power: 'off', how: 'hard' }))
  await pump.until(site.is(id, 'poweroff'), 'power off')
  const risen = await site.compute(id)
  expect(compareEpochs(risen.epoch, epoch)).toBeGreaterThan(0)
  expect(risen.epoch.era).toBeGreaterThan(epoch.era)
  const other = await site.store.claim('host', (await site.host('sim-1')).id, pump.clock.now())
  expect(other?.epoch.era).toBe(risen.epoch.era)
})
