/**
 * The ElasticHosts driver under the contract of all drivers and that of providers, against our simulator of a zone, in both formats and
 * both dialects. Each call of a machine's life with its own faults: test/workers/drivers/providers/elastichosts/wire.test.ts.
 */
import type { HostId } from '../../src/model/ids'
import { ELASTICHOSTS_LACKS, openElasticHostsDriver } from '../../workers/drivers/providers/elastichosts'
import { startElasticHosts } from '../clouds/elastichosts/simulator'
import type { Habits } from '../clouds/elastichosts/world'
import { accountOf, ELASTIC_IMAGE, SMALL } from '../support/elastichosts-stage'
import { startWire, type WireRequest } from '../support/provider-wire'
import type { Lack } from './driver/bench'
import { driverContract } from './driver-contract'
import { providerContract, type WiredStage } from './provider-contract'

const LACKS: readonly Lack[] = [
  ...ELASTICHOSTS_LACKS.map(({ verb, because }) => ({ what: verb as Lack['what'], because })),
  { what: 'pause', because: 'a zone pauses servers itself, and knows no call for it' },
  { what: 'own disks', because: 'disks come and go with the machine' },
]

const opening = (dialect: Habits['dialect'], format: 'json' | 'text') => async (): Promise<WiredStage> => {
  const zone = await startElasticHosts({ dialect })
  const wire = await startWire(zone.url)
  const site = 'local-1'
  const pace = { lookAgainMs: 20, seenMs: 20, unseenMs: 60_000 }
  const driver = openElasticHostsDriver({ site, patienceMs: 2_000, pace })
  const host = (name: string) => ({
    id: name as HostId,
    name,
    address: wire.url,
    provider: accountOf(zone, { format }),
  })
  return {
    driver,
    wire,
    here: host('elastic-sat'),
    there: host('elastic-lon'),
    site,
    image: { image: 'tiny', sizeGiB: 1 },
    order: { type: SMALL, image: ELASTIC_IMAGE, hostname: null, publicKey: null, userData: null },
    network: { name: 'subnet-1', bridge: 'xenbr0', vlan: null, cidr: '10.0.0.0/16', gateway: '10.0.0.1' },
    size: { type: 't2.nano', cores: 1, cpuHundredths: 100, memoryMiB: 512, diskGiB: 1 },
    async close() {
      await driver.close()
      await wire.close()
      await zone.close()
    },
  }
}

const whole = { because: 'a provider has no such parts, and no guard' }
driverContract({ name: 'elastichosts, JSON, newer zone', open: opening('new', 'json'), lacks: LACKS, whole })
driverContract({ name: 'elastichosts, text, older zone', open: opening('old', 'text'), lacks: LACKS, whole })

const asks = (path: RegExp) => (request: WireRequest) => path.test(`${request.method} ${request.path}`)

providerContract({
  name: 'elastichosts',
  open: opening('new', 'json'),
  is: {
    create: asks(/^POST \/drives\/create/),
    end: asks(/^POST \/servers\/[^/]+\/destroy/),
    stop: asks(/^POST \/servers\/[^/]+\/stop/),
    list: asks(/^GET \/servers\/info/),
  },
  throttle: { kind: 'answer', status: 429, body: 'slow down' },
  idempotent: 'no',
})
