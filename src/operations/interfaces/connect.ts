/**
 * Linking a machine to one more network and unlinking it (OCCI POST and DELETE of a networkinterface). The machine's wish names its
 * interfaces; its job connects and disconnects them on its host. Address and MAC address are taken by the script that writes the
 * wish, and are free again when the machine was seen without the interface.
 */
import { fault } from '../../faults'
import { type ComputeRecord, heldInterfaces, type InterfaceWish } from '../../model/records'
import type { Mirror } from '../../store/store'
import { freedWithInterface } from '../addresses/associate'
import { attemptOne, type Propose, type Refusal } from '../attempt'
import type { Caller, Context } from '../context'
import { groupsAsked } from '../groups/members'
import { held } from '../held'
import { checkMixins } from '../mixins/check-mixins'
import { openProject } from '../open-project'
import { chosenInterface, MOST_INTERFACES } from '../run/choose-networks'
import { interfaceTakes, leaseForMachines, leasingAfter } from '../run/lease-addresses'
import { newInterface } from '../run/new-compute'
import { connectable, groupsTold, withInterfaces } from './machine'
import type { ConnectOrder, DisconnectOrder, InterfaceOperations } from './operations'

type Connected = Awaited<ReturnType<InterfaceOperations['connectInterface']>>

/** Faults: as InterfaceOperations says. */
export const connectInterface = (context: Context, caller: Caller, order: ConnectOrder): Promise<Connected> =>
  attemptOne(context, caller.actor, 'connect-interface', connecting(caller, order))

/** The decision by itself. */
export function connecting(caller: Caller, order: ConnectOrder): Propose<Connected> {
  let leasing: 'quick' | 'careful' = 'quick'
  return async (context, refusal) => {
    refuseLostRace(refusal, order)
    leasing = leasingAfter(refusal, leasing)
    await context.mirror.fresh(caller.project)
    const { mirror } = context
    const project = openProject(context, caller.project)
    const record = connectable(mirror, caller, order.compute, 'attach-network')
    if (record.wish.interfaces.length >= MOST_INTERFACES)
      throw fault('too-large', `a machine has at most ${MOST_INTERFACES} interfaces`, { field: 'interfaces' })
    const chosen = chosenInterface(mirror, caller, order)
    checkMixins(context, caller, order.mixins ?? [])
    const { groups, change } = groupsAsked(mirror, project, groupsBefore(mirror, record))
    const [[address = null] = []] = await leaseForMachines(context, [chosen], 1, leasing)
    const made: InterfaceWish = {
      ...newInterface(chosen, freeDevice(record), address, groups),
      since: context.clock.now(),
    }
    const update = withInterfaces(record, [...record.wish.interfaces, made], [])
    const value = { record: { ...record, wish: update.wish }, made }
    if (order.dryRun) return { change: undefined, value }
    return {
      value,
      change: {
        ...change,
        holds: [...(change.holds ?? []), held(project), held(chosen.network)],
        updates: [update],
        takes: [...(change.takes ?? []), ...interfaceTakes(record.id, made)],
      },
    }
  }
}

/** What filters its first interface, or did the last that it had: a machine keeps its groups, those that are there still, when it is connected anew. */
const groupsBefore = (mirror: Pick<Mirror, 'get'>, { project, wish }: ComputeRecord): InterfaceWish['groups'] =>
  (wish.interfaces[0] ?? wish.leaving?.at(-1))?.groups?.filter(
    (id) => (id as string) === project || mirror.get('securitygroup', id) !== undefined,
  )

/** Somebody took first what was asked for; what was drawn is drawn again. Faults: 'in-use'. */
function refuseLostRace(refusal: Refusal | undefined, { address, mac }: ConnectOrder): void {
  if (refusal?.state !== 'taken') return
  const { hash, field } = refusal.take
  if (hash === 'macs' && mac === field) throw fault('in-use', `the MAC address ${field} is in use`, { field: 'mac' })
  if (hash.startsWith('leases:') && address === field)
    throw fault('in-use', `the address ${field} is in use`, { field: 'address' })
}

/** `eth<n>`: the first number that no interface has, those that are leaving included. */
function freeDevice(record: ComputeRecord): string {
  const taken = new Set(heldInterfaces(record).map(({ device }) => device))
  for (let number = 0; ; number++) if (!taken.has(`eth${number}`)) return `eth${number}`
}

/** Faults: as InterfaceOperations says. */
export const disconnectInterface = (context: Context, caller: Caller, order: DisconnectOrder): Promise<ComputeRecord> =>
  attemptOne(context, caller.actor, 'disconnect-interface', disconnecting(caller, order))

/** The decision by itself. */
export const disconnecting =
  (caller: Caller, order: DisconnectOrder): Propose<ComputeRecord> =>
  async (context) => {
    await context.mirror.fresh(caller.project)
    const record = connectable(context.mirror, caller, order.compute, 'detach-network')
    const left = record.wish.interfaces.filter(({ name }) => name === order.name)
    if (left.length === 0)
      throw fault('not-found', `the machine ${record.wish.name} has no interface ${order.name.slice(0, 64)}`, {
        subject: { kind: 'networkinterface', id: order.name },
      })
    const kept = record.wish.interfaces.filter(({ name }) => name !== order.name)
    const addresses = freedWithInterface(context, record, order.name)
    const update = withInterfaces(record, kept, left)
    const wish = { ...update.wish, ...(record.wish.publics === undefined ? {} : { publics: addresses.kept }) }
    const value = { ...record, wish }
    const updates = [{ ...update, wish }, ...addresses.updates]
    return { value, change: order.dryRun ? undefined : { updates, wakes: groupsTold(left) } }
  }
