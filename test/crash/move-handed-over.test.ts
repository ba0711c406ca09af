/**
 * The other host falls silent when it has been told to take the machine, and another order comes: what the guest wrote there since is
 * not lost, whatever dies. Its own host has nothing of it any more, or shows it as handed over with nobody to say whether it was taken.
 */
import { lifecycle } from '../../src/model/lifecycle'
import type { MachineSighting } from '../../src/model/machine'
import type { Driver } from '../../workers/drivers/driver'
import { dieAtEach, openArrows } from '../support/arrows'
import { wrongs } from '../support/invariants'
import { openPump, type Pump, type PumpOptions } from '../support/pump'
import { startRedis, type TestRedis } from '../support/redis'
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

/** What its own host shows while it does not know whether the other one took the machine; undefined: what is there. */
let halfway: { readonly host: string; readonly machine: MachineSighting } | undefined
beforeEach(() => {
  halfway = undefined
})
const showing = (driver: Driver): Driver => ({
  ...driver,
  find: async (host, ticket) => {
    const machine = await driver.find(host, ticket)
    return halfway?.host === host.name && halfway.machine.name === ticket.resource ? halfway.machine : machine
  },
})

interface Ground {
  readonly pump: Pump
  readonly id: string
  readonly name: string
  readonly from: string
  readonly to: string
}
type Left = 'nothing' | 'its memory, handed over'

const where = async ({ id }: Ground) => (await site.compute(id)).place.hostName
const troubleOf = async ({ id }: Ground) => (await site.compute(id)).journal.trouble?.message ?? ''
const atRest = (id: string, level: number) => async () =>
  (await site.compute(id)).seen.moves === level && (await wrongs(site)).length === 0
const movesOf = async ({ name }: Ground) =>
  (await site.simulator.admin.snapshot()).hosts.reduce(
    (sum, { resources }) => sum + (resources[name]?.effects.move ?? 0),
    0,
  )
const order = async ({ id, to }: Ground, level: number) => {
  const host = (await site.host(to)).id
  await site.wish(id, () => ({ move: { level, to: host, how: 'cold' } }))
}

/** A machine on its way; `power`: as its owner wants it. */
async function underWay(power: 'on' | 'off', options: PumpOptions = {}): Promise<Ground> {
  const pump = openPump(site, { ...options, between: showing })
  await pump.until(async () => (await site.store.readAll('host')).every((host) => host.seen.contact === 'ok'), 'hosts')
  const [id = ''] = await site.order(1, power === 'on' ? {} : { power, starts: 0 })
  await pump.until(async () => (await wrongs(site)).length === 0, 'a machine')
  const { wish, place } = await site.compute(id)
  const from = place.hostName ?? ''
  const ground = { pump, id, name: wish.name, from, to: from === 'sim-1' ? 'sim-2' : 'sim-1' }
  await site.simulator.admin.duration({ verb: 'move', ms: 60_000 })
  await order(ground, 1)
  const isUnderWay = async () => (await site.found(wish.name)).some(({ sighting }) => sighting.work !== null)
  await pump.until(isUnderWay, 'a move under way')
  return ground
}

/** All of it has arrived, the other host is silent since, and another order came: to go where the first one said. */
async function silent(ground: Ground, left: Left): Promise<void> {
  const [before] = (await site.found(ground.name)).filter(({ host }) => host === ground.from)
  if (before === undefined) throw new Error('it is not there')
  await site.simulator.admin.advance(60_000)
  await site.simulator.admin.snapshot()
  if (left !== 'nothing')
    halfway = { host: ground.from, machine: { ...before.sighting, work: null, startedAt: null, handing: true } }
  await site.simulator.admin.vanish(ground.to)
  await order(ground, 2)
}

const isWaiting = (ground: Ground) => async () =>
  /^the other host does not answer, and only that one knows/.test(await troubleOf(ground))

/** Long enough for whoever would give up. */
async function aWhile({ pump }: Ground): Promise<void> {
  for (let minutes = 0; minutes < 12; minutes += 1) {
    await pump.turn()
    pump.clock.advance(60_000)
  }
}

/** As an operator who saw that the host is off, or as its own watch. */
async function fence(name: string, how: 'confirmed' | 'self'): Promise<void> {
  const { id } = await site.host(name)
  const claim = await site.store.claim('host', id, 1)
  if (!claim) throw new Error(`no host ${name}`)
  const fenced = { how, at: 1, boot: null } as const
  await site.store.observe(claim, { seen: { ...claim.record.seen, contact: 'lost', fenced }, what: 'host-fenced' }, 1)
}

const LEFTS: readonly Left[] = ['nothing', 'its memory, handed over']

describe.each(LEFTS)('its own host shows %s', (left) => {
  test.each(['on', 'off'] as const)(
    'power %s: it waits, says why, and is there when that host answers',
    async (power) => {
      const ground = await underWay(power)
      await silent(ground, left)
      await ground.pump.until(isWaiting(ground), 'the reason')
      await aWhile(ground)
      const waiting = await site.compute(ground.id)
      expect(waiting.place.moving?.to.hostName).toBe(ground.to)
      expect(waiting.journal.failed).toBeNull()
      expect(waiting.journal.trouble?.message).not.toContain('sim-')
      await site.simulator.admin.giveBack(ground.to)
      if (power === 'off') halfway = undefined
      await ground.pump.until(atRest(ground.id, 2), 'rest')
      expect(await where(ground)).toBe(ground.to)
      expect(await movesOf(ground)).toBe(1)
      expect(lifecycle(await site.compute(ground.id))).toBe(power === 'on' ? 'running' : 'poweroff')
      expect(await troubleOf(ground)).toBe('')
    },
  )

  test('deleted meanwhile: it does not wait', async () => {
    const ground = await underWay('on')
    await silent(ground, left)
    await ground.pump.until(isWaiting(ground), 'the reason')
    halfway = undefined
    await site.wish(ground.id, () => ({ exists: false }))
    await ground.pump.until(async () => (await site.compute(ground.id)).seen.goneAt !== null, 'its end')
    await site.simulator.admin.giveBack(ground.to)
    await ground.pump.until(async () => (await wrongs(site)).length === 0, 'nothing of it anywhere')
    expect(await site.found(ground.name)).toEqual([])
  })

  test('a worker that dies at any arrow meanwhile loses and doubles nothing', async () => {
    await dieAtEach(async (dieAt) => {
      halfway = undefined
      const arrows = openArrows({ of: ({ kind }) => kind === 'compute' })
      const ground = await underWay('on', { at: arrows.at })
      const { startedAt } = (await site.compute(ground.id)).seen
      await silent(ground, left)
      arrows.count(dieAt)
      await ground.pump.until(isWaiting(ground), 'the reason')
      await site.simulator.admin.giveBack(ground.to)
      await ground.pump.until(atRest(ground.id, 2), 'rest')
      const passed = arrows.rest()
      expect(await where(ground)).toBe(ground.to)
      expect(await movesOf(ground)).toBe(1)
      expect((await site.compute(ground.id)).seen.startedAt).toBe(startedAt)
      await site.simulator.admin.clearFaults()
      await site.wish(ground.id, () => ({ exists: false }))
      await ground.pump.until(async () => (await wrongs(site)).length === 0, 'the end of the machine')
      return passed
    }, 5)
  }, 300_000)
})

test('the other host is given up, and nothing is left here: it is there, and runs again with that host', async () => {
  const ground = await underWay('on')
  await silent(ground, 'nothing')
  await ground.pump.until(isWaiting(ground), 'the reason')
  await fence(ground.to, 'confirmed')
  await ground.pump.until(async () => (await where(ground)) === ground.to, 'its place')
  await ground.pump.until(async () => lifecycle(await site.compute(ground.id)) === 'unknown', 'silence')
  await site.simulator.admin.giveBack(ground.to)
  await ground.pump.until(atRest(ground.id, 2), 'rest')
  expect(await movesOf(ground)).toBe(1)
})

test('the other host is given up, and handed over it was not: it stays', async () => {
  const ground = await underWay('on')
  const [before] = await site.found(ground.name)
  if (before === undefined) throw new Error('it is not there')
  halfway = {
    host: ground.from,
    machine: { ...before.sighting, work: null, domain: 'saved', startedAt: null, handing: true },
  }
  await site.simulator.admin.vanish(ground.to)
  await order(ground, 2)
  await ground.pump.until(isWaiting(ground), 'the reason')
  await fence(ground.to, 'confirmed')
  await ground.pump.until(async () => (await site.compute(ground.id)).place.moving === undefined, 'the end of the move')
  expect(await where(ground)).toBe(ground.from)
  const [, held] = await site.store.hostClaims([(await site.host(ground.from)).id, (await site.host(ground.to)).id])
  expect(held?.claims[ground.id]).toBeUndefined()
})

test('a host that cut itself off may still run it: that is waited for, until an operator says that it is off', async () => {
  const ground = await underWay('on')
  await silent(ground, 'its memory, handed over')
  await ground.pump.until(isWaiting(ground), 'the reason')
  await fence(ground.to, 'self')
  await aWhile(ground)
  expect((await site.compute(ground.id)).place.moving).toBeDefined()
  await fence(ground.to, 'confirmed')
  await ground.pump.until(async () => (await site.compute(ground.id)).place.moving === undefined, 'the end of the move')
})
