/** What the round is played on: our driver, the account, and the one machine that it makes. */
import { randomBytes, randomUUID } from 'node:crypto'
import type { HostId } from '../../../src/model/ids'
import type { Driver, EffectTicket, HostTarget, MachineDefinition } from '../../../workers/drivers/driver'
import { type Call, openAccounts } from '../../../workers/drivers/providers/ec2/client'
import { ec2Driver } from '../../../workers/drivers/providers/ec2/driver'
import type { LiveSettings } from './settings'

/** The tag that the driver gives its instances, and the site whose name is in it here. */
export const MARK = { tag: 'occi-gateway.site', site: 'occi-gateway-live-ec2' } as const

export interface Stage {
  readonly driver: Driver
  readonly host: HostTarget
  /** For what the driver does not tell. */
  readonly call: Call
  readonly image: string
  readonly definition: MachineDefinition
  /** `making`: it was asked for, and may be there though no list shows it yet. */
  state: 'none' | 'making' | 'made'
}

export function openStage({ region, endpoint, account, secret, image, subnet, type: name }: LiveSettings): Stage {
  const type = { name, cores: 2, memoryMiB: 512, diskGiB: null, price: 0, count: 1 }
  const host: HostTarget = {
    id: MARK.site as HostId,
    name: MARK.site,
    address: endpoint,
    provider: {
      region,
      credentials: () => ({ account, secret }),
      settings: subnet === null ? {} : { subnet },
      types: [type],
      limits: { cores: null, memoryMiB: null },
      images: { [image]: image },
    },
  }
  const accounts = openAccounts()
  const definition: MachineDefinition = {
    name: `i-${randomBytes(9).toString('hex').slice(1)}`,
    id: randomUUID(),
    site: MARK.site,
    size: { type: name, cores: type.cores, cpuHundredths: 200, memoryMiB: type.memoryMiB, diskGiB: 1 },
    disks: [],
    interfaces: [],
    order: { type, image, hostname: null, publicKey: null, userData: null },
    seed: null,
  }
  const driver = ec2Driver({ site: MARK.site, accounts })
  return { driver, host, call: accounts.of(host), image, definition, state: 'none' }
}

/** A provider's driver asks no epoch. The same key for the same deed, however often it is repeated. */
export const ticketFor = (resource: string, deed: string): EffectTicket => ({
  resource,
  epoch: { era: 1, number: 1 },
  key: `${resource}/${deed}/up/1`,
})
