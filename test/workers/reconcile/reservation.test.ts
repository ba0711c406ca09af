/** What the owner of a reservation reads when its places have lost their host and there is no room elsewhere. */
import { LOST_MS } from '../../../workers/reconcile/reservation'
import { openPump } from '../../support/pump'
import { startRedis, type TestRedis } from '../../support/redis'
import { openSiteReservations } from '../../support/reservations'
import { startSite } from '../../support/site'
import { openVolumes } from '../../support/volumes'

let redis: TestRedis
beforeAll(async () => {
  redis = await startRedis()
})
afterAll(() => redis.stop())

test('its owner is told how many places are without a host, and what became of those', async () => {
  const site = await startSite({ redis, hosts: 1, capacity: { cpuHundredths: 400, memoryMiB: 8192, diskGiB: 100 } })
  const volumes = await openVolumes(site)
  try {
    const pump = openPump(site)
    const reservations = await openSiteReservations(site, volumes, pump.clock)
    await pump.until(async () => (await site.store.readAll('host')).every(({ seen }) => seen.contact === 'ok'), 'hosts')
    const made = await reservations.reserve({ count: 2 })
    await site.simulator.admin.vanish('sim-1')
    pump.clock.advance(LOST_MS)
    const message = async () => (await reservations.view(made)).record.seen.message
    await pump.until(async () => (await message()) !== null, 'a message')
    expect(await message()).toBe(
      '2 of its places are on hosts that are removed, drained, fenced or silent, and no other has room',
    )
  } finally {
    await volumes.close()
    await site.close()
  }
})
