/**
 * A host is cut off. It ends what is marked restartable when the time that it was granted is over; the gateway gives it up after
 * twice that time, and not before; what can run elsewhere does. A worker dies before and after each arrow on the way. At no
 * moment do two copies run, and what lies on the host's own disk stays unknown.
 */
import type { Epoch } from '../../src/model/epoch'
import { lifecycle, stateMessage } from '../../src/model/lifecycle'
import type { Driver } from '../../workers/drivers/driver'
import { dieAtEach, openArrows } from '../support/arrows'
import { openPump, type Pump, type PumpOptions } from '../support/pump'
import { startRedis, type TestRedis } from '../support/redis'
import { type Site, startSite } from '../support/site'

const T = 15_000
let redis: TestRedis
let site: Site
beforeAll(async () => {
  redis = await startRedis()
})
afterAll(() => redis.stop())
beforeEach(async () => {
  site = await startSite({ redis, hosts: 2, deadlineMs: 500 })
})
afterEach(() => site.close())

const RESTARTABLE = { options: { restartable: true }, disks: [] }

/** How many hosts run it, by the simulator. */
async function copies(id: string): Promise<number> {
  const found = await site.found((await site.compute(id)).wish.name)
  return found.filter(({ sighting }) => sighting.domain === 'running').length
}

interface Cut {
  readonly pump: Pump
  readonly machine: string
  readonly withDisk: string
  readonly unmarked: string
  readonly host: string
}

/** Three machines on a host that fences itself, which is then cut off. Watches that none of them ever runs twice. */
async function cutOff(options: PumpOptions = {}): Promise<Cut> {
  const pump = openPump(site, { ...options, hosts: 'age', hostPollMs: 3000 })
  for (const name of ['sim-1', 'sim-2']) await site.setHost(name, { fencing: { selfMs: T } })
  await site.setHost('sim-2', { enabled: false })
  await pump.until(async () => (await site.host('sim-2')).seen.grant != null, 'a host that was granted time')
  const [machine = ''] = await site.order(1, RESTARTABLE)
  const [withDisk = ''] = await site.order(1, { options: { restartable: true } })
  const [unmarked = ''] = await site.order(1, { disks: [] })
  const all = [machine, withDisk, unmarked]
  const run = async () => (await Promise.all(all.map(site.compute))).every((record) => lifecycle(record) === 'running')
  await pump.until(run, 'running machines')
  await site.setHost('sim-2', { enabled: true })
  await pump.until(async () => (await site.host('sim-2')).seen.contact === 'ok', 'another host')
  await site.simulator.admin.vanish('sim-1')
  return { pump, machine, withDisk, unmarked, host: 'sim-1' }
}

test('what is marked and can be reached elsewhere runs there; the rest is unknown and says why', async () => {
  const { pump, machine, withDisk, unmarked } = await cutOff()
  const last = (await site.host('sim-1')).seen.grant
  let endedAt = 0
  const moved = async () => {
    const running = await copies(machine)
    expect(running).toBeLessThan(2)
    if (running === 0 && endedAt === 0) endedAt = pump.clock.now()
    return (await site.compute(machine)).place.hostName === 'sim-2' && running === 1
  }
  await pump.until(moved, 'the machine on the other host')
  const { seen } = await site.host('sim-1')
  expect(seen.fenced).toMatchObject({ how: 'self' })
  expect(endedAt - (last?.at ?? 0)).toBeLessThanOrEqual(T + 3000)
  expect((seen.fenced?.at ?? 0) - (last?.at ?? 0)).toBeGreaterThanOrEqual(2 * T)

  await pump.until(
    async () => (await site.compute(withDisk)).journal.trouble?.kind === 'fenced',
    'a machine that stays',
  )
  const stays = await site.compute(withDisk)
  expect(lifecycle(stays)).toBe('unknown')
  expect(stateMessage(stays)).toBe(`its host was given up, and its disk ${stays.wish.name}-root is on that host alone`)
  await pump.until(async () => (await site.compute(unmarked)).journal.trouble?.kind === 'fenced', 'one not marked')
  const alone = await site.compute(unmarked)
  expect(lifecycle(alone)).toBe('unknown')
  expect(stateMessage(alone)).toBe('its host cut itself off, and it is not known whether it still runs there')
  expect(await copies(unmarked)).toBe(1)
})

test('the host comes back: what was given up there is removed before it serves again, what stayed runs again', async () => {
  const { pump, machine, withDisk, unmarked } = await cutOff()
  await pump.until(async () => (await site.compute(machine)).place.hostName === 'sim-2', 'the machine elsewhere')
  await site.simulator.admin.giveBack('sim-1')
  const whole = async () => {
    expect(await copies(machine)).toBeLessThan(2)
    const states = await Promise.all([machine, withDisk, unmarked].map(site.compute))
    const { seen } = await site.host('sim-1')
    return states.every((record) => lifecycle(record) === 'running') && seen.fenced === null && seen.grant != null
  }
  await pump.until(whole, 'everything to run')
  expect(await copies(machine)).toBe(1)
  expect(await site.found((await site.compute(machine)).wish.name)).toMatchObject([{ host: 'sim-2' }])
  expect(await copies(withDisk)).toBe(1)
  expect((await site.compute(withDisk)).journal.trouble).toBeNull()
})

test('what was given up there goes when the host is back, though nobody knows what is at its new place', async () => {
  const { pump, machine } = await cutOff()
  await pump.until(async () => (await site.compute(machine)).place.hostName === 'sim-2', 'the machine elsewhere')
  await site.simulator.admin.vanish('sim-2')
  await site.simulator.admin.giveBack('sim-1')
  const { name } = (await site.compute(machine)).wish
  const there = async () => (await site.found(name)).filter(({ host }) => host === 'sim-1')
  await pump.until(async () => (await there()).length === 0, 'the end of what was given up')
  expect(await copies(machine)).toBeLessThan(2)
  await site.simulator.admin.giveBack('sim-2')
  await pump.until(async () => (await copies(machine)) === 1, 'the machine to run')
})

test('a link that is back before the gateway gives up: the machine is started again where it was', async () => {
  const { pump, machine } = await cutOff()
  await pump.until(async () => (await copies(machine)) === 0, 'the host to end it')
  await site.simulator.admin.giveBack('sim-1')
  await pump.until(async () => (await copies(machine)) === 1, 'the machine to run again')
  expect((await site.compute(machine)).place.hostName).toBe('sim-1')
  expect((await site.host('sim-1')).seen.fenced ?? null).toBeNull()
})

test('a watch that is not wanted any more ends after its grant was forgotten, and ends nothing on its way', async () => {
  const orders: string[] = []
  const heeding = (driver: Driver): Driver => ({
    ...driver,
    async list(host, watch) {
      if (host.name === 'sim-1')
        orders.push(`${watch?.state} ${(await site.host('sim-1')).seen.grant ? 'granted' : '-'}`)
      return driver.list(host, watch)
    },
  })
  const pump = openPump(site, { between: heeding, hosts: 'age', hostPollMs: 30_000 })
  await site.setHost('sim-1', { fencing: { selfMs: T } })
  await site.setHost('sim-2', { enabled: false })
  await pump.until(async () => (await site.host('sim-1')).seen.grant != null, 'a host that was granted time')
  const [id = ''] = await site.order(1, RESTARTABLE)
  await pump.until(async () => lifecycle(await site.compute(id)) === 'running', 'a running machine')
  await site.setHost('sim-1', { fencing: {} })
  const began = pump.clock.now()
  await pump.until(async () => orders.includes('off -'), 'the end of its watch')
  expect(pump.clock.now() - began).toBeLessThan(T)
  expect(orders).not.toContain('off granted')
  expect(await copies(id)).toBe(1)
})

describe('a backup is restored, and the hosts know newer epochs than the store', () => {
  /** One machine on a host that fences itself, whose watch a store that was lost since has brought an order. */
  async function restored(pump: Pump): Promise<{ readonly id: string; readonly held: Epoch }> {
    await site.setHost('sim-1', { fencing: { selfMs: T } })
    await site.setHost('sim-2', { enabled: false })
    await pump.until(async () => (await site.host('sim-1')).seen.grant != null, 'a host that was granted time')
    const [id = ''] = await site.order(1, RESTARTABLE)
    await pump.until(async () => lifecycle(await site.compute(id)) === 'running', 'a running machine')
    const held = { era: (await site.host('sim-1')).epoch.era, number: 1_000_000 }
    const order = { state: 'on', epoch: held, floor: null, lastsMs: T, granted: null } as const
    await site.simulator.driver.list(site.simulator.host(1), order)
    return { id, held }
  }
  const endings = async (id: string): Promise<number> => {
    const [found] = await site.found((await site.compute(id)).wish.name)
    return found?.effects['watch.end'] ?? 0
  }
  const goOn = async (pump: Pump, ms: number): Promise<void> => {
    const began = pump.clock.now()
    await pump.until(async () => pump.clock.now() - began > ms, 'time to go by')
  }

  test('a new era begins by itself, time is granted as before, and the machine runs on', async () => {
    const pump = openPump(site, { hosts: 'age', hostPollMs: 3000 })
    const { id, held } = await restored(pump)
    await goOn(pump, 4 * T)
    const host = await site.host('sim-1')
    expect(host.epoch.era).toBeGreaterThan(held.era)
    expect(host.seen.contact).toBe('ok')
    expect([await copies(id), await endings(id)]).toEqual([1, 0])
    const { era } = host.epoch
    await goOn(pump, T)
    expect((await site.host('sim-1')).epoch.era).toBe(era)
    // Of all that is claimed, that host or not.
    expect((await site.host('sim-2')).epoch.era).toBe(era)
  })

  test('what the host ended while there was no store is started again', async () => {
    const pump = openPump(site, { hosts: 'age', hostPollMs: 3000 })
    const { id } = await restored(pump)
    await site.simulator.admin.advance(2 * T)
    await site.simulator.driver.list(site.simulator.host(1))
    expect([await copies(id), await endings(id)]).toEqual([0, 1])
    await pump.until(async () => (await copies(id)) === 1, 'the machine to run again')
    await pump.until(async () => lifecycle(await site.compute(id)) === 'running', 'its record to say so')
    expect(await endings(id)).toBe(1)
  })

  test('a watch that the restored record does not want is ended all the same', async () => {
    const pump = openPump(site, { hosts: 'age', hostPollMs: 3000 })
    const { id } = await restored(pump)
    await site.setHost('sim-1', { fencing: {} })
    await pump.until(
      async () => (await site.simulator.driver.list(site.simulator.host(1))).watch?.isOn === false,
      'the end of its watch',
    )
    await goOn(pump, 3 * T)
    expect([await copies(id), await endings(id)]).toEqual([1, 0])
  })

  test('a worker dies at any arrow of it: the era begins none the less, and the machine runs', async () => {
    const live = async (dieAt: number): Promise<readonly string[]> => {
      await site.close()
      site = await startSite({ redis, hosts: 2, deadlineMs: 500 })
      const { id: host } = await site.host('sim-1')
      const arrows = openArrows({ of: (ref) => ref.kind === 'host' && ref.id === host })
      const pump = openPump(site, { at: arrows.at, hosts: 'age', hostPollMs: 3000 })
      const { id, held } = await restored(pump)
      arrows.count(dieAt)
      const risen = async () => {
        const { epoch, seen } = await site.host('sim-1')
        const isGranted = seen.grant != null && pump.clock.now() - seen.grant.at < 3000
        return epoch.era > held.era && isGranted && (await copies(id)) === 1
      }
      await pump.until(risen, 'a new era')
      return arrows.rest()
    }
    await dieAtEach(live, 8)
  }, 120_000)
})

test('a worker that is late finds a newer epoch on the host, and begins no era for that', async () => {
  let isHeldUp = false
  let others = 0
  const between = (driver: Driver): Driver => ({
    ...driver,
    async list(host, watch) {
      if (isHeldUp && host.name === 'sim-1') {
        isHeldUp = false
        // Another worker polls the host before this order arrives.
        other.clock.advance(pump.clock.now() - other.clock.now())
        await site.store.wake([{ kind: 'host', id: (await site.host('sim-1')).id }], pump.clock.now())
        await other.turn()
        others += 1
      }
      return driver.list(host, watch)
    },
  })
  const pump = openPump(site, { between, hosts: 'age', hostPollMs: 3000 })
  const other = openPump(site, { hostPollMs: 3000 })
  await site.setHost('sim-1', { fencing: { selfMs: T } })
  await pump.until(async () => (await site.host('sim-1')).seen.grant != null, 'a host that was granted time')
  const { era } = (await site.host('sim-1')).epoch
  isHeldUp = true
  const began = pump.clock.now()
  await pump.until(async () => others === 1 && pump.clock.now() - began > T, 'a late order')
  expect((await site.host('sim-1')).epoch.era).toBe(era)
})

/** Lives through a cut with a death at that arrow after it; answers all that it passed. */
async function live(dieAt: number): Promise<readonly string[]> {
  await site.close()
  site = await startSite({ redis, hosts: 2, deadlineMs: 500 })
  const cutHost = (await site.host('sim-1')).id
  // What placement and the other host do meanwhile is told elsewhere (each-arrow.test.ts).
  const arrows = openArrows({ of: ({ kind, id }) => (kind === 'host' ? id === cutHost : kind === 'compute') })
  const { pump, machine } = await cutOff({ at: arrows.at })
  // What happens before it is given up is one silent poll after another.
  const nearly = async () => {
    const { seen } = await site.host('sim-1')
    return pump.clock.now() - (seen.grant?.at ?? Number.POSITIVE_INFINITY) > 2 * T - 2000
  }
  await pump.until(nearly, 'the time to be nearly over')
  arrows.count(dieAt)
  const moved = async () => {
    expect(await copies(machine)).toBeLessThan(2)
    return (await site.compute(machine)).place.hostName === 'sim-2' && (await copies(machine)) === 1
  }
  await pump.until(moved, 'the machine elsewhere')
  await site.simulator.admin.giveBack('sim-1')
  const cleared = async () => {
    expect(await copies(machine)).toBeLessThan(2)
    const found = await site.found((await site.compute(machine)).wish.name)
    return found.length === 1 && (await site.host('sim-1')).seen.fenced === null
  }
  await pump.until(cleared, 'the host to be cleared')
  return arrows.rest()
}

test('a worker that dies at any arrow of it loses and doubles nothing', async () => {
  await dieAtEach(live, 31)
}, 600_000)
