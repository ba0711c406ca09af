/** Making a network of a project's own (OCCI: POST or PUT of a network): on a VLAN that no other network has. */
import { fault } from '../../faults'
import type { NetworkId, ProjectId } from '../../model/ids'
import { DEFAULT_NETWORK_QUOTA, type NetworkRecord, type NetworkWish, type ProjectRecord } from '../../model/records'
import { networkLabel, networkNames } from '../../store/names'
import type { Counter, Mirror, Take } from '../../store/store'
import { attemptOne, type Propose, type Refusal } from '../attempt'
import type { Caller, Context } from '../context'
import { created } from '../created'
import { drawId, drawName } from '../draw'
import { held } from '../held'
import { openProject } from '../open-project'
import { checkIdIsFree } from '../own-id'
import { checkNetworkOrder, refuseOverlap, unusedRange } from './check'
import { chooseWire, VLANS, wireField } from './choose-wire'
import type { CreateNetworkOrder } from './operations'

/** Faults: as NetworkOperations says. */
export const createNetwork = async (
  context: Context,
  caller: Caller,
  order: CreateNetworkOrder,
): Promise<NetworkRecord> => attemptOne(context, caller.actor, 'create-network', creatingNetwork(caller, order))

/** The decision by itself. */
export function creatingNetwork(caller: Caller, order: CreateNetworkOrder): Propose<NetworkRecord> {
  checkNetworkOrder(order)
  const id = order.id ?? drawId<NetworkId>()
  const subnet = drawName('network')
  return async (context, refusal) => {
    refuseTaken(refusal, caller.project)
    await context.mirror.fresh(caller.project)
    const project = openProject(context, caller.project)
    const wire = await chooseWire(context, order.vlan)
    if (order.id !== undefined) await checkIdIsFree(context, caller, 'network', order.id)
    const cidr = order.cidr ?? unusedRange(context.mirror, project.id)
    refuseOverlap(context.mirror, { id: null, cidr, project: project.id })
    refuseLabel(context.mirror, project.id, order.label)
    const turn = nextTurn(context.mirror, project.id)
    const wish = newWish({ ...order, ...wire, cidr, subnet, turn, now: context.clock.now() })
    const create = {
      ref: { kind: 'network', id } as const,
      project: project.id,
      wish,
      seen: { state: 'inactive' },
      journal: null,
      place: null,
      wake: true,
    }
    const value = created('network', create)
    if (order.dryRun) return { change: undefined, value }
    const change = {
      holds: [held(project)],
      creates: [create],
      takes: takesOf(value, project.id),
      counters: [networkCounter(project, 1)],
    }
    return { value, change }
  }
}

interface Made extends CreateNetworkOrder {
  readonly cidr: string
  readonly bridge: string
  readonly vlan: number
  readonly subnet: string
  readonly turn: number
  readonly now: number
}

const newWish = ({
  title,
  summary,
  label,
  cidr,
  gateway,
  allocation,
  bridge,
  vlan,
  subnet,
  turn,
  now,
}: Made): NetworkWish => ({
  exists: true,
  name: label ?? subnet,
  subnet,
  title: title ?? '',
  ...(summary === undefined ? {} : { summary }),
  cidr,
  gateway: gateway ?? '',
  bridge,
  vlan,
  ...(label === undefined ? {} : { label }),
  ...(allocation === 'static' ? { allocation } : {}),
  up: true,
  turn,
  tags: {},
  createdAt: now,
})

/** Names, wire and turn. */
function takesOf(record: NetworkRecord, project: ProjectId): readonly Take[] {
  const value = `network:${record.id}`
  return [
    ...networkNames(record).map((field) => ({ hash: 'names', field, value })),
    { hash: VLANS, field: wireField(record.wish), value },
    { hash: turnsOf(project), field: String(record.wish.turn), value },
  ]
}

export const turnsOf = (project: ProjectId): string => `turns:${project}`

/** The turn after all that the project's networks took. */
export const nextTurn = (mirror: Pick<Mirror, 'list'>, project: ProjectId): number =>
  1 + Math.max(0, ...mirror.list('network', project).map(({ wish }) => wish.turn ?? 0))

/** What more or fewer networks count for, with the limit that the script keeps. */
export const networkCounter = ({ id, wish }: ProjectRecord, by: number): Counter => ({
  project: id,
  name: 'networks',
  by,
  limit: wish.quota.networks ?? DEFAULT_NETWORK_QUOTA,
})

/** A wire or a turn that somebody else took first: decided again. A name is refused. Faults: 'quota', 'exists'. */
export function refuseTaken(refusal: Refusal | undefined, project: ProjectId): void {
  if (refusal?.state === 'quota')
    throw fault('quota', `the project's limit of ${refusal.counter.limit} networks is reached`, {
      field: 'networks',
      subject: { kind: 'project', id: project },
    })
  if (refusal?.state !== 'taken' || refusal.take.hash !== 'names') return
  throw fault('exists', `there is a network ${refusal.take.field.split(':').at(-1)} already`, { field: 'label' })
}

/** Faults: 'exists'; 'conflict' while the network that had it is being removed. */
export function refuseLabel(mirror: Mirror, project: ProjectId, label: string | null | undefined): void {
  if (label === undefined || label === null) return
  const there = mirror.named(networkLabel(project, label))
  if (there?.kind !== 'network') return
  throw there.wish.exists
    ? fault('exists', `the project has a network with the label ${label} already`, { field: 'label' })
    : fault('conflict', `the network that had the label ${label} is still being removed`, { field: 'label' })
}
