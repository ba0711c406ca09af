/**
 * Machines with terms on a live site, and a worker that dies before and after each arrow meanwhile. At no moment does a host give away or
 * promise more than it has; whoever was promised a start has it; at the end nothing is promised to anybody who is not there.
 */
import { lifecycle, stateMessage } from '../../src/model/lifecycle'
import type { LeaseWish } from '../../src/model/records'
import { dieAtFirstAndLast, openArrows } from '../support/arrows'
import { computeRecord } from '../support/compute-record'
import { type Ground, openGround, useCrashSite } from '../support/crash-site'
import { noneOvercommitted, wrongs } from '../support/invariants'
import { promisesWrong } from '../support/leases'
import type { Pump, PumpOptions } from '../support/pump'

const MINUTE = 60_000
const here = useCrashSite({ hosts: 1, capacity: { cpuHundredths: 200, memoryMiB: 8192, diskGiB: 100 } })
const ground = (options: PumpOptions = {}): Promise<Ground> => openGround(here, { hostPollMs: 20_000, ...options })

const order = async (pump: Pump, lease: LeaseWish, count = 1) =>
  here.site.order(count, { lease, createdAt: pump.clock.now() })
const booked = (id: string) => async () => (await here.site.compute(id)).place.lease?.booked !== undefined
const nothingPromised = async (pump: Pump) => (await promisesWrong(here.site, pump.clock)).length === 0

test('a start saves who gives way in time, is kept, ends by itself, and its place is given back', async () => {
  const { pump } = await ground()
  const [old = '', firm = ''] = [
    ...(await here.site.order(1, { lease: { preemptible: true } })),
    ...(await here.site.order(1)),
  ]
  for (const id of [old, firm]) await pump.until(here.site.is(id, 'running'), 'machines')
  const start = pump.clock.now() + 10 * MINUTE
  const [one = ''] = await order(pump, { start, seconds: 300 })
  await pump.until(booked(one), 'its place on the calendar')
  expect(lifecycle(await here.site.compute(one))).toBe('reserved')
  expect(stateMessage(await here.site.compute(one))).toBe(
    `its lease is planned; it begins at ${new Date(start).toISOString().slice(0, 19).replace('T', ' ')}Z at the earliest`,
  )
  // A machine without an end would need its place for ever, and nothing else is free.
  const [late = ''] = await here.site.order(1)
  await pump.until(here.site.is(one, 'running'), 'its start')
  expect(pump.clock.now()).toBeLessThan(start)
  expect(pump.clock.now()).toBeGreaterThanOrEqual(start - 61_000)
  expect(lifecycle(await here.site.compute(old))).toBe('suspended')
  expect(lifecycle(await here.site.compute(late))).toBe('pending')
  pump.clock.advance(start + 300_000 - pump.clock.now() - 1000)
  await pump.turn()
  expect(lifecycle(await here.site.compute(one))).toBe('running')
  await pump.until(here.site.is(one, 'poweroff'), 'its end')
  expect((await here.site.compute(one)).wish.lease?.over).toBeGreaterThanOrEqual(start + 300_000)
  await here.volumes.terminate(late)
  await pump.until(here.site.is(old, 'running'), 'its place back')
  expect(lifecycle(await here.site.compute(firm))).toBe('running')
  await pump.until(async () => nothingPromised(pump), 'nothing promised')
})

test('a lease that ends is terminated where its owner said so, and one that was stopped starts again like other machines', async () => {
  const { pump } = await ground()
  const [stops = '', ends = ''] = [
    ...(await order(pump, { seconds: 60 })),
    ...(await order(pump, { seconds: 60, atEnd: 'terminate' })),
  ]
  for (const id of [stops, ends]) await pump.until(here.site.is(id, 'running'), 'both')
  await pump.until(here.site.is(ends, 'done'), 'the end of one')
  await pump.until(here.site.is(stops, 'poweroff'), 'the other at rest')
  await pump.until(async () => (await here.site.compute(stops)).place.parked?.released === true, 'its place given back')
  expect((await here.site.compute(stops)).wish.reason).toBe('Server.ScheduledStop: the time of its lease is over')
  const [next = '', more = ''] = await here.site.order(2)
  for (const id of [next, more]) await pump.until(here.site.is(id, 'running'), 'others in their places')
  await here.volumes.terminate(more)
  await here.site.wish(stops, (wish) => ({ power: 'on', starts: wish.starts + 1 }))
  await here.site.store.change(
    {
      operationId: 'start-again',
      actor: { user: '', key: '', source: '', requestId: '' },
      what: 'x',
      waiting: [stops],
    },
    pump.clock.now(),
  )
  await pump.until(here.site.is(stops, 'running'), 'it runs again')
  pump.clock.advance(10 * MINUTE)
  await pump.turn()
  expect(lifecycle(await here.site.compute(stops))).toBe('running')
})

test('machines of a group begin together or not at all, and one that is deleted before leaves nothing promised', async () => {
  const { pump } = await ground()
  const [busy = ''] = await here.site.order(1)
  await pump.until(here.site.is(busy, 'running'), 'a machine')
  const group = { name: 'pair', members: 2 }
  const [one = ''] = await order(pump, { group, seconds: 120 })
  await pump.until(async () => (await here.site.compute(one)).place.waiting !== null, 'a reason')
  expect(stateMessage(await here.site.compute(one))).toBe('1 of the 2 machines of its group are there')
  const [two = ''] = await order(pump, { group, seconds: 120 })
  // There is room for one of them.
  pump.clock.advance(20_000)
  await pump.turn()
  expect([lifecycle(await here.site.compute(one)), lifecycle(await here.site.compute(two))]).toEqual([
    'pending',
    'pending',
  ])
  await here.volumes.terminate(busy)
  for (const id of [one, two]) await pump.until(here.site.is(id, 'running'), 'both')
  expect((await here.site.compute(one)).place.at).toBe((await here.site.compute(two)).place.at)
  const start = pump.clock.now() + 60 * MINUTE
  const later = await order(pump, { start, group: { name: 'later', members: 2 } }, 2)
  for (const id of later) await pump.until(booked(id), 'their places')
  for (const id of later) await here.volumes.terminate(id)
  await pump.until(async () => nothingPromised(pump), 'nothing promised')
})

test('what cannot be promised is refused with its reason and waits no more; a host that is lost is replanned', async () => {
  const { pump, reservations } = await ground()
  const from = pump.clock.now() + 20 * MINUTE
  await reservations.reserve({ count: 2, startsAt: from, endsAt: from + 10 * MINUTE })
  const [refused = ''] = await order(pump, { start: from + MINUTE, seconds: 60 })
  await pump.until(here.site.is(refused, 'failed'), 'its refusal')
  expect(stateMessage(await here.site.compute(refused))).toBe(
    'its lease cannot be kept: there is no room for all of it over that time that is not promised to others',
  )
  await pump.until(
    async () => !(await here.site.store.waiting(10)).includes(refused as never),
    'the end of its waiting',
  )
  const [kept = ''] = await order(pump, { start: from + 11 * MINUTE, seconds: 60 })
  await pump.until(booked(kept), 'its place')
  // The reservation has what was promised to it, whoever asks for a lease.
  expect(await reservations.wrongs(pump.clock)).toEqual([])
  await here.site.setHost('sim-1', { enabled: false })
  await pump.until(
    async () => (await here.site.compute(kept)).place.waiting?.lease?.says.includes('are away') === true,
    'word of its host',
  )
  await here.site.setHost('sim-1', { enabled: true })
  await pump.turn()
  pump.clock.advance(29 * MINUTE)
  await pump.until(here.site.is(kept, 'running'), 'its start')
})

test('claims that keep moving on one host hold up no lease on another', async () => {
  await here.exchange({ hosts: 2, capacity: { cpuHundredths: 200, memoryMiB: 8192, diskGiB: 100 } })
  let moves = 0
  let ids: readonly string[] = []
  const isAnyBooked = async () => (await Promise.all(ids.map((id) => booked(id)()))).includes(true)
  const { pump, reservations } = await ground({
    // Whenever something is to be written, somebody reserves on the host that comes first, until a lease got through.
    at: async (point, ref) => {
      if (point !== 'before:place' || ref.kind !== 'placement' || ids.length === 0 || (await isAnyBooked())) return
      moves += 1
      const startsAt = pump.clock.now() + (24 + moves) * 60 * MINUTE
      await reservations.reserve({ startsAt, endsAt: startsAt + MINUTE })
    },
  })
  const lease = { start: pump.clock.now() + 10 * MINUTE, seconds: 60 }
  const size = { ...computeRecord().wish.size, cores: 2, cpuHundredths: 200 }
  ids = await here.site.order(2, { size, lease, createdAt: pump.clock.now() })
  await pump.until(isAnyBooked, 'a lease that is written')
  // Planned once, refused once, and written against what was claimed by then.
  expect(moves).toBe(2)
  for (const id of ids) await pump.until(booked(id), 'both of them')
  expect(await promisesWrong(here.site, pump.clock)).toEqual([])
})

test('a machine that is moved keeps its end', async () => {
  await here.exchange({ hosts: 2, capacity: { cpuHundredths: 200, memoryMiB: 8192, diskGiB: 100 } })
  const { pump } = await ground()
  const [one = ''] = await order(pump, { seconds: 600 })
  await pump.until(here.site.is(one, 'running'), 'a machine')
  const { hostName, lease } = (await here.site.compute(one)).place
  const other = hostName === 'sim-1' ? 'sim-2' : 'sim-1'
  const to = (await here.site.host(other)).id
  await here.site.wish(one, () => ({ move: { level: 1, to, how: 'cold' } }))
  await pump.until(async () => (await here.site.compute(one)).place.hostName === other, 'its arrival')
  expect((await here.site.compute(one)).place.lease).toEqual(lease)
  await pump.until(here.site.is(one, 'poweroff'), 'its end')
  expect((await here.site.compute(one)).wish.lease?.over).toBeGreaterThanOrEqual(lease?.ends ?? 0)
})

describe('one whose lease is over and that is moved', () => {
  const hosts = { hosts: 2, capacity: { cpuHundredths: 200, memoryMiB: 8192, diskGiB: 100 } }
  const isAside = (id: string) => async () => (await here.site.compute(id)).place.parked?.released === true
  const isOn = (id: string, host: string) => async () => (await here.site.compute(id)).place.hostName === host
  const sendAway = async (id: string) => {
    const { hostName } = (await here.site.compute(id)).place
    const other = hostName === 'sim-1' ? 'sim-2' : 'sim-1'
    const to = (await here.site.host(other)).id
    await here.site.wish(id, () => ({ move: { level: 1, to, how: 'cold' } }))
    return other
  }

  /** Its time is over, it gave back its place, and it is sent to the other host. */
  async function sentAside() {
    await here.exchange(hosts)
    const { pump } = await ground()
    const [one = ''] = await order(pump, { seconds: 60 })
    await pump.until(here.site.is(one, 'running'), 'a machine')
    await pump.until(isAside(one), 'its place given back')
    return { pump, one, other: await sendAway(one) }
  }

  test('gives back the place that it comes to', async () => {
    const { pump, one, other } = await sentAside()
    await pump.until(isOn(one, other), 'its arrival')
    await pump.until(isAside(one), 'its place given back there')
    expect(await here.site.store.waiting(10)).toEqual([])
    expect(lifecycle(await here.site.compute(one))).toBe('poweroff')
  })

  test('gives it back too when its time ends on the way', async () => {
    await here.exchange(hosts)
    const { pump } = await ground()
    const [one = ''] = await order(pump, { seconds: 600 })
    await pump.until(here.site.is(one, 'running'), 'a machine')
    const { ends = 0 } = (await here.site.compute(one)).place.lease ?? {}
    const other = await sendAway(one)
    await pump.until(async () => (await here.site.compute(one)).place.moving !== undefined, 'its setting out')
    pump.clock.advance(ends - pump.clock.now())
    await pump.until(isOn(one, other), 'its arrival')
    await pump.until(isAside(one), 'its place given back there')
    expect((await here.site.compute(one)).wish.lease?.over).toBeGreaterThanOrEqual(ends)
  })

  test('keeps the place that it comes to where its owner started it again', async () => {
    const { pump, one, other } = await sentAside()
    await pump.until(async () => (await here.site.compute(one)).place.moving !== undefined, 'its setting out')
    await here.site.wish(one, (wish) => ({ power: 'on', starts: wish.starts + 1 }))
    await pump.until(here.site.is(one, 'running'), 'it runs again')
    const { place, seen } = await here.site.compute(one)
    expect(place.hostName).toBe(other)
    pump.clock.advance(10 * MINUTE)
    for (const _job of ['placement', 'its own']) await pump.turn()
    const after = await here.site.compute(one)
    expect([after.place, after.seen.startedAt, lifecycle(after)]).toEqual([place, seen.startedAt, 'running'])
  })
})

test('one that gave its place away and is moved meanwhile has all of its time', async () => {
  await here.exchange({ hosts: 2, capacity: { cpuHundredths: 100, memoryMiB: 8192, diskGiB: 100 } })
  const { pump, reservations } = await ground()
  const [one = ''] = await order(pump, { preemptible: true, seconds: 600, atEnd: 'terminate' })
  const [firm = ''] = await here.site.order(1)
  for (const id of [one, firm]) await pump.until(here.site.is(id, 'running'), 'machines')
  const { run = 0, ends = 0 } = (await here.site.compute(one)).place.lease ?? {}
  pump.clock.advance(5 * MINUTE)
  await reservations.reserve({ count: 1 })
  await pump.until(async () => (await here.site.compute(one)).place.parked?.released === true, 'its place given away')
  const { hostName, parked } = (await here.site.compute(one)).place
  // Its end, had it gone on.
  pump.clock.advance(ends - pump.clock.now() + 10 * MINUTE)
  await here.volumes.terminate(firm)
  await pump.until(here.site.is(firm, 'done'), 'room on the other host')
  const to = (await here.site.host(hostName === 'sim-1' ? 'sim-2' : 'sim-1')).id
  await here.site.wish(one, () => ({ move: { level: 1, to, how: 'cold' } }))
  await pump.until(here.site.is(one, 'running'), 'it goes on elsewhere')
  const { place } = await here.site.compute(one)
  expect(place.host).toBe(to)
  const ran = (parked?.since ?? 0) - run
  expect(place.lease).toEqual({ ran: ran / 1000, run: place.at, ends: place.at + 600_000 - ran })
  await pump.until(here.site.is(one, 'done'), 'its end')
  expect(pump.clock.now()).toBeGreaterThanOrEqual(place.at + 600_000 - ran)
})

test('a worker that dies at any arrow loses and doubles nothing', async () => {
  const arrows = openArrows({ of: ({ kind }) => kind !== 'host', check: () => noneOvercommitted(here.site) })
  const { pump } = await ground({ at: arrows.at })
  const [old = '', firm = ''] = [
    ...(await here.site.order(1, { lease: { preemptible: true } })),
    ...(await here.site.order(1)),
  ]
  for (const id of [old, firm]) await pump.until(here.site.is(id, 'running'), 'machines')
  const live = async (dieAt: number): Promise<readonly string[]> => {
    arrows.count(dieAt)
    const start = pump.clock.now() + 3 * MINUTE
    const [one = ''] = await order(pump, { start, seconds: 30, atEnd: 'terminate' })
    await pump.until(booked(one), `its place on the calendar, a death at ${dieAt}`)
    await pump.until(here.site.is(one, 'running'), `its start, a death at ${dieAt}`)
    expect(lifecycle(await here.site.compute(old))).toBe('suspended')
    await pump.until(here.site.is(one, 'done'), `its end, a death at ${dieAt}`)
    const isAtRest = async () => (await wrongs(here.site)).length === 0 && (await nothingPromised(pump))
    await pump.until(
      async () => (await here.site.is(old, 'running')()) && (await isAtRest()),
      `all of it runs, a death at ${dieAt}`,
    )
    return arrows.rest()
  }
  await dieAtFirstAndLast(live, 21)
}, 600_000)
