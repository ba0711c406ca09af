/** Short ways to say what store tests need: a site of its own on one Redis, orders, claims, raw looks at keys. */
import { randomUUID } from 'node:crypto'
import type { Redis } from 'ioredis'
import type { ProjectId, Ref } from '../../src/model/ids'
import { openStore } from '../../src/store'
import { closed, connectBlocking } from '../../src/store/connect'
import { type Keys, keysOf } from '../../src/store/keys'
import { type Change, type Create, NOBODY, type Store } from '../../src/store/store'
import type { TestRedis } from './redis'

export const P1 = 'aaaaaaaa-0000-4000-8000-000000000001' as ProjectId
export const P2 = 'aaaaaaaa-0000-4000-8000-000000000002' as ProjectId

export interface TestSite {
  readonly store: Store
  readonly keys: Keys
  /** For looking at keys as they are. */
  readonly raw: Redis
  close(): Promise<void>
}

let sites = 0

/** A fresh site: many of them on one Redis do not see each other. */
export async function openTestSite(redis: TestRedis, now = 1_000): Promise<TestSite> {
  const site = `test-${++sites}`
  const store = openStore({ site, redis: redis.address })
  await store.open(now)
  const raw = connectBlocking(redis.address, 'test')
  return {
    store,
    keys: keysOf(site),
    raw,
    async close() {
      await store.close()
      await closed(raw)
    },
  }
}

export const ref = (id: string): Ref & { kind: 'compute' } => ({ kind: 'compute', id })
export const hostRef = (id: string): Ref & { kind: 'host' } => ({ kind: 'host', id })

/** A change with a fresh operation id. */
export const changeOf = (parts: Partial<Change>): Change => ({
  operationId: randomUUID(),
  actor: NOBODY,
  what: 'test',
  ...parts,
})

export const createOf = (id: string, parts: Partial<Create> = {}): Create => ({
  ref: ref(id),
  project: P1,
  wish: { name: id, createdAt: 0 },
  seen: { at: 0 },
  journal: { intent: null },
  place: { host: null },
  wake: true,
  ...parts,
})

/** Makes computes with these ids. */
export async function make(store: Store, ...ids: readonly string[]): Promise<void> {
  await store.change(changeOf({ creates: ids.map((id) => createOf(id)) }), 1_000)
}

/** Claims it; for records that are surely there. */
export async function claimed(store: Store, id: string, now = 1_000) {
  const claim = await store.claim('compute', id, now)
  if (!claim) throw new Error(`${id} is gone`)
  return claim
}
