/**
 * An operator's order to move a machine to another host. It is a level on the wish: the worker claims the room there, moves it,
 * and stays where it is when that is refused. What can be known to be in vain is refused here, before anything is written.
 */
import { fault } from '../faults'
import { type Lifecycle, movableFrom } from '../model/lifecycle'
import { type GroupDemand, groupWithout, type HostClaim, parseClaim, whyNoMove } from '../model/placement'
import type { ComputeRecord, HostRecord, MoveHow } from '../model/records'
import { volumesOf } from '../model/storage'
import { changeAsOperator } from './change-as-operator'
import type { Context, Operator } from './context'
import { hostNamed } from './named'
import type { Operations } from './operations'
import { findCompute } from './watch-computes'

type Order = Parameters<Operations['moveCompute']>[2]

/** Faults: 'not-found' (machine, host), 'state', 'unsupported', 'conflict', 'no-capacity', 'unavailable'. */
export async function moveCompute(
  context: Context,
  operator: Operator,
  nameOrId: string,
  order: Order,
): Promise<ComputeRecord> {
  const { id } = await findCompute(context, nameOrId)
  const to = hostNamed(context, order.to)
  const claims = await othersOn(context, to, id)
  const group = await groupOf(context, id)
  return changeAsOperator(context, operator, nameOrId, 'move-compute', (record, state) => {
    refuseState(record, state, order.how)
    refuseInVain(context, record, to, order.how, claims, group)
    const level = Math.max(record.wish.move?.level ?? 0, record.seen.moves ?? 0) + 1
    return { move: { level, to: to.id, how: order.how } }
  })
}

async function othersOn(
  { store, mirror }: Context,
  { id }: HostRecord,
  machine: string,
): Promise<readonly HostClaim[]> {
  const [held] = await store.hostClaims([id])
  const record = mirror.get('compute', machine)
  const mine = new Set<string>([machine, ...(record ? volumesOf(record).map(({ storage }) => storage) : [])])
  return Object.entries(held?.claims ?? {}).flatMap(([of, claim]) => (mine.has(of) ? [] : [parseClaim(claim)]))
}

/** Its placement group, without itself. */
async function groupOf({ store, mirror }: Context, machine: string): Promise<GroupDemand | undefined> {
  const record = mirror.get('compute', machine)
  const membership = record?.wish.placementGroup
  if (!record || !membership) return undefined
  const hosts = mirror.all('host')
  const held = await store.hostClaims(hosts.map((host) => host.id))
  return groupWithout(record, mirror.get('placementgroup', membership.id), held, hosts)
}

function refuseState({ id, wish }: ComputeRecord, state: Lifecycle, how: MoveHow): void {
  const allowed = movableFrom(how)
  if (allowed.includes(state)) return
  throw fault('state', `the machine ${wish.name} is ${state}; it is moved ${how} while it is ${allowed.join(' or ')}`, {
    subject: { kind: 'compute', id },
    allowed,
  })
}

function refuseInVain(
  { mirror, clock }: Context,
  record: ComputeRecord,
  to: HostRecord,
  how: MoveHow,
  claims: readonly HostClaim[],
  group: GroupDemand | undefined,
): void {
  const hosts = mirror.all('host')
  const from = hosts.find(({ id }) => id === record.place.host)
  const volumes = volumesOf(record).flatMap(({ storage }) => mirror.get('storage', storage) ?? [])
  const refusal = whyNoMove({ record, how, from, hosts, to: to.id, claims, volumes, group, now: clock.now() })
  if (refusal)
    throw fault(refusal.kind, `${record.wish.name} cannot be moved to ${to.wish.name}: ${refusal.message}`, {
      subject: { kind: 'compute', id: record.id },
    })
}
