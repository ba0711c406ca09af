/** Which groups a machine has: at launch, and afterwards (EC2 ModifyInstanceAttribute Groups, OCCI securitygrouplink). */
import { fault } from '../../faults'
import type { SecurityGroupId } from '../../model/ids'
import { type ComputeRecord, defaultGroupId, type ProjectRecord, type SecurityGroupRecord } from '../../model/records'
import type { Change, Mirror } from '../../store/store'
import { attemptOne, type Propose } from '../attempt'
import { notFound } from '../change-computes'
import type { Caller, Context } from '../context'
import { held } from '../held'
import { refuseEnded } from '../modify/stopped'
import { openProject } from '../open-project'
import type { GroupOperations } from './operations'
import { isUnwritten, ownGroup, unwrittenDefault } from './read'
import { refuseUnfiltered } from './refuse-unfiltered'

/** EC2's quota of an interface. */
/** EC2's largest quota of security groups an interface. */
export const MOST_OF_ONE = 16

export interface Grouped {
  readonly groups: readonly SecurityGroupId[]
  readonly change: Pick<Change, 'creates' | 'takes' | 'holds' | 'wakes'>
}

/**
 * The groups asked for, or `default`, with what makes them known to workers. Faults: 'not-found', 'quota', 'unsupported' for others
 * than `default` where no host can filter traffic.
 */
export function groupsAsked(
  mirror: Mirror,
  project: ProjectRecord,
  asked: readonly SecurityGroupId[] | undefined,
): Grouped {
  const wanted = asked === undefined || asked.length === 0 ? [defaultGroupId(project.id)] : [...new Set(asked)]
  if (wanted.length > MOST_OF_ONE)
    throw fault('quota', `an interface has at most ${MOST_OF_ONE} security groups`, { field: 'groupsOfOne' })
  const records = wanted.map((id) => ownGroup(mirror, project.id, id))
  if (wanted.some((id) => id !== defaultGroupId(project.id))) refuseUnfiltered(mirror)
  return { groups: wanted, change: making(project, records) }
}

/** They must be there still, and are told of their member; `default` gets its record with the first one. */
function making(project: ProjectRecord, records: readonly SecurityGroupRecord[]): Grouped['change'] {
  const missing = records.filter(isUnwritten).map(() => unwrittenDefault(project))
  return {
    creates: missing.map(({ create }) => create),
    takes: missing.flatMap(({ takes }) => takes),
    holds: records.filter((record) => !isUnwritten(record)).map(held),
    wakes: records.map(({ id }) => ({ kind: 'securitygroup', id })),
  }
}

type Order = Parameters<GroupOperations['setGroups']>[1]

/** Faults: 'not-found' (machine, group), 'missing' (none), 'state' (deleted, without an interface), 'quota', 'unsupported', 'conflict', 'unavailable'. */
export const setGroups = async (context: Context, caller: Caller, order: Order): Promise<ComputeRecord> =>
  attemptOne(context, caller.actor, 'set-security-groups', settingGroups(caller, order))

/** The decision by itself. */
export function settingGroups(caller: Caller, order: Order): Propose<ComputeRecord> {
  if (order.groups.length === 0)
    throw fault('missing', 'a machine has at least one security group', { field: 'GroupId' })
  return async (context, refusal) => {
    await context.mirror.fresh(caller.project)
    const project = openProject(context, caller.project)
    const record =
      refusal === undefined ? context.mirror.get('compute', order.id) : await context.store.read('compute', order.id)
    if (record?.project !== project.id) throw notFound([order.id])
    refuseEnded(record)
    const before = record.wish.interfaces.flatMap((one) => one.groups ?? [])
    const wanted = wantedGroups(before, order)
    if (record.wish.interfaces.length === 0) throw nothingToFilter(record)
    refuseUnfilteredPlace(context.mirror, record, wanted)
    const { groups, change } = groupsAsked(context.mirror, project, wanted)
    const interfaces = record.wish.interfaces.map((one) => ({ ...one, groups }))
    const wish = { ...record.wish, interfaces }
    const value: ComputeRecord = { ...record, wish, rev: record.rev + 1, generation: record.generation + 1 }
    if (order.dryRun || JSON.stringify(interfaces) === JSON.stringify(record.wish.interfaces))
      return { change: undefined, value }
    const ref = { kind: 'compute', id: record.id } as const
    const left = [...new Set(before)].map((id) => ({ kind: 'securitygroup', id }) as const)
    return {
      value,
      change: {
        ...change,
        updates: [{ ref, project: project.id, generation: record.generation, wish, raisePhase: false, wake: true }],
        wakes: [...(change.wakes ?? []), ...left],
      },
    }
  }
}

/** Groups are its interfaces': said to be set where there is none, they would not be set when it is connected anew. */
const nothingToFilter = ({ id, wish }: ComputeRecord) =>
  fault('state', `${wish.name} has no network interface that security groups could filter: connect it first`, {
    subject: { kind: 'compute', id },
  })

/** Faults: 'state' for the last one, 'not-found' for one that it has not. */
function wantedGroups(before: Order['groups'], { groups, how = 'exactly', id }: Order): Order['groups'] {
  if (how === 'exactly') return groups
  if (how === 'add') return [...new Set([...before, ...groups])]
  const subject = { kind: 'compute', id }
  if (groups.some((one) => !before.includes(one)))
    throw fault('not-found', 'the machine has not that group', { subject })
  const left = [...new Set(before)].filter((one) => !groups.includes(one))
  if (left.length > 0) return left
  throw fault('state', 'a machine has at least one security group: give it another one first', { subject })
}

/** A machine stays where it is: its own host must be able to. */
function refuseUnfilteredPlace(mirror: Mirror, { project, place }: ComputeRecord, groups: Order['groups']): void {
  if (place.host === null || groups.every((id) => (id as string) === project)) return
  const lack = mirror.get('host', place.host)?.seen.capabilities?.lacks.find(({ verb }) => verb === 'rules')
  if (lack) throw fault('unsupported', `the host that this machine is on cannot filter traffic: ${lack.because}`)
}
