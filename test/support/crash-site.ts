/** The site that a file of crash stories plays on: Redis for the file, hosts and volumes fresh for each test. */
import { openPump, type Pump, type PumpOptions } from './pump'
import { startRedis, type TestRedis } from './redis'
import { openSiteReservations, type Reservations } from './reservations'
import { type Site, startSite } from './site'
import { openVolumes, type Volumes } from './volumes'

export interface CrashSite {
  readonly site: Site
  readonly volumes: Volumes
}

type Hosts = Omit<Parameters<typeof startSite>[0], 'redis'>

/** Declares the hooks; what it returns is there while a test runs. */
export function useCrashSite(hosts: Hosts): CrashSite & { exchange(others: Hosts): Promise<void> } {
  let redis: TestRedis
  let site: Site
  let volumes: Volumes
  beforeAll(async () => {
    redis = await startRedis()
  })
  afterAll(() => redis.stop())
  const open = async (options: Hosts): Promise<void> => {
    site = await startSite({ redis, ...options })
    volumes = await openVolumes(site)
  }
  const close = async (): Promise<void> => {
    await volumes.close()
    await site.close()
  }
  beforeEach(() => open(hosts))
  afterEach(close)
  return {
    /** For a test that needs other hosts than the rest of its file. */
    async exchange(others) {
      await close()
      await open(others)
    },
    get site() {
      return site
    },
    get volumes() {
      return volumes
    },
  }
}

export interface Ground {
  readonly pump: Pump
  readonly reservations: Reservations
}

/** A worker whose hosts have answered, and what reserves at its time. */
export async function openGround({ site, volumes }: CrashSite, options: PumpOptions = {}): Promise<Ground> {
  const pump = openPump(site, options)
  const reservations = await openSiteReservations(site, volumes, pump.clock)
  await pump.until(site.answering, 'hosts')
  return { pump, reservations }
}
