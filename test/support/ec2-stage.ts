/** A stage for the EC2 driver: an account at the EC2 front of a partner gateway of ours, behind a wire that breaks what a test says. */

import type { HostId } from '../../src/model/ids'
import { openEc2Driver } from '../../workers/drivers/providers/ec2'
import type { WiredStage } from '../contract/provider-contract'
import { type Partner, startPartner } from './partner'
import { startWire } from './provider-wire'

const TYPE = { name: 't2.nano', cores: 1, memoryMiB: 512, diskGiB: null, price: 5_800, count: 100 }

let shared: Promise<Partner> | undefined

/** All of a file have the same partner, each a wire of its own. */
export async function openEc2Stage(): Promise<WiredStage> {
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

export const closeEc2Partner = async (): Promise<void> => {
  await (await shared)?.close()
}

/** A request of that action. */
export const asks = (action: string) => (request: { readonly body: string }) =>
  request.body.includes(`Action=${action}&`)
