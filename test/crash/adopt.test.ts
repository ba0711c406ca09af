/**
 * A worker dies before and after each arrow while a foreign domain is taken over, or changes hands meanwhile: no domain is ever lost
 * or doubled, and nobody ends one that is not ours.
 */
import { lifecycle } from '../../src/model/lifecycle'
import type { ForeignMachine } from '../../src/model/records'
import type { MadeForeign } from '../contract/driver/bench'
import { orderAdoption } from '../support/adopted'
import { dieAtEach, openArrows } from '../support/arrows'
import { wrongs } from '../support/invariants'
import { openPump, type Pump, type PumpOptions } from '../support/pump'
import { startRedis, type TestRedis } from '../support/redis'
import { simulatedForeign } from '../support/simulator'
import { type Site, startSite } from '../support/site'

let redis: TestRedis
let site: Site
beforeAll(async () => {
  redis = await startRedis()
})
afterAll(() => redis.stop())
beforeEach(async () => {
  site = await startSite({ redis, hosts: 2 })
})
afterEach(() => site.close())

let called = 0
interface Told extends MadeForeign {
  readonly machine: ForeignMachine
}

/** A foreign domain on sim-1 as its host tells of it. */
async function foreign(more: Parameters<typeof simulatedForeign>[3] = {}): Promise<Told> {
  called += 1
  const made = await simulatedForeign(site.simulator.admin, 'sim-1', `web-${called}`, more)
  const machine = await site.simulator.driver.foreign?.(site.simulator.host(1), `web-${called}`)
  if (!machine) throw new Error('nothing was told of it')
  return { ...made, machine }
}

const state = async (id: string) => lifecycle(await site.compute(id))
const listed = async () => (await site.simulator.driver.list(site.simulator.host(1))).foreign.map(({ name }) => name)
async function effects(name: string): Promise<Record<string, number>> {
  const { hosts } = await site.simulator.admin.snapshot()
  const { 'network.ensure': _networks, ...rest } = Object.assign(
    {},
    ...hosts.map((host) => host.resources[name]?.effects ?? {}),
  )
  return rest
}

async function answering(options: PumpOptions = {}): Promise<Pump> {
  const pump = openPump(site, options)
  await pump.until(
    async () => (await site.store.readAll('host')).every((host) => host.seen.contact === 'ok'),
    'hosts that answer',
  )
  return pump
}

/** With a death at that arrow; answers all that it passed. */
async function live(wish: 'stays' | 'is deleted at once', dieAt: number): Promise<readonly string[]> {
  const arrows = openArrows({ of: ({ kind }) => kind !== 'host' })
  const pump = await answering({ at: arrows.at })
  const { machine } = await foreign()
  arrows.count(dieAt)
  const { id, wish: made } = await orderAdoption(site, 'sim-1', machine)
  if (wish === 'stays') {
    await pump.until(async () => (await state(id)) === 'running', 'it to run')
    await pump.until(async () => (await site.compute(id)).journal.intent?.outcome === 'done', 'it to be known')
    expect(await effects(made.name)).toEqual({ adopt: 1 })
    expect(await listed()).not.toContain(machine.name)
  } else {
    await pump.turn()
    await site.wish(id, () => ({ exists: false, how: 'hard' }))
    await pump.until(async () => (await state(id)) === 'done', 'its end')
    const came = await effects(made.name)
    // Whole and foreign, or taken over and ended as its owner wished.
    if (came.adopt === undefined) expect(await listed()).toContain(machine.name)
    else expect([came, await listed()]).toEqual([expect.objectContaining({ 'power.off': 1 }), []])
    await site.simulator.admin.removeForeign('sim-1', machine.name)
  }
  const passed = arrows.rest()
  expect(await wrongs(site)).toEqual([])
  return passed
}

test.each(['stays', 'is deleted at once'] as const)(
  'a machine that %s, a worker dying at any arrow',
  async (wish) => {
    const again = async (dieAt: number) => {
      if (wish === 'stays') {
        await site.close()
        site = await startSite({ redis, hosts: 2 })
      }
      return live(wish, dieAt)
    }
    await dieAtEach(again, 5)
  },
  300_000,
)

test('its answer is lost twice: it is one machine, taken over once', async () => {
  const pump = await answering()
  const { machine } = await foreign()
  await site.simulator.admin.loseAnswer({ verb: 'adopt', times: 2 })
  const { id, wish } = await orderAdoption(site, 'sim-1', machine)
  await pump.until(async () => (await state(id)) === 'running', 'it to run')
  expect(await effects(wish.name)).toEqual({ adopt: 1 })
  await site.wish(id, () => ({ power: 'off', size: { ...wish.size, memoryMiB: 64 } }))
  await pump.until(async () => (await state(id)) === 'poweroff', 'power off')
  await site.wish(id, ({ starts }) => ({ power: 'on', starts: starts + 1 }))
  await pump.until(async () => (await state(id)) === 'running', 'it to run again')
  const [found] = await site.found(wish.name)
  // Although nobody heard what it was defined from.
  expect(found?.definition?.size.memoryMiB).toBe(64)
})

test('the domain ended meanwhile: it has failed, nothing is made in its place, and its end touches nobody', async () => {
  const pump = await answering()
  const { machine } = await foreign()
  await site.simulator.admin.removeForeign('sim-1', machine.name)
  const { id, wish } = await orderAdoption(site, 'sim-1', machine)
  await pump.until(async () => (await state(id)) === 'failed', 'it to fail')
  expect((await site.compute(id)).journal.failed?.message).toMatch(/^it could not be taken over: no domain of the uuid/)
  expect((await site.compute(id)).place.hostName).toBe('sim-1')
  expect(await effects(wish.name)).toEqual({})
  await site.wish(id, () => ({ exists: false }))
  await pump.until(async () => (await state(id)) === 'done', 'its end')
  expect(await wrongs(site)).toEqual([])
})

test('one that is off stays off, and is started by its owner', async () => {
  const pump = await answering()
  const { machine } = await foreign({ domain: 'off' })
  const { id, wish } = await orderAdoption(site, 'sim-1', machine)
  await pump.until(async () => (await site.compute(id)).seen.defined !== undefined, 'it to be taken over')
  expect([await state(id), await effects(wish.name)]).toEqual(['poweroff', { adopt: 1 }])
  await site.simulator.admin.refuse({ verb: 'power.on', times: 4, message: 'no memory' })
  await site.wish(id, ({ starts }) => ({ power: 'on', starts: starts + 1 }))
  await pump.until(async () => (await state(id)) === 'running', 'it to run')
  // Refused there again and again, it is never made anew on another host.
  expect((await site.compute(id)).place.hostName).toBe('sim-1')
  expect(await wrongs(site)).toEqual([])
})

test('its host is given up: it stays unknown, as its disks are there', async () => {
  const pump = await answering()
  const { machine } = await foreign()
  const { id } = await orderAdoption(site, 'sim-1', machine)
  await pump.until(async () => (await state(id)) === 'running', 'it to run')
  await site.wish(id, () => ({ options: { restartable: true } }))
  await site.simulator.admin.vanish('sim-1')
  await pump.until(async () => (await state(id)) === 'unknown', 'silence')
  await site.setHost('sim-1', { fence: { level: 1, how: 'confirmed', at: pump.clock.now(), by: 'operator' } })
  await pump.until(async () => Boolean((await site.host('sim-1')).seen.fenced), 'the fence')
  await pump.until(async () => (await site.compute(id)).journal.trouble?.kind === 'fenced', 'why it stays')
  expect((await site.compute(id)).place.hostName).toBe('sim-1')
  expect((await site.compute(id)).journal.trouble?.message).toMatch(/its disk i-[0-9a-f]+-root is on that host alone/)
})
