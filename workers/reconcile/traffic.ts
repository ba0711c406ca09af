/**
 * What the security groups of a machine come to, as its job needs to know it: read from the groups each time, for deciding, never
 * written. A host that cannot filter is not asked to: there only machines of the group `default` are placed (placement), and
 * nothing filters them.
 */
import { createHash } from 'node:crypto'
import type { SecurityGroupId } from '../../src/model/ids'
import { type ComputeRecord, groupsNamed, type SecurityGroupRecord, type TrafficWish } from '../../src/model/records'
import { trafficOf } from '../../src/model/traffic/arithmetic'
import type { Work } from './work'

/** The machine with `wish.traffic`, where its host is to filter it. */
export async function withTraffic(work: Work, record: ComputeRecord): Promise<ComputeRecord> {
  const { wish, place } = record
  const ids = [...new Set(wish.interfaces.flatMap(({ groups = [] }) => groups))]
  if (!wish.exists || place.host === null || !wish.interfaces.some(({ groups }) => groups !== undefined)) return record
  const host = await work.store.read('host', place.host)
  if (!host || host.seen.capabilities?.lacks.some(({ verb }) => verb === 'rules')) return record
  const groups = await groupsOf(work, ids)
  const referred = groupsNamed([...groups.values()].flatMap((group) => group.wish.rules))
  const others = await groupsOf(
    work,
    referred.filter((id) => !groups.has(id)),
  )
  const traffic = trafficWish(record, host.id, new Map([...groups, ...others]))
  return { ...record, wish: { ...wish, traffic } }
}

async function groupsOf(
  { store }: Work,
  ids: readonly SecurityGroupId[],
): Promise<ReadonlyMap<SecurityGroupId, SecurityGroupRecord>> {
  const found = ids.length === 0 ? [] : await store.readMany('securitygroup', ids)
  return new Map(found.flatMap((group) => (group ? [[group.id, group] as const] : [])))
}

/** A group that is not there any more lets nothing through. The digest names the host: another one has been given nothing yet. */
export function trafficWish(
  { wish }: ComputeRecord,
  host: string,
  groups: ReadonlyMap<SecurityGroupId, SecurityGroupRecord>,
): TrafficWish {
  const membersOf = (id: SecurityGroupId) => groups.get(id)?.seen.members ?? []
  const interfaces = wish.interfaces.flatMap(({ mac, groups: ids }) =>
    ids === undefined
      ? []
      : [
          {
            mac,
            rules: trafficOf(
              ids.flatMap((id) => groups.get(id)?.wish.rules ?? []),
              membersOf,
            ),
          },
        ],
  )
  const digest = createHash('sha256')
    .update(JSON.stringify([host, interfaces]))
    .digest('hex')
    .slice(0, 16)
  return { digest, interfaces }
}
