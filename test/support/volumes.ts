/** Volumes of a test site: operations as a gateway runs them, over the store that the workers use, and what must hold of volumes at rest. */
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { realClock } from '../../src/clock'
import { openImageStore } from '../../src/images'
import type { StorageId } from '../../src/model/ids'
import { attachmentOf, type StorageRecord } from '../../src/model/storage'
import type { Caller, Context } from '../../src/operations/context'
import { deleteComputes } from '../../src/operations/delete-computes'
import { openStorageOperations } from '../../src/operations/storage'
import type { StorageOperations } from '../../src/operations/storage/operations'
import { openMirror } from '../../src/store/mirror'
import type { Mirror } from '../../src/store/store'
import { PROJECT, type Site } from './site'

export const caller: Caller = {
  project: PROJECT,
  account: '000000000001',
  userName: 'tester',
  actor: { user: 'tester', key: '', source: '127.0.0.1', requestId: 'r-1' },
}

export interface Volumes {
  readonly operations: StorageOperations
  readonly mirror: Mirror
  readonly context: Context
  storage(id: string): Promise<StorageRecord | undefined>
  /** EC2 TerminateInstances, with what becomes of the volumes. */
  terminate(id: string): Promise<void>
  /** What is wrong with the volumes of a site at rest. */
  wrongs(): Promise<readonly string[]>
  close(): Promise<void>
}

export async function openVolumes(site: Site): Promise<Volumes> {
  const mirror = await openMirror({ site: site.name, redis: site.redis.address })
  const context: Context = {
    site: site.name,
    store: site.store,
    mirror,
    queue: { add: async () => undefined },
    clock: realClock,
    images: openImageStore({ images: join(site.simulator.folder, 'images') }),
    ring: { keys: [{ id: 'k', key: randomBytes(32) }] },
    log: site.log,
  }
  return {
    operations: openStorageOperations(context, context),
    mirror,
    context,
    storage: (id) => site.store.read('storage', id as StorageId),
    async terminate(id) {
      await deleteComputes(context, caller, { ids: [id as never] })
    },
    wrongs: () => volumeWrongs(site),
    close: () => mirror.close(),
  }
}

/**
 * Each volume is on the one host of its place with its wished size, claims that much there, hangs on its holder and nowhere else;
 * nothing is left of those that are gone; counters are exactly those of the volumes that are there.
 */
async function volumeWrongs(site: Site): Promise<readonly string[]> {
  const found: string[] = []
  const storages = await site.store.readAll('storage')
  const computes = await site.store.readAll('compute')
  const hosts = await site.store.readAll('host')
  const { hosts: real } = await site.simulator.admin.snapshot()
  const claims = await site.store.hostClaims(hosts.map((host) => host.id))
  const names = new Set(storages.map(({ wish }) => wish.name))
  for (const { id, wish, place, seen } of storages) {
    const on = real.flatMap((host) =>
      (host.resources[wish.name]?.sighting.disks ?? []).map((disk) => ({ host: host.name, ...disk })),
    )
    const claimed = claims.flatMap((held) => (held.claims[id] === undefined ? [] : [held]))
    if (!wish.exists) {
      found.push(`${wish.name} should be gone`)
      continue
    }
    if (place.host === null) {
      if (on.length > 0 || claimed.length > 0) found.push(`${wish.name} has no place and is on ${on.length} hosts`)
      continue
    }
    if (on.length !== 1 || on[0]?.host !== place.hostName) found.push(`${wish.name} is on ${on.map((one) => one.host)}`)
    if (on[0]?.sizeGiB !== wish.sizeGiB || seen.sizeGiB !== wish.sizeGiB)
      found.push(`${wish.name} has ${on[0]?.sizeGiB} GiB, seen ${seen.sizeGiB}, wanted ${wish.sizeGiB}`)
    const claim = claimed[0]?.claims[id]
    if (claimed.length !== 1 || claimed[0]?.host !== place.host || JSON.parse(claim ?? '{}').diskGiB !== wish.sizeGiB)
      found.push(`${wish.name} claims ${claimed.length} times ${claim}`)
    const holders = real.flatMap((host) =>
      Object.entries(host.resources)
        .filter(
          ([name, { sighting }]) =>
            name.startsWith('i-') && sighting.disks.some((d) => d.name === wish.name && d.attached),
        )
        .map(([name]) => name),
    )
    const wanted = wish.holder === null ? [] : [wish.holder.computeName]
    if (JSON.stringify(holders) !== JSON.stringify(wanted))
      found.push(`${wish.name} hangs on ${holders}, wanted ${wanted}`)
  }
  for (const record of storages) {
    const attachment = attachmentOf(record, (id) => computes.find((compute) => compute.id === id))
    const wanted = record.wish.holder === null ? undefined : 'attached'
    if (attachment?.state !== wanted) found.push(`${record.wish.name} is told ${attachment?.state}, not ${wanted}`)
  }
  for (const host of real)
    for (const [name, { sighting }] of Object.entries(host.resources))
      if (name.startsWith('vol-') && sighting.disks.length > 0 && !names.has(name))
        found.push(`${name} was left behind`)
  const counters = await site.store.counters(PROJECT)
  const own = computes.filter(({ seen }) => seen.goneAt === null).map(({ wish }) => wish.countedGiB ?? 0)
  const gibibytes = [...storages.map(({ wish }) => wish.sizeGiB), ...own].reduce((sum, one) => sum + one, 0)
  if ((counters.volumes ?? 0) !== storages.length) found.push(`counter volumes is ${counters.volumes}`)
  if ((counters.volumeGiB ?? 0) !== gibibytes)
    found.push(`counter volumeGiB is ${counters.volumeGiB}, not ${gibibytes}`)
  return found
}
