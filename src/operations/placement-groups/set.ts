/** Another placement group for a machine that is off, or none (EC2 ModifyInstancePlacement). */
import { fault } from '../../faults'
import type { PlacementGroupId } from '../../model/ids'
import { hasTerms } from '../../model/lease'
import { lifecycle } from '../../model/lifecycle'
import { formatClaim, GROUP_FILTERS, groupWithout, hostViews, machineClaim, parseClaim } from '../../model/placement'
import { demandOf } from '../../model/placement/demand'
import {
  type ComputeRecord,
  type ComputeWish,
  type GroupMembership,
  membershipReleases,
  type PlacementGroupRecord,
} from '../../model/records'
import type { Change } from '../../store/store'
import { attempt } from '../attempt'
import { notFound } from '../change-computes'
import type { Caller, Context } from '../context'
import { held } from '../held'
import { refuseUnlessOff } from '../modify/stopped'
import { membershipIn, membershipTakes, membersOf } from './members'
import type { PlacementGroupOperations } from './operations'
import { ownPlacementGroup } from './own'

type Order = Parameters<PlacementGroupOperations['setPlacementGroup']>[1]

/**
 * It stays where it is, and what it claims there bears its group from now on: refused where the group's rule does not allow that.
 * Faults: 'not-found' (machine, group), 'state', 'unsupported' for one whose place is planned, 'invalid', 'combination', 'no-capacity',
 * 'conflict', 'unavailable'.
 */
export const setPlacementGroup = (context: Context, caller: Caller, order: Order): Promise<ComputeRecord> =>
  attempt(context, caller.actor, 'set-placement-group', async () => {
    await context.mirror.fresh(caller.project)
    // Phase and place are the store's to tell: the mirror may lag behind what nobody sees.
    const record = await context.store.read('compute', order.id)
    if (record?.project !== caller.project) throw notFound([order.id])
    refuseUnlessOff(record, lifecycle(record), 'the placement group is')
    const group = order.group && ownPlacementGroup(context.mirror, caller.project, order.group.id)
    if (group && hasTerms(record.wish.lease)) throw planned(record)
    const membership = group && order.group ? membershipFor(context, record, group, order.group.partition) : undefined
    const { placementGroup: before, ...rest } = record.wish
    const wish: ComputeWish = membership ? { ...rest, placementGroup: membership } : rest
    const value: ComputeRecord = { ...record, wish, rev: record.rev + 1, generation: record.generation + 1 }
    const isSame = before?.id === membership?.id && before?.partition === membership?.partition
    const claims = isSame ? {} : await claimsAnew(context, value, group)
    if (isSame || order.dryRun) return { change: undefined, value: isSame ? record : value }
    const { id, project, generation, phase } = record
    const isOther = before?.id !== membership?.id
    return {
      value,
      change: {
        updates: [{ ref: { kind: 'compute', id }, project, generation, phase, wish, raisePhase: false, wake: false }],
        ...claims,
        holds: group ? [held(group)] : [],
        takes: isOther ? membershipTakes(value) : [],
        releases: isOther ? membershipReleases(record) : [],
      },
    }
  })

/** As an order for such a machine is refused (run/check-lease.ts). */
const planned = ({ id, wish: { name } }: ComputeRecord) =>
  fault('unsupported', `${name} has terms (a lease): machines of a placement group cannot have them`, {
    subject: { kind: 'compute', id },
  })

function membershipFor(
  { mirror }: Context,
  { id }: ComputeRecord,
  group: PlacementGroupRecord,
  partition: number | undefined,
): GroupMembership {
  const others = membersOf(mirror, group).flatMap((one) => (one.id === id ? [] : (one.wish.placementGroup ?? [])))
  return membershipIn(group, { id: group.id, ...(partition === undefined ? {} : { partition }) }, others)
}

/** What it claims where it is, with its new group. Faults: 'no-capacity', 'unavailable'. */
async function claimsAnew(
  { mirror, store }: Context,
  record: ComputeRecord,
  group: PlacementGroupRecord | null,
): Promise<Pick<Change, 'reclaims' | 'groups'>> {
  const at = record.place.host
  if (at === null) return {}
  const revision = group && (await revisionOf(store, group.id))
  const hosts = mirror.all('host')
  const all = await store.hostClaims(hosts.map((host) => host.id))
  const own = all.find(({ host }) => host === at)
  const view = hostViews(hosts.map((host) => ({ record: host, claims: [] }))).find(({ id }) => id === at)
  if (!own || !view) throw fault('unavailable', 'the host of this machine is not known yet; try again')
  const demand = groupWithout(record, group ?? undefined, all, hosts)
  for (const { admits } of demand ? GROUP_FILTERS : []) {
    const said = admits({ ...demandOf(record, 0), ...(demand ? { group: demand } : {}) }, view)
    if (said !== true)
      throw fault('no-capacity', `${record.wish.name} cannot stay where it is in that placement group: ${said}`, {
        subject: { kind: 'compute', id: record.id },
      })
  }
  const former = own.claims[record.id]
  const { group: _former, ...rest } = former === undefined ? machineClaim(record) : parseClaim(former)
  const { group: next } = machineClaim(record)
  const claim = { ...rest, ...(next ? { group: next } : {}) }
  return {
    reclaims: [{ host: at, revision: own.revision, compute: record.id, claim: formatClaim(claim) }],
    ...(group && revision !== null ? { groups: [{ group: group.id, revision }] } : {}),
  }
}

async function revisionOf(store: Context['store'], id: PlacementGroupId): Promise<number> {
  const [revision = 0] = await store.groupRevisions([id])
  return revision
}
