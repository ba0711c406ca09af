/**
 * 10,000 waiting machines of 50 shapes with a rank expression each, on 10,000 hosts, placed by the worker's own job: hosts, claims and
 * records read from Redis, the plan, places and claims written there (each script on disk before it is answered), all of them due on
 * the agenda by then, and the workers told of the first thousand by the queue. No worker takes these jobs, and none sweeps the agenda.
 *
 * Bar: more than 5,000 placements a second, from the job's first command to its last.
 */
import { performance } from 'node:perf_hooks'
import { pino } from 'pino'
import { realClock } from '../../src/clock'
import type { HostRecord } from '../../src/model/records'
import { drawId } from '../../src/operations/draw'
import { newHost } from '../../src/operations/host-changes'
import { openQueue } from '../../src/queue'
import { reconcilePlacement } from '../../workers/reconcile/placement'
import { openShares } from '../../workers/reconcile/shares'
import type { Work } from '../../workers/reconcile/work'
import type { Figure } from './support/figure'
import { cpuMsOf } from './support/measure'
import { generator, SHAPES, shapes } from './support/placement'
import { type BenchSite, openSite, REGION, type Tenant } from './support/site'

const COUNT = 10_000
const BATCH = 100
const LEAST = 5_000
/** What the compiler has not seen often enough is not measured: in the second round it still takes a quarter of the worker's time. */
const WARM_UP = 2
/** More jobs than that, and something keeps the machines from their places. */
const MOST_JOBS = 100

async function addHosts({ context: { store, clock } }: BenchSite): Promise<void> {
  const random = generator(1)
  const now = clock.now()
  for (let made = 0; made < COUNT; made += BATCH) {
    const parts = Array.from({ length: BATCH }, (_, index) => {
      const name = `host-${made + index}`
      const cores = 16 + 16 * Math.floor(random() * 4)
      const capacity = { cpuHundredths: cores * 100, memoryMiB: cores * 4096, diskGiB: 4000 }
      const labels = { rack: `r${Math.floor(random() * 40)}`, cpuspeed: `${2000 + Math.floor(random() * 20) * 100}` }
      const { create, takes } = newHost(
        { name, zone: `${REGION}a`, driver: 'simulator', address: `simulator:${name}` },
        now,
      )
      const wish = { ...(create.wish as HostRecord['wish']), labels }
      const seen = { ...(create.seen as HostRecord['seen']), at: now, contact: 'ok', capacity }
      return { create: { ...create, wish, seen, wake: false }, takes }
    })
    const actor = { user: 'operator', key: '', source: '', requestId: '' }
    await store.change(
      {
        ...{ operationId: drawId<string>(), actor, what: 'add-hosts' },
        ...{ creates: parts.map(({ create }) => create), takes: parts.flatMap(({ takes }) => takes) },
      },
      now,
    )
  }
}

/** Of all shapes in turn by chance, as tenants' orders come. */
async function orderMachines({ operations }: BenchSite, { caller }: Tenant): Promise<void> {
  const [random, all] = [generator(2), shapes()]
  for (let made = 0; made < COUNT; made += BATCH) {
    const orders = Array.from({ length: BATCH }, () => {
      const { size, wish } = all[Math.floor(random() * SHAPES)] ?? {}
      if (!size || !wish) throw new Error('no shape')
      const order = { minCount: 1, maxCount: 1, cores: size.cores, memoryMiB: size.memoryMiB, placement: wish }
      return { do: 'run', order } as const
    })
    await operations.together(caller, orders)
  }
}

/** The job again and again until nobody waits; how many it took. */
async function placeAll(work: Work): Promise<number> {
  for (let jobs = 1; jobs <= MOST_JOBS; jobs += 1) {
    await reconcilePlacement(work)
    if ((await work.store.backlog(work.clock.now())).waiting === 0) return jobs
  }
  throw new Error('machines wait still')
}

/** Every machine has its claim on one host, and no host gave more than it has. */
async function check({ store }: BenchSite['context'], machines: number): Promise<void> {
  const hosts = await store.readAll('host')
  const held = await store.hostClaims(hosts.map(({ id }) => id))
  const claims = held.flatMap((host) => Object.entries(host.claims))
  if (claims.length !== machines || new Set(claims.map(([id]) => id)).size !== machines)
    throw new Error(`${claims.length} of ${machines} claims`)
  for (const [at, host] of hosts.entries()) {
    const cores = Object.values(held[at]?.claims ?? {}).reduce((sum, claim) => sum + JSON.parse(claim).cpuHundredths, 0)
    if (cores > (host.seen.capacity?.cpuHundredths ?? 0)) throw new Error(`${host.wish.name} gave more than it has`)
  }
}

export async function placementDurable(): Promise<readonly Figure[]> {
  const site = await openSite()
  const queue = openQueue({ site: REGION, redis: site.shared.redis })
  try {
    await addHosts(site)
    const tenant = await site.tenant('ann')
    const nothing = () => {
      throw new Error('placement needs none of this')
    }
    const work = {
      ...{ store: site.context.store, queue, clock: realClock, log: pino({ level: 'silent' }) },
      ...{ images: site.context.images, driver: nothing, unseal: nothing, fetcher: { fetch: nothing } as never },
      ...{ auditFolder: '', at: () => undefined, shares: openShares({}) },
    } satisfies Work
    for (let round = 0; round < WARM_UP; round += 1) {
      await orderMachines(site, tenant)
      await placeAll(work)
    }
    await orderMachines(site, tenant)
    // A worker has no mirror: what the gateway in this process would read of each placed machine is none of its work.
    await site.context.mirror.close()
    const before = { at: performance.now(), own: process.cpuUsage(), redis: cpuMsOf(site.redisPid) }
    const jobs = await placeAll(work)
    const ms = performance.now() - before.at
    const own = process.cpuUsage(before.own)
    await check(site.context, (WARM_UP + 1) * COUNT)
    const rate = (COUNT / ms) * 1000
    const each = (cpuMs: number): string => `${((cpuMs / COUNT) * 1000).toFixed(0)} µs`
    return [
      {
        what: `durable placements, ${COUNT} hosts × ${COUNT} machines of ${SHAPES} shapes`,
        figure:
          `${Math.round(ms)} ms in ${jobs} jobs: ${Math.round(rate)} a second ` +
          `(CPU for each: worker ${each((own.user + own.system) / 1000)}, Redis ${each(cpuMsOf(site.redisPid) - before.redis)})`,
        bar: `more than ${LEAST}`,
        isMet: rate > LEAST,
      },
    ]
  } finally {
    await queue.close()
    await site.close()
  }
}
