import type { Lifecycle } from '../../src/model/lifecycle'
import type { ComputeWish } from '../../src/model/records'
import { wrongs } from '../support/invariants'
import { openPump, type Pump } from '../support/pump'
import { startRedis, type TestRedis } from '../support/redis'
import { type Site, startSite } from '../support/site'

let redis: TestRedis
let site: Site
let pump: Pump
beforeAll(async () => {
  redis = await startRedis()
})
afterAll(() => redis.stop())
beforeEach(async () => {
  site = await startSite({ redis, hosts: 2 })
  pump = openPump(site)
})
afterEach(() => site.close())

async function effectsOf(name: string): Promise<Record<string, number>> {
  const { hosts } = await site.simulator.admin.snapshot()
  return Object.assign({}, ...hosts.map((host) => host.resources[name]?.effects ?? {}))
}

const CREATION = ['find', 'disk.ensure', 'network.ensure', 'define', 'power.on'] as const

test.each(CREATION)('of %s, twice in a row', async (verb) => {
  await site.simulator.admin.loseAnswer({ verb, times: 2 })
  const [id = ''] = await site.order(1)
  await pump.until(site.is(id, 'running'), 'a running machine')
  const { wish, journal } = await site.compute(id)
  expect(await effectsOf(wish.name)).toMatchObject({ 'disk.ensure': 1, define: 1, 'power.on': 1 })
  // Repetitions draw no new attempts: one per step.
  expect(journal).toMatchObject({ attempts: 4, failures: 0, trouble: null })
  expect(await wrongs(site)).toEqual([])
})

const VERBS: readonly (readonly [verb: string, effect: string, wish: Partial<ComputeWish>, ends: Lifecycle])[] = [
  ['power.off', 'power.off', { power: 'off' }, 'poweroff'],
  ['power.reboot', 'power.reboot', { boots: 1 }, 'running'],
  ['power.reset', 'power.reset', { resets: 1 }, 'running'],
  ['save', 'save', { power: 'suspended' }, 'suspended'],
  ['undefine', 'undefine', { exists: false }, 'done'],
  ['disk.remove', 'disk.remove', { exists: false }, 'done'],
]

test.each(VERBS)('of %s', async (verb, effect, wish, ends) => {
  const [id = ''] = await site.order(1)
  await pump.until(site.is(id, 'running'), 'a running machine')
  await site.simulator.admin.loseAnswer({ verb, times: 2 })
  await site.wish(id, () => wish)
  const fulfilled = async () => {
    const { seen } = await site.compute(id)
    return seen.boots >= (wish.boots ?? 0) && seen.resets >= (wish.resets ?? 0)
  }
  await pump.until(async () => (await site.is(id, ends)()) && (await fulfilled()), ends)
  expect((await effectsOf((await site.compute(id)).wish.name))[effect]).toBe(1)
  expect(await wrongs(site)).toEqual([])
})

test('a restart whose answer was lost, and another one ordered meanwhile: two restarts', async () => {
  const [id = ''] = await site.order(1)
  await pump.until(site.is(id, 'running'), 'a running machine')
  await site.simulator.admin.loseAnswer({ verb: 'power.reboot', times: 1 })
  await site.wish(id, () => ({ boots: 1 }))
  const { name } = (await site.compute(id)).wish
  await pump.until(async () => (await effectsOf(name))['power.reboot'] === 1, 'the first restart')
  await site.wish(id, () => ({ boots: 2 }))
  await pump.until(async () => (await site.compute(id)).seen.boots === 2, 'both')
  expect((await effectsOf(name))['power.reboot']).toBe(2)
})

test('a start whose answer was lost before its host restarted: it is started again', async () => {
  const [id = ''] = await site.order(1)
  await pump.until(site.is(id, 'running'), 'a running machine')
  await site.wish(id, () => ({ power: 'off', how: 'hard' }))
  await pump.until(site.is(id, 'poweroff'), 'power off')
  const { place, wish } = await site.compute(id)
  await site.simulator.admin.loseAnswer({ verb: 'power.on', times: 1 })
  await site.wish(id, ({ starts }) => ({ power: 'on', starts: starts + 1 }))
  await pump.until(async () => (await effectsOf(wish.name))['power.on'] === 2, 'the second start')
  await site.simulator.admin.giveBack(place.hostName ?? '', 'restarted')
  await pump.until(async () => (await site.found(wish.name))[0]?.sighting.domain === 'running', 'a running domain')
  await pump.until(site.is(id, 'running'), 'a running machine')
  expect(await wrongs(site)).toEqual([])
})
