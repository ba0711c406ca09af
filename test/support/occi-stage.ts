/** The OCCI driver with a partner gateway of ours behind it, and a wire between them that breaks. */
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import type { HostId } from '../../src/model/ids'
import { openOcciDriver } from '../../workers/drivers/providers/occi'
import type { WiredStage } from '../contract/provider-contract'
import type { Partner } from './partner'
import { startWire } from './provider-wire'

export const OCCI_TYPE = { name: 't2.nano', cores: 1, memoryMiB: 512, diskGiB: null, price: 5_800, count: 100 }

const credential = z.object({ user: z.string(), password: z.string() })

/** An account there of a gateway that it lends machines to: its orders are signed. */
export const partnership = async ({ admin }: Pick<Partner, 'admin'>, name: string): Promise<Credential> =>
  credential.parse(await admin.post('/partners', { name, quota: { instances: 20, cores: 40, memoryMiB: 100_000 } }))
type Credential = z.infer<typeof credential>

/** Each stage has a wire of its own; the partner may be shared. */
export async function openOcciStage(
  partner: Pick<Partner, 'url' | 'region' | 'image'> & { readonly account: Credential },
  settings: Readonly<Record<string, string>> = {},
): Promise<WiredStage> {
  const wire = await startWire(partner.url)
  const { user: account, password: secret } = partner.account
  const site = 'local-1'
  const driver = openOcciDriver({ site, patienceMs: 6_000 })
  const host = (name: string) => ({
    id: name as HostId,
    name,
    address: wire.url,
    provider: {
      region: partner.region,
      credentials: () => ({ account, secret }),
      settings,
      types: [OCCI_TYPE],
      limits: { cores: null, memoryMiB: null },
      images: { tiny: partner.image },
    },
  })
  return {
    driver,
    wire,
    here: host('partner'),
    there: host('other'),
    site,
    image: { image: 'tiny', sizeGiB: 1 },
    order: {
      ...{ type: OCCI_TYPE, image: partner.image, hostname: null, publicKey: null, userData: null },
      origin: { order: randomUUID(), path: [], project: 'p-1' },
    },
    network: { name: 'subnet-1', bridge: 'xenbr0', vlan: null, cidr: '10.0.0.0/16', gateway: '10.0.0.1' },
    size: { type: 't2.nano', cores: 1, cpuHundredths: 100, memoryMiB: 512, diskGiB: 1 },
    async close() {
      await driver.close()
      await wire.close()
    },
  }
}
