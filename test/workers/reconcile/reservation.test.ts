/** What the owner of a reservation reads when its places have lost their host and there is no room elsewhere, and what an end put off late counts. */
import { LONG_SILENT_MS } from '../../../src/model/host-records'
import type { Point } from '../../../workers/reconcile/work'
import { openPump, type PumpOptions } from '../../support/pump'
import { startRedis, type TestRedis } from '../../support/redis'
import { openSiteReservations } from '../../support/reservations'
import { PROJECT, type Site, startSite } from '../../support/site'
import { caller, openVolumes, type Volumes } from '../../support/volumes'

let redis: TestRedis
beforeAll(async () => {
  redis = await startRedis()
})
afterAll(() => redis.stop())

const HOUR = 3_600_000
let site: Site
let volumes: Volumes
beforeEach(async () => {
  site = await startSite({ redis, hosts: 1, capacity: { cpuHundredths: 400, memoryMiB: 8192, diskGiB: 100 } })
  volumes = await openVolumes(site)
})
afterEach(async () => {
  await volumes.close()
  await site.close()
})

async function ground(options: PumpOptions = {}, behindMs = 0) {
  const pump = openPump(site, options)
  const reservations = await openSiteReservations(site, volumes, { now: () => pump.clock.now() - behindMs })
  await pump.until(async () => (await site.store.readAll('host')).every(({ seen }) => seen.contact === 'ok'), 'hosts')
  return { pump, reservations }
}

test('its owner is told how many places are without a host, and what became of those', async () => {
  const { pump, reservations } = await ground()
  const made = await reservations.reserve({ count: 2 })
  await site.simulator.admin.vanish('sim-1')
  pump.clock.advance(LONG_SILENT_MS)
  const message = async () => (await reservations.view(made)).record.seen.message
  await pump.until(async () => (await message()) !== null, 'a message')
  expect(await message()).toBe(
    '2 of its places are on hosts that are removed, drained, fenced or silent, and no other has room',
  )
})

/** What its project is counted for, by a gateway that is a minute behind and puts the end off: while the job ends it, or after that. */
test.each<[string, Point]>([
  ['in the very moment in which it ends', 'before:result'],
  ['once it has ended', 'after:settle'],
])('one whose end is put off %s, with more places, lives on and is counted once', async (_when, point) => {
  let putOff: (() => Promise<unknown>) | undefined
  const at: PumpOptions['at'] = async (passed, { kind }) => {
    if (kind !== 'reservation' || passed !== point) return
    const once = putOff
    putOff = undefined
    await once?.()
  }
  const { pump, reservations } = await ground({ at }, 60_000)
  const endsAt = pump.clock.now() + HOUR
  const made = await reservations.reserve({ count: 2, endsAt })
  const living = async () => (await reservations.view(made)).record.seen
  await pump.until(async () => (await living()).held === 2 && (await living()).begun === true, 'its begin')
  let isOff = false
  putOff = async () => {
    await reservations.operations.changeReservation(caller, {
      ...{ reservation: made.record.id, endsAt: endsAt + HOUR, count: 3 },
    })
    isOff = true
  }
  pump.clock.advance(endsAt - pump.clock.now())
  await pump.until(async () => isOff && (await living()).held === 3 && (await living()).goneAt === null, 'its new end')
  expect(await site.store.counters(PROJECT)).toMatchObject({ reservedInstances: 3, reservedCores: 3 })
  expect(await reservations.wrongs(pump.clock)).toEqual([])
  pump.clock.advance(HOUR)
  await pump.until(async () => (await living()).goneAt !== null, 'its end')
  expect(await site.store.counters(PROJECT)).toMatchObject({ reservedInstances: 0, reservedCores: 0 })
})
