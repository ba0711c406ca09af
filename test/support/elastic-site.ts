/** A site whose host `sim-1` is simulated and whose `sim-2` is an account at a simulated ElasticHosts zone, with its jobs run by hand. */
import { join } from 'node:path'
import type { ProviderWish } from '../../src/model/providers/record'
import { openKeyRingFile } from '../../src/store/key-ring'
import { seal } from '../../src/store/sealed'
import type { Driver } from '../../workers/drivers/driver'
import { openElasticHostsDriver } from '../../workers/drivers/providers/elastichosts'
import { type ElasticHostsSimulator, startElasticHosts } from '../clouds/elastichosts/simulator'
import { ELASTIC_IMAGE, SMALL } from './elastichosts-stage'
import { openPump, type Pump, type PumpOptions } from './pump'
import type { TestRedis } from './redis'
import { IMAGE, type Site, startSite } from './site'

export interface ElasticSite {
  readonly site: Site
  readonly zone: ElasticHostsSimulator
  readonly pump: Pump
  readonly driver: Driver
  /** Time goes on, over several polls of the account. */
  onward(): Promise<void>
  close(): Promise<void>
}

const accountOf = (site: Site, zone: ElasticHostsSimulator, id: string): ProviderWish => ({
  ...{ region: 'sat-p', account: zone.account.user, settings: {}, types: [SMALL], images: { [IMAGE]: ELASTIC_IMAGE } },
  secret: seal(openKeyRingFile(join(site.simulator.folder, 'keys')), id, zone.account.key),
  limits: { cores: null, memoryMiB: null },
  ...{ latencyMs: null, burstAfterMs: 0, currency: 'USD', budget: null },
})

/** The host of its own takes nothing until it is enabled. */
export async function openElasticSite(redis: TestRedis, at: NonNullable<PumpOptions['at']>): Promise<ElasticSite> {
  const zone = await startElasticHosts()
  const site = await startSite({ redis, hosts: 2 })
  await site.setHost('sim-1', { enabled: false })
  const provider = accountOf(site, zone, (await site.host('sim-2')).id)
  await site.setHost('sim-2', { driver: 'elastichosts', address: zone.url, provider })
  // Silence after a copy is waited for by the workers' clock.
  const driver = openElasticHostsDriver({ site: site.name, now: () => pump.clock.now() })
  const pump = openPump(site, { at, between: (plain) => (plain.kind === 'elastichosts' ? driver : plain) })
  await pump.until(async () => (await site.host('sim-2')).seen.contact === 'ok', 'the account')
  return {
    ...{ site, zone, pump, driver },
    async onward() {
      for (let seconds = 0; seconds < 40; seconds += 1) {
        await pump.turn()
        pump.clock.advance(1000)
      }
    },
    async close() {
      await driver.close()
      await site.close()
      await zone.close()
    },
  }
}
