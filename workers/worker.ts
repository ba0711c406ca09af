/** One worker process: it turns records into machines. Any number may run; each may be killed at any moment. */
import { join } from 'node:path'
import { type Clock, followClock, realClock } from '../src/clock'
import type { Config } from '../src/config'
import { asFault } from '../src/faults'
import { openImageStore } from '../src/images'
import { openFetcher } from '../src/images/fetch'
import type { ImageStore } from '../src/images/image-store'
import { type Log, openLog } from '../src/log'
import type { Kind } from '../src/model/ids'
import { parseBackfilling } from '../src/model/placement'
import { openQueue, work as serve, type Worked } from '../src/queue'
import { openStore } from '../src/store'
import { keyRingFile } from '../src/store/key-ring'
import { openUnsealing } from '../src/store/unsealing'
import { type Drivers, openDrivers } from './drivers/registry'
import type { RemoteOptions } from './drivers/remote'
import { reconcile } from './reconcile/dispatch'
import { openShares } from './reconcile/shares'
import { startSweeping } from './reconcile/sweep'
import type { Work } from './reconcile/work'

type WorkerConfig = Pick<Config, 'site' | 'data' | 'redis' | 'logLevel' | 'simulator' | 'clockSocket' | 'concurrency'> &
  Partial<
    Pick<Config, 'images' | 'imagesEndpoint' | 'sshKey' | 'hostPollMs' | 'placementPolicy' | 'placementBackfilling'>
  >

/** What tests put in the place of the real thing. */
export interface WorkerOptions {
  readonly at?: Work['at']
  readonly log?: Log
  readonly drivers?: Drivers
  readonly clock?: Clock
  readonly images?: ImageStore
  readonly fetcher?: Work['fetcher']
}

export interface RunningWorker {
  /** Takes no more jobs and waits for those that run. */
  close(): Promise<void>
}

/**
 * Jobs of each kind that run at a time in one process. More placement jobs would only supersede each other. None is left to the sweep: what
 * waits for a provider, or reads all machines, would hold up everything that is due.
 */
export const concurrencyOf = ({
  concurrency,
}: Pick<WorkerConfig, 'concurrency'>): Readonly<Record<Worked, number>> => ({
  compute: concurrency,
  storage: concurrency,
  snapshot: Math.min(concurrency, 8),
  host: Math.min(concurrency, 32),
  network: 2,
  placement: 1,
  console: 8,
  image: 2,
  imageimport: 4,
  imageexport: 2,
  files: 1,
  hostcheck: 4,
  foreignlook: 4,
  audit: 1,
  relocation: 1,
  study: 1,
  address: Math.min(concurrency, 8),
  reservation: 2,
  securitygroup: 2,
  accounts: 1,
})

/** Of these places, so many for one project: a slow server, or a host that hangs, holds each of them for long. */
export const SHARES = { console: 3, imageimport: 2 } as const

/** With those that hosts have together which are silent. */
export const sharesOf = ({ host }: Pick<Record<Worked, number>, 'host'>) => ({
  ...SHARES,
  host: Math.max(1, Math.floor(host / 2)),
})

/** How hosts are logged in to: by a key that the operator names, else by the agent. */
const sshOf = ({ sshKey }: Pick<WorkerConfig, 'sshKey'>): RemoteOptions => {
  const agent = process.env.SSH_AUTH_SOCK
  return sshKey !== undefined ? { keyFile: sshKey } : agent === undefined ? {} : { agent }
}

function backfillingOf({ placementBackfilling = '' }: WorkerConfig): Pick<Work, 'backfilling'> {
  const backfilling = parseBackfilling(placementBackfilling)
  return backfilling === undefined ? {} : { backfilling }
}

/** Starts serving at once. Throws 'unavailable' when neither store nor clock can be reached. */
export async function startWorker(config: WorkerConfig, options: WorkerOptions = {}): Promise<RunningWorker> {
  const { site, redis } = config
  const concurrency = concurrencyOf(config)
  const log = options.log ?? openLog('worker', config.logLevel)
  const followed = config.clockSocket === undefined ? undefined : await followClock({ socket: config.clockSocket })
  const clock = options.clock ?? followed ?? realClock
  const store = openStore({ site, redis })
  await store.open(clock.now())
  const queue = openQueue({ site, redis })
  const images = options.images ?? openImageStore({ ...config, images: config.images ?? join(config.data, 'images') })
  const drivers = options.drivers ?? openDrivers({ site, simulator: config.simulator, images, ssh: sshOf(config) })
  const at = options.at ?? (() => undefined)
  const work: Work = {
    store,
    queue,
    unseal: openUnsealing(keyRingFile(config.data), log),
    clock,
    log,
    shares: openShares(sharesOf(concurrency)),
    images,
    fetcher: options.fetcher ?? openFetcher(),
    ...(config.placementPolicy === undefined ? {} : { placement: { policy: config.placementPolicy } }),
    ...backfillingOf(config),
    ...(config.hostPollMs === undefined ? {} : { hostPollMs: config.hostPollMs }),
    auditFolder: join(config.data, 'audit'),
    driver: (kind) => drivers.of(kind),
    at,
  }
  // Nobody else ever puts these there.
  await store.wake(
    [
      { kind: 'audit', id: 'site' },
      { kind: 'files', id: 'site' },
    ],
    clock.now(),
  )
  const sweeper = startSweeping(work, new Set(Object.keys(concurrency) as Kind[]), (ref) => reconcile(work, ref))
  const workers = serve({
    site,
    redis,
    concurrency,
    log,
    handler: async (ref) => {
      try {
        await reconcile(work, ref)
      } catch (thrown) {
        if (asFault(thrown).kind === 'unavailable') sweeper.again(ref)
        throw thrown
      }
    },
  })
  log.info({ site, concurrency }, 'worker started')
  return {
    async close() {
      await sweeper.stop()
      await workers.close()
      await Promise.all([queue.close(), drivers.close()])
      await store.close()
      images.close()
      followed?.close()
    },
  }
}
