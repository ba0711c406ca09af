/** Several gateways' insides over one site on a real Redis: what one acknowledges, the others must show. */
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { openImageStore } from '../../src/images'
import type { ImageStore } from '../../src/images/image-store'
import type { Log } from '../../src/log'
import type { ComputeId, Ref } from '../../src/model/ids'
import type { ComputePlace, ComputeRecord, ComputeSeen, HostSeen } from '../../src/model/records'
import { SIMULATED_POOL, type VlanPool } from '../../src/model/vlan-pool'
import { openOperations, seedSimulatedPool } from '../../src/operations'
import type { Caller, Context, Operator } from '../../src/operations/context'
import type { Operations } from '../../src/operations/operations'
import type { NewProject } from '../../src/operations/projects'
import { openStore } from '../../src/store'
import { openMirror } from '../../src/store/mirror'
import type { KeyRing } from '../../src/store/sealed'
import type { Store } from '../../src/store/store'
import type { TestRedis } from './redis'

export const OPERATOR: Operator = {
  actor: { user: 'operator', key: 'op-test', source: '127.0.0.1', requestId: 'r-op' },
}
const FROM = { source: '127.0.0.1', requestId: 'r-1' }

export interface TestGateway {
  readonly operations: Operations
  readonly context: Context
  /** What the queue was told. */
  readonly told: Ref[]
}

export interface Gateways {
  readonly site: string
  readonly store: Store
  readonly ring: KeyRing
  /** In a folder of its own. */
  readonly images: ImageStore
  readonly clock: { at: number; now(): number }
  readonly first: TestGateway
  readonly second: TestGateway
  /** One more on the same site; closed with it. `wrap` may put something between it and the store. */
  another(wrap?: (store: Store) => Store): Promise<TestGateway>
  /** A project with its caller. */
  project(
    name: string,
    quota?: Parameters<Operations['addProject']>[1]['quota'],
  ): Promise<NewProject & { caller: Caller }>
  /** As a worker would: places a machine and sees it running. */
  run(
    id: ComputeId,
    parts?: { readonly seen?: Partial<ComputeSeen>; readonly place?: Partial<ComputePlace> },
  ): Promise<void>
  /** As a worker would: writes what was observed. */
  observe(id: ComputeId, change: (record: ComputeRecord) => { seen?: unknown; journal?: unknown }): Promise<void>
  /** As a host job would: gives every host a capacity. */
  probeHosts(capacity: HostSeen['capacity'], capabilities?: HostSeen['capabilities']): Promise<void>
  close(): Promise<void>
}

export interface GatewaysOptions {
  readonly log?: Log
  readonly pool?: 'seeded' | 'none'
  /** VLANs for projects' networks; the simulated site's when it is not said. */
  readonly vlans?: VlanPool
  readonly digest?: 'on' | 'off'
  /** Whether tenants may name hosts. */
  readonly hostIds?: 'told'
}

let sites = 0

/** A fresh site with the simulated pool's records (no simulator runs). */
export async function startGateways(redis: TestRedis, options: GatewaysOptions = {}): Promise<Gateways> {
  const site = `ops-${++sites}`
  const log = options.log ?? pino({ level: 'silent' })
  const vlans = options.vlans ?? SIMULATED_POOL
  const ring: KeyRing = { keys: [{ id: 'k1', key: randomBytes(32) }] }
  const clock = {
    at: 1_800_000_000_000,
    now() {
      return this.at
    },
  }
  const folder = mkdtempSync(join(tmpdir(), 'og-images-'))
  const images = openImageStore({ images: folder })
  const ends: (() => Promise<void>)[] = [async () => rmSync(folder, { recursive: true, force: true })]
  const store = openStore({ site, redis: redis.address })
  ends.push(() => store.close())
  await store.open(clock.now())
  const another = async (wrap = (inner: Store) => inner): Promise<TestGateway> => {
    const own = openStore({ site, redis: redis.address })
    const mirror = await openMirror({ site, redis: redis.address })
    ends.push(
      () => mirror.close(),
      () => own.close(),
    )
    const told: Ref[] = []
    const queue = {
      add: async (refs: readonly Ref[]) => {
        told.push(...refs)
      },
    }
    const context: Context = {
      ...{ site, store: wrap(own), mirror, queue, images, clock, ring, log, vlans },
      digest: options.digest ?? 'off',
      ...(options.hostIds === undefined ? {} : { hostIds: options.hostIds }),
    }
    return { operations: openOperations(context), context, told }
  }
  const first = await another()
  const second = await another()
  if (options.pool !== 'none') await seedSimulatedPool(first.context)
  return {
    site,
    store,
    ring,
    images,
    clock,
    first,
    second,
    another,
    async project(name, quota) {
      const made = await first.operations.addProject(OPERATOR, quota ? { name, quota } : { name })
      const caller = await first.operations.identifyByPassword(name, made.password, FROM)
      if (!caller) throw new Error('the new user cannot log in')
      return { ...made, caller }
    },
    async run(id, parts = {}) {
      await place(store, id, clock.now(), parts.place ?? {})
      await observe(store, id, clock.now(), ({ wish }) => ({ seen: running(wish, clock.now(), parts.seen ?? {}) }))
    },
    observe: (id, change) => observe(store, id, clock.now(), change),
    probeHosts: (capacity, capabilities) =>
      probeHosts(store, clock.now(), { capacity, capabilities: capabilities ?? { lacks: [] } }),
    async close() {
      for (const end of ends.reverse()) await end()
    },
  }
}

async function place(store: Store, id: ComputeId, now: number, parts: Partial<ComputePlace>): Promise<void> {
  const placement = await store.claim('placement', 'site', now)
  const compute = await store.read('compute', id)
  const host = [...(await store.readAll('host'))].sort((a, b) => (a.wish.name < b.wish.name ? -1 : 1))[0]
  if (!placement || !compute || !host) throw new Error('nothing to place')
  const [claims] = await store.hostClaims([host.id])
  const where: ComputePlace = {
    host: host.id,
    hostName: host.wish.name,
    zone: host.wish.zone,
    simulated: true,
    at: now,
    waiting: null,
    ...parts,
  }
  const placed = await store.place(
    placement,
    [{ host: host.id, revision: claims?.revision ?? 0 }],
    [
      {
        ref: { kind: 'compute', id },
        project: compute.project,
        epoch: compute.epoch,
        rev: compute.rev,
        place: where,
        raisePhase: true,
        on: { host: host.id, claim: JSON.stringify(compute.wish.size) },
      },
    ],
    now,
  )
  if (placed.state !== 'done' || placed.placed.length !== 1) throw new Error(`not placed: ${placed.state}`)
}

const running = (wish: ComputeRecord['wish'], now: number, parts: Partial<ComputeSeen>): ComputeSeen => ({
  at: now,
  host: null,
  contact: 'ok',
  machine: {
    name: wish.name,
    id: null,
    domain: 'running',
    disks: [],
    interfaces: [],
    work: null,
    startedAt: now,
  },
  hostBoot: null,
  starts: wish.starts,
  boots: wish.boots,
  resets: wish.resets,
  startedAt: now,
  stoppedAt: null,
  goneAt: null,
  ...parts,
})

async function observe(
  store: Store,
  id: ComputeId,
  now: number,
  change: (record: ComputeRecord) => { seen?: unknown; journal?: unknown },
): Promise<void> {
  const claim = await store.claim('compute', id, now)
  if (!claim) throw new Error(`${id} is gone`)
  if (!(await store.observe(claim, { ...change(claim.record), raisePhase: true, what: 'observed' }, now)))
    throw new Error('a newer claim came')
}

async function probeHosts(
  store: Store,
  now: number,
  found: Pick<HostSeen, 'capacity' | 'capabilities'>,
): Promise<void> {
  for (const { id } of await store.readAll('host')) {
    const claim = await store.claim('host', id, now)
    if (!claim) continue
    const seen: HostSeen = { ...claim.record.seen, at: now, contact: 'ok', ...found }
    await store.observe(claim, { seen, what: 'probed' }, now)
  }
}
