/** The ElasticHosts driver with a simulated zone behind it: an account as placement knows it, orders, polls as the worker makes them. */
import { asFault } from '../../src/faults'
import type { HostId } from '../../src/model/ids'
import type { ProviderTarget } from '../../src/model/providers/target'
import type { Driver, Effect, EffectTicket, HostTarget, MachineDefinition } from '../../workers/drivers/driver'
import { openElasticHostsDriver } from '../../workers/drivers/providers/elastichosts'
import { type ElasticHostsSimulator, startElasticHosts } from '../clouds/elastichosts/simulator'
import { type Habits, STANDARD } from '../clouds/elastichosts/world'

export const SITE = 'local-1'
export const ELASTIC_IMAGE = STANDARD[0].id

/** A type that the simulated zone takes. */
export const SMALL = { name: 'small', cores: 1, memoryMiB: 512, diskGiB: null, price: 20_000, count: 1_000 } as const

/** ms until a silent zone is given up in tests: longer than a busy machine takes to answer. */
export const PATIENCE_MS = 1_500

export interface ElasticStage {
  readonly zone: ElasticHostsSimulator
  readonly driver: Driver
  readonly here: HostTarget
  /** Another worker's driver for the same account. */
  another(): Driver
  close(): Promise<void>
}

export interface StageOrder {
  readonly habits?: Partial<Habits>
  readonly settings?: Readonly<Record<string, string>>
}

export const accountOf = (
  { account }: Pick<ElasticHostsSimulator, 'account'>,
  settings: Readonly<Record<string, string>> = {},
): ProviderTarget => ({
  region: 'sat-p',
  credentials: () => ({ account: account.user, secret: account.key }),
  settings,
  types: [SMALL],
  limits: { cores: null, memoryMiB: null },
  images: { 'ami-0123456789abcdef0': ELASTIC_IMAGE },
})

export async function openElasticStage({ habits, settings }: StageOrder = {}): Promise<ElasticStage> {
  const zone = await startElasticHosts(habits)
  const drivers: Driver[] = []
  const another = (): Driver => {
    const driver = openElasticHostsDriver({
      site: SITE,
      patienceMs: PATIENCE_MS,
      pace: { lookAgainMs: 20, seenMs: 20, unseenMs: 300_000 },
      // The copies' end is told by the zone's clock.
      now: () => zone.world.now(),
    })
    drivers.push(driver)
    return driver
  }
  const here: HostTarget = {
    id: '7d0e2b1c-0000-4000-8000-000000000001' as HostId,
    name: 'elastic-sat',
    address: zone.url,
    provider: accountOf(zone, settings),
  }
  return {
    zone,
    driver: another(),
    here,
    another,
    async close() {
      for (const driver of drivers) await driver.close()
      await zone.close()
    },
  }
}

let drawn = 0
export const freshName = (): string => `i-${(++drawn).toString(16).padStart(17, '0')}`

let number = 1
/** A ticket of a newer claim than all before. */
export const ticketFor = (resource: string, key = `${resource}/test/up/${++number}`): EffectTicket => ({
  ...{ resource, key },
  epoch: { era: 1_700_000_000_000, number: ++number },
})

export const definitionFor = (name: string, some: Partial<MachineDefinition> = {}): MachineDefinition => ({
  name,
  id: `00000000-0000-4000-8000-${name.slice(-12)}`,
  site: SITE,
  size: { type: 't2.nano', cores: 1, cpuHundredths: 100, memoryMiB: 512, diskGiB: 1 },
  disks: [],
  interfaces: [],
  order: { type: SMALL, image: ELASTIC_IMAGE, hostname: null, publicKey: null, userData: null },
  seed: null,
  ...some,
})

/**
 * As the worker does it: the same effect under its key by ever newer claims until it is done; an unknown outcome, or a zone that is busy,
 * has it asked again. Between two looks the zone's clock goes on.
 */
export async function through(stage: ElasticStage, order: () => Promise<Effect>): Promise<void> {
  for (let tries = 0; tries < 50; tries++) {
    const effect = await order().catch((thrown: unknown) => {
      const fault = asFault(thrown)
      if (!fault.retriable) throw fault
      return { state: 'running' } as const
    })
    if (effect.state === 'done') return
    stage.zone.advance(2_000)
  }
  throw new Error('it does not come to an end')
}

/** One poll of the account: a look at all, then each object that is one too many is discarded. Returns names of machines there. */
export async function poll({ driver, here }: ElasticStage): Promise<readonly string[]> {
  const { machines, surplus = [] } = await driver.list(here)
  for (const one of surplus) await driver.discard?.(here, one)
  return machines.map((machine) => machine.name)
}
