/**
 * Networks for everybody, as operators make and remove them.
 *
 * A removal first ends the wish for it: every order holds the generation of its network, so none that was checked before can be
 * written after. Then the machines are counted once more; one that came between the first count and the end of the wish makes
 * the removal be taken back. The network's job clears the hosts and forgets the record with its names.
 */
import { fault } from '../../faults'
import type { NetworkId } from '../../model/ids'
import type { NetworkRecord, NetworkWish } from '../../model/records'
import { attempt } from '../attempt'
import type { Context, Operator } from '../context'
import { created } from '../created'
import { drawId, drawName } from '../draw'
import { networkNamed } from '../named'
import { checkNetwork, checkWire } from './check-network'
import type { NetworkOrder, NetworkWithUse } from './operations'
import { inUse, machinesWith } from './use'

/** Faults: 'invalid' naming the field, 'exists', 'conflict', 'unavailable'. */
export async function addNetwork(context: Context, operator: Operator, order: NetworkOrder): Promise<NetworkRecord> {
  checkNetwork(order)
  return attempt(context, operator.actor, 'add-network', async () => {
    await context.mirror.fresh()
    const there = context.mirror.named(`network:${order.name}`)
    if (there?.kind === 'network')
      throw there.wish.exists
        ? fault('exists', `there is a network ${order.name} already`, { field: 'name' })
        : fault('conflict', `the network ${order.name} of before is still being removed`, { field: 'name' })
    checkWire(order, context.mirror.all('network'))
    const create = {
      ref: { kind: 'network', id: drawId<NetworkId>() } as const,
      project: null,
      wish: networkWish(order, context.clock.now()),
      seen: { state: 'active' },
      journal: null,
      place: null,
      wake: false,
    }
    const names = [`network:${order.name}`, create.wish.subnet]
    const takes = names.map((field) => ({ hash: 'names', field, value: `network:${create.ref.id}` }))
    return { value: created('network', create), change: { creates: [create], takes } }
  })
}

const networkWish = (
  { name, title, cidr, gateway, bridge, vlan, dns, range, isPublic }: NetworkOrder,
  now: number,
): NetworkWish => ({
  exists: true,
  name,
  subnet: drawName('network'),
  title: title ?? name,
  cidr,
  gateway: gateway ?? '',
  bridge,
  vlan: vlan ?? null,
  ...(isPublic === true ? { isPublic } : {}),
  ...(dns === undefined || dns.length === 0 ? {} : { dns }),
  ...(range === undefined ? {} : { range }),
  tags: {},
  createdAt: now,
})

const usersOf = (context: Context, { id }: NetworkRecord) =>
  machinesWith(context, (machine) => machine.wish.interfaces.some(({ network }) => network === id))

/** After `usersOf`, which reads anew. */
const leasedOf = ({ mirror }: Context, { id }: NetworkRecord) =>
  mirror.all('address').filter(({ wish }) => wish.pool === id)

/** Faults: 'not-found', 'unavailable'. */
export async function showNetwork(context: Context, name: string): Promise<NetworkWithUse> {
  await context.mirror.fresh()
  const network = networkNamed(context, name)
  const machines = (await usersOf(context, network)).length
  return { ...network, machines, leased: leasedOf(context, network).length }
}

/** Faults: 'not-found', 'in-use' while machines have an interface there, 'conflict', 'unavailable'. */
export async function removeNetwork(context: Context, operator: Operator, name: string): Promise<void> {
  await context.mirror.fresh()
  await refuseUsed(context, networkNamed(context, name))
  await wishFor(context, operator, name, 'remove-network')
  try {
    await refuseUsed(context, networkNamed(context, name))
  } catch (thrown) {
    await wishFor(context, operator, name, 'keep-network')
    throw thrown
  }
}

async function refuseUsed(context: Context, network: NetworkRecord): Promise<void> {
  const users = await usersOf(context, network)
  const leased = leasedOf(context, network)
  if (leased.length > 0)
    throw fault('in-use', `${leased.length} addresses of the network ${network.wish.name} are leased to projects`, {
      subject: { kind: 'network', id: network.id },
    })
  if (users.length > 0) throw inUse(network, `the network ${network.wish.name}`, users)
}

const wishFor = (
  context: Context,
  operator: Operator,
  name: string,
  what: 'remove-network' | 'keep-network',
): Promise<void> =>
  attempt(context, operator.actor, what, async () => {
    await context.mirror.fresh()
    const { id, generation, wish } = networkNamed(context, name)
    const update = {
      ref: { kind: 'network', id } as const,
      project: null,
      generation,
      wish: { ...wish, exists: what === 'keep-network' },
      raisePhase: false,
      wake: true,
    }
    return { value: undefined, change: { updates: [update] } }
  })
