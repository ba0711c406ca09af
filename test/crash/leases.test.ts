/**
 * Machines with terms on a live site, and a worker that dies before and after each arrow meanwhile. At no moment does a host give away or
 * promise more than it has; whoever was promised a start has it; at the end nothing is promised to anybody who is not there.
 */
import { lifecycle, stateMessage } from '../../src/model/lifecycle'
import type { LeaseWish } from '../../src/model/records'
import { wrongs } from '../support/invariants'
import { promisesWrong } from '../support/leases'
import { Crash, openPump, type Pump, type PumpOptions } from '../support/pump'
import { startRedis, type TestRedis } from '../support/redis'
import { openSiteReservations, type Reservations } from '../support/reservations'
import { type Site, startSite } from '../support/site'
import { openVolumes, type Volumes } from '../support/volumes'

const MINUTE = 60_000
let redis: TestRedis
let site: Site
let volumes: Volumes
beforeAll(async () => {
  redis = await startRedis()
})
afterAll(() => redis.stop())
beforeEach(async () => {
  site = await startSite({ redis, hosts: 1, capacity: { cpuHundredths: 200, memoryMiB: 8192, diskGiB: 100 } })
  volumes = await openVolumes(site)
})
afterEach(async () => {
  await volumes.close()
  await site.close()
})

interface Ground {
  readonly pump: Pump
  readonly reservations: Reservations
}

async function ground(options: PumpOptions = {}): Promise<Ground> {
  const pump = openPump(site, { hostPollMs: 20_000, ...options })
  const reservations = await openSiteReservations(site, volumes, pump.clock)
  const answering = async () => (await site.store.readAll('host')).every((host) => host.seen.contact === 'ok')
  await pump.until(answering, 'hosts')
  return { pump, reservations }
}

const order = async (pump: Pump, lease: LeaseWish, count = 1) =>
  site.order(count, { lease, createdAt: pump.clock.now() })
const is = (state: string, id: string) => async () => lifecycle(await site.compute(id)) === state
const booked = (id: string) => async () => (await site.compute(id)).place.lease?.booked !== undefined
const nothingPromised = async (pump: Pump) => (await promisesWrong(site, pump.clock)).length === 0

test('a start saves who gives way in time, is kept, ends by itself, and its place is given back', async () => {
  const { pump } = await ground()
  const [old = '', firm = ''] = [...(await site.order(1, { lease: { preemptible: true } })), ...(await site.order(1))]
  for (const id of [old, firm]) await pump.until(is('running', id), 'machines')
  const start = pump.clock.now() + 10 * MINUTE
  const [one = ''] = await order(pump, { start, seconds: 300 })
  await pump.until(booked(one), 'its place on the calendar')
  expect(lifecycle(await site.compute(one))).toBe('reserved')
  expect(stateMessage(await site.compute(one))).toBe(
    `its lease is planned; it begins at ${new Date(start).toISOString().slice(0, 19).replace('T', ' ')}Z at the earliest`,
  )
  // A machine without an end would need its place for ever, and nothing else is free.
  const [late = ''] = await site.order(1)
  await pump.until(is('running', one), 'its start')
  expect(pump.clock.now()).toBeLessThan(start)
  expect(pump.clock.now()).toBeGreaterThanOrEqual(start - 61_000)
  expect(lifecycle(await site.compute(old))).toBe('suspended')
  expect(lifecycle(await site.compute(late))).toBe('pending')
  pump.clock.advance(start + 300_000 - pump.clock.now() - 1000)
  await pump.turn()
  expect(lifecycle(await site.compute(one))).toBe('running')
  await pump.until(is('poweroff', one), 'its end')
  expect((await site.compute(one)).wish.lease?.over).toBeGreaterThanOrEqual(start + 300_000)
  await volumes.terminate(late)
  await pump.until(is('running', old), 'its place back')
  expect(lifecycle(await site.compute(firm))).toBe('running')
  await pump.until(async () => nothingPromised(pump), 'nothing promised')
})

test('a lease that ends is terminated where its owner said so, and one that was stopped starts again as any machine does', async () => {
  const { pump } = await ground()
  const [stops = '', ends = ''] = [
    ...(await order(pump, { seconds: 60 })),
    ...(await order(pump, { seconds: 60, atEnd: 'terminate' })),
  ]
  for (const id of [stops, ends]) await pump.until(is('running', id), 'both')
  await pump.until(is('done', ends), 'the end of one')
  await pump.until(is('poweroff', stops), 'the other at rest')
  await pump.until(async () => (await site.compute(stops)).place.parked?.released === true, 'its place given back')
  expect((await site.compute(stops)).wish.reason).toBe('Server.ScheduledStop: the time of its lease is over')
  const [next = '', more = ''] = await site.order(2)
  for (const id of [next, more]) await pump.until(is('running', id), 'others in their places')
  await volumes.terminate(more)
  await site.wish(stops, (wish) => ({ power: 'on', starts: wish.starts + 1 }))
  await site.store.change(
    { operationId: 'start-again', actor: { user: '', key: '', source: '', requestId: '' }, what: 'x', waiting: [stops] },
    pump.clock.now(),
  )
  await pump.until(is('running', stops), 'it runs again')
  pump.clock.advance(10 * MINUTE)
  await pump.turn()
  expect(lifecycle(await site.compute(stops))).toBe('running')
})
