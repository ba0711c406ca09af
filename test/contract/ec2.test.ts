/** The EC2 driver under the contract of all drivers and that of providers, against the EC2 front of a partner gateway of ours. */
import type { HostId } from '../../src/model/ids'
import { openEc2Driver } from '../../workers/drivers/providers/ec2'
import { PROVIDER_LACKS } from '../../workers/drivers/providers/lacking'
import { type Partner, startPartner } from '../support/partner'
import { startWire } from '../support/provider-wire'
import { definitionOf, type Lack, through } from './driver/bench'
import { driverContract } from './driver-contract'
import { providerContract, type WiredStage } from './provider-contract'

const TYPE = { name: 't2.nano', cores: 1, memoryMiB: 512, diskGiB: null, price: 5_800, count: 100 }

const LACKS: readonly Lack[] = [
  ...PROVIDER_LACKS.map(({ verb, because }) => ({ what: verb as Lack['what'], because })),
  { what: 'pause', because: 'EC2 knows no pause' },
  { what: 'own disks', because: 'disks come and go with the machine' },
]

let shared: Promise<Partner> | undefined
afterAll(async () => (await shared)?.close())

/** Both contracts have the same partner, each a wire of its own. */
async function open(): Promise<WiredStage> {
  shared ??= startPartner()
  const partner = await shared
  const wire = await startWire(partner.url)
  const { accessKeyId: account, secretAccessKey: secret } = partner.account
  const driver = openEc2Driver({ site: 'local-1', callMs: 6_000 })
  const host = (name: string) => ({
    id: name as HostId,
    name,
    address: wire.url,
    provider: {
      region: partner.region,
      credentials: () => ({ account, secret }),
      settings: {},
      types: [TYPE],
      limits: { cores: null, memoryMiB: null },
      images: { tiny: partner.image },
    },
  })
  return {
    driver,
    wire,
    here: host('partner'),
    there: host('other'),
    site: 'local-1',
    image: { image: 'tiny', sizeGiB: 1 },
    order: { type: TYPE, image: partner.image, hostname: null, publicKey: null, userData: null },
    network: { name: 'subnet-1', bridge: 'xenbr0', vlan: null, cidr: '10.0.0.0/16', gateway: '10.0.0.1' },
    size: { type: 't2.nano', cores: 1, cpuHundredths: 100, memoryMiB: 512, diskGiB: 1 },
    async close() {
      await driver.close()
      await wire.close()
    },
  }
}

driverContract({ name: 'ec2', open, lacks: LACKS, whole: { because: 'a provider has no such parts, and no guard' } })

const asks = (action: string) => (request: { readonly body: string }) => request.body.includes(`Action=${action}`)

providerContract({
  name: 'ec2',
  open,
  is: {
    create: asks('RunInstances'),
    end: asks('TerminateInstances'),
    stop: asks('StopInstances'),
    list: asks('DescribeInstances'),
  },
  throttle: {
    kind: 'answer',
    status: 503,
    body: '<Response><Errors><Error><Code>RequestLimitExceeded</Code><Message>slow</Message></Error></Errors><RequestID>r</RequestID></Response>',
  },
  idempotent: 'yes',
})

test('a public key is brought there once, however many machines have it', async () => {
  const stage = await open()
  const claim = { era: 1_700_000_000_000, number: 1 }
  const publicKey = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFmopYCfhk6siCmUYycMTMC41HF3SjZ4D/Ho2zLIgvB4 me@desk'
  const order = stage.order && { ...stage.order, publicKey }
  for (const name of ['i-000000000000key01', 'i-000000000000key02']) {
    const definition = { ...definitionOf(stage, name), ...(order ? { order } : {}) }
    const ticket = { resource: name, epoch: claim, key: `${name}/define/up/1` }
    await through(() => stage.driver.define(stage.here, ticket, definition))
    await through(() => stage.driver.undefine(stage.here, { ...ticket, key: `${name}/define/down/2` }))
  }
  expect(stage.wire.requests.filter(asks('ImportKeyPair'))).toHaveLength(2)
  await stage.close()
})
