/**
 * A whole site for tests of workers: a real Redis, a simulator in this process, hosts, an image, a network, a project; orders
 * and wishes written as operations write them. Workers are started by the test, as many as it wants.
 */
import { randomBytes, randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { pino } from 'pino'
import type { Clock } from '../../src/clock'
import { realClock } from '../../src/clock'
import { openImageStore } from '../../src/images'
import { openFetcher } from '../../src/images/fetch'
import type { ComputeId, ImageId, NetworkId, ProjectId } from '../../src/model/ids'
import { type Lifecycle, lifecycle } from '../../src/model/lifecycle'
import type { HostCapacity } from '../../src/model/machine'
import type { ComputeRecord, ComputeWish, HostRecord, HostWish } from '../../src/model/records'
import { openQueue } from '../../src/queue'
import { openStore } from '../../src/store'
import { type Create, NOBODY, type Store } from '../../src/store/store'
import { openUnsealing } from '../../src/store/unsealing'
import { openDrivers } from '../../workers/drivers/registry'
import type { ResourceSnapshot } from '../../workers/drivers/simulator'
import { simulatedAddress } from '../../workers/drivers/simulator'
import { openShares } from '../../workers/reconcile/shares'
import type { Work } from '../../workers/reconcile/work'
import { type RunningWorker, SHARES, startWorker, type WorkerOptions } from '../../workers/worker'
import { computeRecord } from './compute-record'
import type { Pump } from './pump'
import { startRedis, type TestRedis } from './redis'
import { type StartedSimulator, startSimulator } from './simulator'
import { until } from './until'

export const PROJECT = 'aaaaaaaa-0000-4000-8000-000000000001' as ProjectId
export const IMAGE = 'cccccccc-0000-4000-8000-000000000001' as ImageId
export const NETWORK = 'dddddddd-0000-4000-8000-000000000001' as NetworkId
export const ZONES = ['local-1a', 'local-1b', 'local-1c', 'local-1d']

export interface Site {
  readonly name: string
  readonly redis: TestRedis
  readonly simulator: StartedSimulator
  readonly store: Store
  readonly log: Work['log']
  /** Orders machines; ids in order. */
  order(count: number, wish?: Partial<ComputeWish>): Promise<readonly ComputeId[]>
  /** Changes a wish, as often as it takes. */
  wish(id: string, change: (wish: ComputeWish) => Partial<ComputeWish>): Promise<void>
  setHost(name: string, change: Partial<HostWish>): Promise<void>
  compute(id: string): Promise<ComputeRecord>
  host(name: string): Promise<HostRecord>
  /** To wait for: whether a machine is in that state by now. */
  is(id: string, state: Lifecycle): () => Promise<boolean>
  /** Orders one machine and waits until it runs. */
  running(pump: Pick<Pump, 'until'>): Promise<{ readonly id: ComputeId; readonly name: string; readonly host: string }>
  /** Whether all hosts answer. */
  answering(): Promise<boolean>
  /** A worker process's inside, in this process; closed with the site if not before. */
  worker(options?: WorkerOptions & { readonly hostPollMs?: number }): Promise<RunningWorker>
  /** What one job is given, to run jobs by hand. */
  work(options?: { readonly at?: Work['at']; readonly queue?: Work['queue']; readonly clock?: Clock }): Work
  /** Everything of a machine on every host, by host name. */
  found(name: string): Promise<readonly (ResourceSnapshot & { readonly host: string })[]>
  close(): Promise<void>
}

const idOf = (number: number): string => `eeeeeeee-0000-4000-8000-${String(number).padStart(12, '0')}`
let sites = 0

export interface SiteOptions {
  readonly hosts?: number
  readonly capacity?: HostCapacity
  /** A Redis that is shared by several sites; a fresh one otherwise. */
  readonly redis?: TestRedis
  readonly deadlineMs?: number
}

export async function startSite(options: SiteOptions = {}): Promise<Site> {
  const name = `site-${++sites}`
  const redis = options.redis ?? (await startRedis())
  const count = options.hosts ?? 2
  const simulator = await startSimulator({
    hosts: count,
    site: name,
    ...(options.capacity ? { capacity: options.capacity } : {}),
    ...(options.deadlineMs ? { deadlineMs: options.deadlineMs } : {}),
  })
  const store = openStore({ site: name, redis: redis.address })
  const queue = openQueue({ site: name, redis: redis.address })
  const log = pino({ level: process.env.TEST_LOG ?? 'silent' })
  await store.open(realClock.now())
  await furnish(store, count)
  const workers: RunningWorker[] = []
  const works: { close(): Promise<void> }[] = []
  const site: Site = {
    name,
    redis,
    simulator,
    store,
    log,
    order: (machines, wish) => order(store, machines, wish),
    wish: (id, change) => rewish(store, 'compute', id, change),
    setHost: async (host, change) => rewish(store, 'host', (await site.host(host)).id, () => change),
    async compute(id) {
      const record = await store.read('compute', id)
      if (!record) throw new Error(`no record of ${id}`)
      return record
    },
    async host(host) {
      const found = (await store.readAll('host')).find((record) => record.wish.name === host)
      if (!found) throw new Error(`no host ${host}`)
      return found
    },
    is: (id, state) => async () => lifecycle(await site.compute(id)) === state,
    async running(pump) {
      const [id = '' as ComputeId] = await site.order(1)
      await pump.until(site.is(id, 'running'), 'a running machine')
      const { wish, place } = await site.compute(id)
      return { id, name: wish.name, host: place.hostName ?? '' }
    },
    answering: async () => (await store.readAll('host')).every(({ seen }) => seen.contact === 'ok'),
    async worker({ hostPollMs = 300, ...rest } = {}) {
      const config = {
        site: name,
        redis: redis.address,
        logLevel: 'silent',
        simulator: simulator.socket,
        hostPollMs,
        data: simulator.folder,
      }
      const worker = await startWorker({ ...config, concurrency: 16 }, { log, ...rest })
      workers.push(worker)
      return worker
    },
    work({ at = () => undefined, queue: told = queue, clock = realClock } = {}) {
      const drivers = openDrivers({
        site: name,
        simulator: simulator.socket,
        images: openImageStore({ images: join(simulator.folder, 'images') }),
        ssh: {},
      })
      works.push(drivers)
      return {
        store,
        queue: told,
        clock,
        unseal: openUnsealing(join(simulator.folder, 'keys'), log),
        log,
        shares: openShares(SHARES),
        hostPollMs: 300,
        images: openImageStore({ images: join(simulator.folder, 'images') }),
        fetcher: openFetcher(),
        auditFolder: join(simulator.folder, 'audit'),
        driver: (kind) => drivers.of(kind),
        at,
      }
    },
    async found(machine) {
      const { hosts } = await simulator.admin.snapshot()
      return hosts.flatMap((host) => {
        const there = host.resources[machine]
        return there && !there.departed ? [{ ...there, host: host.name }] : []
      })
    },
    async close() {
      for (const worker of workers) await worker.close()
      for (const work of works) await work.close()
      await queue.close()
      await store.close()
      await simulator.close()
      if (!options.redis) await redis.stop()
    },
  }
  return site
}

const change = (what: string) => ({ operationId: randomUUID(), actor: NOBODY, what })

async function furnish(store: Store, hosts: number): Promise<void> {
  const now = realClock.now()
  const base = { seen: null, journal: null, place: null, wake: false }
  const creates: Create[] = [
    {
      ...base,
      ref: { kind: 'project', id: PROJECT },
      project: PROJECT,
      wish: { name: 'p', account: '000000000001', quota: {}, purging: false, createdAt: now },
    },
    {
      ...base,
      ref: { kind: 'image', id: IMAGE },
      project: null,
      wish: { exists: true, name: 'tiny', ami: 'ami-00000000000000001', sizeGiB: 1, rootDevice: '/dev/sda1' },
      seen: { state: 'available' },
    },
    {
      ...base,
      ref: { kind: 'network', id: NETWORK },
      project: null,
      wish: {
        exists: true,
        name: 'default',
        subnet: 'subnet-00000000000000001',
        cidr: '10.0.0.0/16',
        gateway: '10.0.0.1',
        bridge: 'br0',
        vlan: null,
      },
      seen: { state: 'active' },
    },
    ...Array.from({ length: hosts }, (_, index) => hostCreate(index + 1, now)),
  ]
  await store.change({ ...change('furnish'), creates }, now)
}

const hostCreate = (number: number, now: number): Create => ({
  ref: { kind: 'host', id: idOf(number) },
  project: null,
  wish: {
    name: `sim-${number}`,
    zone: ZONES[(number - 1) % ZONES.length],
    enabled: true,
    driver: 'simulator',
    address: simulatedAddress(`sim-${number}`),
    simulated: true,
    reserved: { type: '', cores: 0, cpuHundredths: 0, memoryMiB: 0, diskGiB: 0 },
    removing: false,
    createdAt: now,
  },
  seen: {
    at: 0,
    contact: 'never',
    lostSince: null,
    message: null,
    boot: null,
    version: null,
    capacity: null,
    capabilities: null,
    foreign: [],
    orphans: [],
  },
  journal: null,
  place: null,
  wake: true,
})

let ordered = 0
let last = 0

async function order(store: Store, count: number, wish: Partial<ComputeWish> = {}): Promise<readonly ComputeId[]> {
  // Who orders first is first in the queue, also where two orders come within one millisecond.
  const now = Math.max(realClock.now(), last + 1)
  last = now
  const records = Array.from({ length: count }, () => {
    const number = ++ordered
    const hex = number.toString(16).padStart(4, '0')
    const base = computeRecord({ id: randomUUID(), project: PROJECT })
    return {
      ...base,
      wish: {
        ...base.wish,
        name: `i-${randomBytes(6).toString('hex')}${hex}0`,
        createdAt: now,
        size: { type: 't2.nano', cores: 1, cpuHundredths: 100, memoryMiB: 512, diskGiB: 1 },
        disks: base.wish.disks.map((disk) => ({ ...disk, sizeGiB: 1 })),
        countedGiB: 1,
        interfaces: base.wish.interfaces.map((one) => ({
          ...one,
          mac: `02:00:00:00:${hex.slice(0, 2)}:${hex.slice(2)}`,
          address: `10.0.${Math.floor(number / 250)}.${(number % 250) + 2}`,
        })),
        ...wish,
      },
    }
  })
  const result = await store.change(
    {
      ...change('order'),
      creates: records.map(({ id, wish: wanted, seen, journal, place }) => ({
        ref: { kind: 'compute', id },
        project: PROJECT,
        wish: wanted,
        seen,
        journal,
        place,
        wake: true,
      })),
      takes: records.flatMap((record) => [
        { hash: 'names', field: record.wish.name, value: `compute:${record.id}` },
        ...record.wish.interfaces.map((one) => ({
          hash: `leases:${one.network}`,
          field: one.address ?? '',
          value: `compute:${record.id}`,
        })),
      ]),
      counters: [
        { project: PROJECT, name: 'instances', by: count },
        { project: PROJECT, name: 'cores', by: records.reduce((sum, { wish: { size } }) => sum + size.cores, 0) },
        {
          project: PROJECT,
          name: 'memoryMiB',
          by: records.reduce((sum, { wish: { size } }) => sum + size.memoryMiB, 0),
        },
        { project: PROJECT, name: 'volumeGiB', by: count },
      ],
      waiting: records.map((record) => record.id),
    },
    now,
  )
  if (result.state !== 'done') throw new Error(`order: ${JSON.stringify(result)}`)
  return records.map((record) => record.id)
}

/** What the project has more of with another size. */
const grown = (before: ComputeWish['size'], after: ComputeWish['size']) =>
  (['cores', 'memoryMiB'] as const).flatMap((name) =>
    after[name] === before[name] ? [] : [{ project: PROJECT, name, by: after[name] - before[name] }],
  )

async function rewish<K extends 'compute' | 'host'>(
  store: Store,
  kind: K,
  id: string,
  next: (wish: ComputeWish) => object,
): Promise<void> {
  await until(
    async () => {
      const record = await store.read(kind, id)
      if (!record) throw new Error(`no ${kind} ${id}`)
      const wish = { ...record.wish, ...next(record.wish as ComputeWish) }
      const { generation, project } = record
      const updates = [{ ref: { kind, id }, project, generation, wish, raisePhase: true, wake: true }]
      const homeless = record.kind === 'compute' && record.place.host === null
      const lists = !homeless ? {} : (wish as ComputeWish).exists ? { waiting: [id] } : { stopWaiting: [id] }
      const counters = record.kind === 'compute' ? grown(record.wish.size, (wish as ComputeWish).size) : []
      const result = await store.change({ ...change('wish'), updates, ...lists, counters }, realClock.now())
      return result.state === 'done'
    },
    { what: `a wish for ${kind} ${id}` },
  )
}
