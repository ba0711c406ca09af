/** A site whose host `sim-1` is simulated, and takes nothing until it is enabled, and whose `sim-2` is an account at a partner's EC2 front, behind a wire, with its jobs run by hand. */
import { join } from 'node:path'
import { DescribeInstancesCommand, EC2Client, type Instance } from '@aws-sdk/client-ec2'
import type { ProviderType, ProviderWish } from '../../src/model/providers/record'
import { openKeyRingFile } from '../../src/store/key-ring'
import { seal } from '../../src/store/sealed'
import type { Driver } from '../../workers/drivers/driver'
import { openEc2Driver } from '../../workers/drivers/providers/ec2'
import type { Partner } from './partner'
import { type ProviderWire, startWire } from './provider-wire'
import { openPump, type Pump, type PumpOptions } from './pump'
import type { TestRedis } from './redis'
import { IMAGE, type Site, startSite } from './site'
import { until } from './until'

export const NANO: ProviderType = {
  name: 't2.nano',
  cores: 1,
  memoryMiB: 512,
  diskGiB: null,
  price: 5_800,
  count: 100,
}

export interface Ec2Site {
  readonly site: Site
  readonly pump: Pump
  readonly driver: Driver
  readonly wire: ProviderWire
  /** That of the second account. */
  readonly other: ProviderWire | undefined
  /** Somebody else with the account at the provider. */
  readonly stranger: EC2Client
  /** What there is at the provider for a machine of ours, whatever its state. */
  there(machine: string): Promise<readonly Instance[]>
  /** Turn by turn, while the partner works in its own time. */
  until(condition: () => Promise<boolean>, what: string): Promise<void>
  close(): Promise<void>
}

export interface Ec2SiteOptions {
  /** Whether `sim-1` is an account there too, behind a wire of its own. */
  readonly accounts?: 'one' | 'two'
  readonly at?: NonNullable<PumpOptions['at']>
  readonly types?: readonly ProviderType[]
  /** ms until something is waited for in vain. */
  readonly patienceMs?: number
  readonly settings?: Readonly<Record<string, string>>
}

export async function openEc2Site(
  redis: TestRedis,
  partner: Partner,
  { at = () => undefined, types = [NANO], settings = {}, accounts = 'one', patienceMs = 25_000 }: Ec2SiteOptions = {},
): Promise<Ec2Site> {
  const { accessKeyId, secretAccessKey } = partner.account
  const wire = await startWire(partner.url)
  const site = await startSite({ redis, hosts: 2 })
  const become = async (host: string, address: string): Promise<void> => {
    const { id } = await site.host(host)
    const provider: ProviderWish = {
      ...{ region: partner.region, account: accessKeyId, settings, types, images: { [IMAGE]: partner.image } },
      secret: seal(openKeyRingFile(join(site.simulator.folder, 'keys')), id, secretAccessKey),
      limits: { cores: null, memoryMiB: null },
      ...{ latencyMs: null, burstAfterMs: 0, currency: 'USD', budget: null },
    }
    await site.setHost(host, { driver: 'ec2', address, provider })
  }
  const other = accounts === 'two' ? await startWire(partner.url) : undefined
  if (other) await become('sim-1', other.url)
  else await site.setHost('sim-1', { enabled: false })
  await become('sim-2', wire.url)
  const driver = openEc2Driver({ site: site.name })
  const pump = openPump(site, { at, between: (plain) => (plain.kind === 'ec2' ? driver : plain) })
  for (const host of ['sim-1', 'sim-2'])
    await pump.until(async () => (await site.host(host)).seen.contact === 'ok', 'the accounts')
  const credentials = { accessKeyId, secretAccessKey }
  const stranger = new EC2Client({ region: partner.region, endpoint: partner.url, credentials })
  return {
    ...{ site, pump, driver, wire, other, stranger },
    async there(machine) {
      const Filters = [{ Name: 'tag:occi-gateway.machine', Values: [machine] }]
      const { Reservations = [] } = await stranger.send(new DescribeInstancesCommand({ Filters }))
      return Reservations.flatMap(({ Instances = [] }) => Instances)
    },
    async until(condition, what) {
      const onward = async () => {
        await pump.turn()
        pump.clock.advance(1000)
        return condition()
      }
      await until(onward, { what, timeoutMs: patienceMs })
    },
    async close() {
      stranger.destroy()
      await driver.close()
      await site.close()
      await wire.close()
      await other?.close()
    },
  }
}
