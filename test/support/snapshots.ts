/** Snapshots of a test site: operations as a gateway runs them, and what must hold of snapshots at rest. */
import type { SnapshotRecord } from '../../src/model/storage'
import { openSnapshotOperations } from '../../src/operations/storage/snapshots'
import type { SnapshotOperations } from '../../src/operations/storage/snapshots/operations'
import type { Site } from './site'
import type { Volumes } from './volumes'

export const snapshotsOf = ({ context }: Pick<Volumes, 'context'>): SnapshotOperations =>
  openSnapshotOperations(context, context)

/** Each completed snapshot is on one simulated host, once; none is left of those that are gone. */
export async function snapshotWrongs(site: Site): Promise<readonly string[]> {
  const records = await site.store.readAll('snapshot')
  const found = await simulatedSnapshots(site)
  const names = new Set(records.map(({ wish }) => wish.name))
  const left = found.filter(({ name }) => !names.has(name)).map(({ name }) => `${name} was left behind`)
  return [...left, ...records.flatMap((record) => wrongsOf(record, found))]
}

function wrongsOf(record: SnapshotRecord, found: readonly { readonly name: string }[]): readonly string[] {
  const { wish, seen, journal } = record
  if (!wish.exists) return [`${wish.name} should be gone`]
  if (seen.state === 'pending') return [`${wish.name} is pending: ${seen.message}`]
  const times = found.filter(({ name }) => name === wish.name).length
  const wanted = seen.state === 'completed' && seen.file === null && journal.left !== null ? 1 : 0
  return times === wanted ? [] : [`${wish.name} is there ${times} times, wanted ${wanted}`]
}

export async function simulatedSnapshots(
  site: Site,
): Promise<readonly { readonly host: string; readonly resource: string; readonly name: string }[]> {
  const { hosts } = await site.simulator.admin.snapshot()
  return hosts.flatMap((host) =>
    Object.entries(host.resources).flatMap(([resource, { snapshots }]) =>
      snapshots.map((name) => ({ host: host.name, resource, name })),
    ),
  )
}
