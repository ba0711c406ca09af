/** Hosts that say no: another host, failure, what is stuck, what is cut, and what an operator does about it. */
import { isStuck, lifecycle, stateMessage } from '../../../src/model/lifecycle'
import type { ComputeWish } from '../../../src/model/records'
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
  site = await startSite({ redis, hosts: 4 })
  pump = openPump(site)
})
afterEach(() => site.close())

describe('on the way up', () => {
  test.each(['disk.ensure', 'define', 'power.on'])(
    '%s refused three times: undone there, done elsewhere',
    async (verb) => {
      await site.simulator.admin.refuse({ verb, host: 'sim-1', times: 3, message: 'no loop device' })
      const [id = ''] = await site.order(1)
      await pump.until(site.is(id, 'running'), 'a running machine')
      expect((await site.compute(id)).place.hostName).not.toBe('sim-1')
      expect((await site.compute(id)).journal).toMatchObject({ avoid: [], failed: null, trouble: null })
      expect(await wrongs(site)).toEqual([])
    },
  )

  test('refused twice: it stays where it is', async () => {
    await site.simulator.admin.refuse({ verb: 'define', host: 'sim-1', times: 2 })
    const { host } = await site.running(pump)
    expect(host).toBe('sim-1')
  })

  test('refused by three hosts: it has failed, with the reason, and holds no place', async () => {
    await site.simulator.admin.refuse({ verb: 'define', times: 9, message: 'no loop device' })
    const [id = ''] = await site.order(1)
    await pump.until(site.is(id, 'failed'), 'failure')
    const record = await site.compute(id)
    expect(stateMessage(record)).toBe('3 hosts refused it; the last one said: no loop device')
    expect(record.place.host).toBeNull()
    expect(await site.store.waiting(10)).toEqual([])
    expect(await site.found(record.wish.name)).toEqual([])
    await site.wish(id, ({ retries }) => ({ retries: retries + 1 }))
    await pump.until(site.is(id, 'running'), 'a running machine')
    expect((await site.compute(id)).journal.failed).toBeNull()
    expect(await wrongs(site)).toEqual([])
  })

  test.each([
    ['on', 'running'],
    ['off', 'poweroff'],
  ] as const)('failed, wanted %s, resumed and refused once more: it gets there on another host', async (power, end) => {
    await site.simulator.admin.refuse({ verb: 'define', times: 12, message: 'no loop device' })
    const [id = ''] = await site.order(1, { power })
    await pump.until(site.is(id, 'failed'), 'failure')
    await site.wish(id, ({ retries }) => ({ retries: retries + 1 }))
    await pump.until(async () => {
      const record = await site.compute(id)
      return lifecycle(record) === end && record.seen.machine?.id === id && record.journal.failed === null
    }, `a machine that is ${end}`)
    expect((await site.compute(id)).journal.avoid).toEqual([])
    expect(await wrongs(site)).toEqual([])
  })

  test.each([
    ['resumed', 'as failed', 3, ({ retries }: ComputeWish) => ({ retries: retries + 1 }), 'running'],
    ['deleted', 'as failed', 3, () => ({ exists: false }), 'done'],
    ['deleted', 'to wait for another host', 1, () => ({ exists: false }), 'done'],
  ] as const)('%s in the moment in which it is given up %s', async (_what, _why, refusals, wish, end) => {
    await site.simulator.admin.refuse({ verb: 'define', times: 9, message: 'no loop device' })
    const [id = ''] = await site.order(1)
    const late = openPump(site, {
      at: async (point, ref) => {
        if (point !== 'before:result' || ref.id !== id) return
        const { journal, wish: wanted } = await site.compute(id)
        const { step, direction, outcome } = journal.intent ?? {}
        // All is undone and known to be: what is written next is that it leaves.
        const isUndone = step === 'disk' && direction === 'down' && outcome === 'done'
        const isLeaving = journal.avoid.length === refusals && isUndone
        if (!isLeaving || wanted.retries > 0 || !wanted.exists) return
        await site.wish(id, wish)
      },
    })
    await late.until(site.is(id, end), `a machine that is ${end}`)
    expect(await site.store.waiting(10)).toEqual([])
    expect(await wrongs(site)).toEqual([])
  })

  test('a failed machine can be deleted', async () => {
    await site.simulator.admin.refuse({ verb: 'define', times: 9 })
    const [id = ''] = await site.order(1)
    await pump.until(site.is(id, 'failed'), 'failure')
    await site.wish(id, () => ({ exists: false }))
    await pump.until(site.is(id, 'done'), 'its end')
    expect(await wrongs(site)).toEqual([])
  })

  test('a machine that ran is never undone: its start is tried until it comes true', async () => {
    const { id, name } = await site.running(pump)
    await site.wish(id, () => ({ power: 'off', how: 'hard' }))
    await pump.until(site.is(id, 'poweroff'), 'power off')
    await site.simulator.admin.refuse({ verb: 'power.on', times: 7, message: 'no memory' })
    await site.wish(id, ({ starts }) => ({ power: 'on', starts: starts + 1 }))
    await pump.until(async () => (await site.compute(id)).journal.failures >= 5, 'five refusals')
    expect(stateMessage(await site.compute(id))).toMatch(/^power: no memory/)
    await pump.until(site.is(id, 'running'), 'a running machine')
    expect((await site.found(name))[0]?.effects['disk.ensure']).toBe(1)
  })

  test('deleted while it is being undone', async () => {
    await site.simulator.admin.refuse({ verb: 'power.on', host: 'sim-1', times: 3 })
    const [id = ''] = await site.order(1)
    await pump.until(async () => (await site.compute(id)).journal.avoid.length === 1, 'a refusal')
    await site.wish(id, () => ({ exists: false }))
    await pump.until(site.is(id, 'done'), 'its end')
    expect(await wrongs(site)).toEqual([])
    expect(await site.store.waiting(10)).toEqual([])
  })
})

describe('on the way down', () => {
  const stuckDelete = async (times: number) => {
    const machine = await site.running(pump)
    await site.simulator.admin.refuse({ verb: 'disk.remove', times, message: 'device is busy' })
    await site.wish(machine.id, () => ({ exists: false }))
    await pump.until(async () => isStuck(await site.compute(machine.id)), 'it to be stuck')
    return machine
  }

  test('refused five times: stuck, told, kept, and tried again every five minutes', async () => {
    const { id } = await stuckDelete(6)
    const record = await site.compute(id)
    expect(stateMessage(record)).toBe('disk cannot be undone: device is busy; an operator was told')
    expect(record.place.host).not.toBeNull()
    const before = pump.clock.now()
    await pump.until(site.is(id, 'done'), 'its end')
    expect(pump.clock.now() - before).toBeGreaterThan(500_000)
    expect(await wrongs(site)).toEqual([])
  })

  test('an operator resumes it', async () => {
    const { id } = await stuckDelete(5)
    const before = pump.clock.now()
    await site.wish(id, ({ retries }) => ({ retries: retries + 1 }))
    await pump.until(site.is(id, 'done'), 'its end')
    expect(pump.clock.now() - before).toBeLessThan(60_000)
  })

  test('an operator gives it up: the record goes its way, and what is left is removed once its host lets go', async () => {
    const { id, name, host } = await stuckDelete(6)
    await site.wish(id, () => ({ abandoned: true }))
    await pump.until(site.is(id, 'done'), 'its end')
    expect((await site.found(name)).map((left) => left.host)).toEqual([host])
    await pump.until(async () => (await site.found(name)).length === 0, 'nothing left')
    expect(await wrongs(site)).toEqual([])
  })

  test('a suspension that is refused for good is stuck, the machine runs on', async () => {
    const { id, name } = await site.running(pump)
    await site.simulator.admin.refuse({ verb: 'save', times: 5, message: 'no space' })
    await site.wish(id, () => ({ power: 'suspended' }))
    await pump.until(async () => isStuck(await site.compute(id)), 'it to be stuck')
    expect((await site.found(name))[0]?.sighting.domain).toBe('running')
    await pump.until(site.is(id, 'suspended'), 'a suspended machine')
    expect((await site.compute(id)).journal.stuck).toBeNull()
  })
})

describe('a stop', () => {
  const goOn = async (ms: number) => {
    await site.simulator.admin.advance(ms)
    pump.clock.advance(ms)
  }

  test('that the guest hears is graceful', async () => {
    await site.simulator.admin.duration({ verb: 'power', ms: 20_000 })
    const { id } = await site.running(pump)
    await site.wish(id, () => ({ power: 'off' }))
    await pump.until(
      async () => (await site.compute(id)).journal.intent?.outcome === 'running',
      'a guest that is asked',
    )
    expect(lifecycle(await site.compute(id))).toBe('stopping')
    await goOn(20_000)
    await pump.until(site.is(id, 'poweroff'), 'power off')
    expect((await site.compute(id)).journal).toMatchObject({
      trouble: null,
      intent: { item: 'graceful', outcome: 'done' },
    })
  })

  test('that the guest does not hear is cut after five minutes, and its owner told until the next start', async () => {
    const { id, name, host } = await site.running(pump)
    await site.simulator.admin.guestGoesDeaf(host, name)
    await site.wish(id, () => ({ power: 'off' }))
    await pump.until(
      async () => (await site.compute(id)).journal.intent?.outcome === 'running',
      'a guest that is asked',
    )
    const asked = pump.clock.now()
    await pump.until(site.is(id, 'poweroff'), 'power off')
    expect(pump.clock.now() - asked).toBeGreaterThan(290_000)
    expect(stateMessage(await site.compute(id))).toMatch(/did not shut down within 5 minutes: its power is cut/)
    await site.wish(id, ({ starts }) => ({ power: 'on', starts: starts + 1 }))
    await pump.until(site.is(id, 'running'), 'a running machine')
    expect((await site.compute(id)).journal.trouble).toBeNull()
  })

  test('by force while the guest is being asked: cut at once', async () => {
    const { id, name, host } = await site.running(pump)
    await site.simulator.admin.guestGoesDeaf(host, name)
    await site.wish(id, () => ({ power: 'off' }))
    await pump.until(
      async () => (await site.compute(id)).journal.intent?.outcome === 'running',
      'a guest that is asked',
    )
    const forced = pump.clock.now()
    await site.wish(id, () => ({ how: 'hard' }))
    await pump.until(site.is(id, 'poweroff'), 'power off')
    expect(pump.clock.now() - forced).toBeLessThan(10_000)
    expect((await site.compute(id)).journal.trouble).toBeNull()
  })

  test('that its host refuses to ask is cut after three tries', async () => {
    const { id } = await site.running(pump)
    await site.simulator.admin.refuse({ verb: 'power.off', times: 3, message: 'no drivers in the guest' })
    await site.wish(id, () => ({ power: 'off' }))
    await pump.until(site.is(id, 'poweroff'), 'power off')
    expect((await site.compute(id)).journal.trouble?.message).toMatch(/cannot be asked/)
  })

  test('of a deleted machine never waits for its guest', async () => {
    const { id, name, host } = await site.running(pump)
    await site.simulator.admin.guestGoesDeaf(host, name)
    const before = pump.clock.now()
    await site.wish(id, () => ({ exists: false }))
    await pump.until(site.is(id, 'done'), 'its end')
    expect(pump.clock.now() - before).toBeLessThan(10_000)
  })
})

test('a restart that is refused thrice is told and given up; the machine runs on', async () => {
  const { id } = await site.running(pump)
  await site.simulator.admin.refuse({ verb: 'power.reboot', times: 3, message: 'not now' })
  await site.wish(id, () => ({ boots: 1 }))
  await pump.until(async () => (await site.compute(id)).seen.boots === 1, 'the end of trying')
  const record = await site.compute(id)
  expect(lifecycle(record)).toBe('running')
  expect(record.journal.trouble).toMatchObject({ step: 'reboot', message: 'not now' })
})

test.each([
  ['three times', (message: string) => site.simulator.admin.refuse({ verb: 'resize', times: 3, message })],
  ['for good', (because: string) => site.simulator.admin.lack('sim-1', [{ verb: 'resize', because }])],
] as const)('a new size that its host refuses %s is told and left for the next start', async (_how, refuse) => {
  const { id, name } = await site.running(pump)
  await refuse('its guest does not listen')
  await site.wish(id, ({ size }) => ({ size: { ...size, memoryMiB: 640 } }))
  const told = async () => (await site.compute(id)).journal.trouble?.kind === 'told'
  await pump.until(told, 'the end of trying')
  expect(await site.compute(id)).toMatchObject({
    journal: { trouble: { step: 'resize', message: 'its guest does not listen' } },
    seen: { sized: { defined: { memoryMiB: 512 }, now: { memoryMiB: 640 } } },
  })
  const has = async () => {
    const { machines } = await site.simulator.driver.list(site.simulator.host(1))
    return machines.find((machine) => machine.name === name)?.running?.memoryMiB
  }
  expect(await has()).toBe(512)
  await site.wish(id, () => ({ power: 'off', how: 'hard' }))
  await pump.until(site.is(id, 'poweroff'), 'power off')
  await site.wish(id, ({ starts }) => ({ power: 'on', starts: starts + 1 }))
  await pump.until(site.is(id, 'running'), 'power on')
  expect(await has()).toBe(640)
  expect((await site.compute(id)).seen.sized?.defined.memoryMiB).toBe(640)
})

test('a host that says done and shows nothing of it is asked with growing delays, then left for another', async () => {
  let asked = 0
  const lying = openPump(site, {
    between: (driver) => ({
      ...driver,
      async define(host, ticket, definition) {
        if (host.name !== 'sim-1') return driver.define(host, ticket, definition)
        asked += 1
        return { state: 'done', value: null }
      },
    }),
  })
  const [id = ''] = await site.order(1)
  const began = lying.clock.now()
  await lying.until(site.is(id, 'running'), 'a running machine')
  expect((await site.compute(id)).place.hostName).not.toBe('sim-1')
  expect(asked).toBe(4)
  expect(lying.clock.now() - began).toBeGreaterThanOrEqual(3_000)
  expect(await wrongs(site)).toEqual([])
})
