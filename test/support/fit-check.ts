/** A check of a host that found it fit, as a worker leaves it: what a real host joins by. */
import { randomUUID } from 'node:crypto'
import type { HostCheckSeen, HostCheckWish } from '../../src/model/records'
import { NOBODY, type Store } from '../../src/store/store'

export const HOST_KEY = `SHA256:${'k'.repeat(43)}`

/** Its id. */
export async function fitCheck(
  store: Store,
  host: { readonly name: string; readonly driver: string; readonly address: string },
  parts: { readonly wish?: Partial<HostCheckWish>; readonly seen?: Partial<HostCheckSeen> } = {},
): Promise<string> {
  const id = randomUUID()
  const { name, driver, address } = host
  const wish: HostCheckWish = { name, driver, address, hostKeys: [], mends: true, createdAt: 1, ...parts.wish }
  const seen: HostCheckSeen = { at: 1, findings: [], hostKeys: [HOST_KEY], fit: true, ...parts.seen }
  const create = {
    ref: { kind: 'hostcheck', id },
    project: null,
    wish,
    seen,
    journal: null,
    place: null,
    wake: false,
  } as const
  await store.change({ operationId: randomUUID(), actor: NOBODY, what: 'checked', creates: [create] }, 1)
  return id
}
