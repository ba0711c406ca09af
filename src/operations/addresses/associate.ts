/**
 * Having an address lead to a machine, or not any more (EC2 AssociateAddress, DisassociateAddress; an OCCI link to an ipreservation).
 * One script writes the wishes of all that are concerned, by their generations; see model/address-records.ts for why an address
 * is never at two machines.
 */
import { fault } from '../../faults'
import { addressOf } from '../../model/given-addresses'
import type { ComputeId } from '../../model/ids'
import { ipOf } from '../../model/provider-addresses'
import { publicsOf, remainingFormers } from '../../model/public-addresses'
import {
  type AddressHolder,
  type AddressRecord,
  type AddressWish,
  type ComputeRecord,
  freed,
  isAddressUp,
  type PublicWish,
} from '../../model/records'
import type { Mirror, Update } from '../../store/store'
import { attemptOne, type Propose } from '../attempt'
import type { Caller, Context } from '../context'
import { drawName } from '../draw'
import { ownCompute } from '../own-compute'
import type { AddressOperations, AddressView, AssociateOrder } from './operations'
import { ownAddress, viewOf } from './read'
import { refuseApart } from './refuse-apart'

/** Faults: 'not-found' (address, machine, interface), 'invalid' (private address), 'in-use', 'state', 'unsupported', 'conflict', 'unavailable'. */
export const associateAddress = (context: Context, caller: Caller, order: AssociateOrder): Promise<AddressView> =>
  attemptOne(context, caller.actor, 'associate-address', associating(caller, order))

/** The decision by itself. */
export function associating(caller: Caller, order: AssociateOrder): Propose<AddressView> {
  const association = drawName('addressassociation')
  return async (context) => {
    const { mirror } = context
    await mirror.fresh(caller.project)
    const record = ownAddress(mirror, caller, order.address)
    const compute = ownCompute(mirror.get('compute', order.compute), caller, order.compute)
    const at = interfaceAsked(compute, order)
    const { holder } = record.wish
    if (holder?.compute === compute.id && holder.interface === at.interface)
      return { change: undefined, value: viewOf(mirror, record) }
    refuseApart(mirror, record, compute)
    const others = publicsOf(compute).filter((one) => one.interface === at.interface)
    if (order.former === 'stays') refuseAssociated(record, others)
    const next: AddressHolder = {
      ...{ compute: compute.id, computeName: compute.wish.name, association, since: context.clock.now() },
      ...at,
    }
    const after = { ...record, wish: { ...freed(record.wish, remainingOf(mirror, record)), holder: next } }
    const value = viewOf(mirror, after)
    if (order.dryRun) return { change: undefined, value }
    return { value, change: { updates: associationUpdates(mirror, record, after, compute, others) } }
  }
}

type At = Pick<AddressHolder, 'interface' | 'mac' | 'privateAddress'>

function interfaceAsked(record: ComputeRecord, order: AssociateOrder): At {
  const { wish } = record
  const one =
    order.interface === undefined ? wish.interfaces[0] : wish.interfaces.find(({ name }) => name === order.interface)
  if (one === undefined) throw noInterface(wish.name, order.interface)
  const address = addressOf(record, one)
  if (address === null)
    throw fault('state', `the interface ${one.name} has no private address that a public one could lead to`, {
      subject: { kind: 'networkinterface', id: one.name },
    })
  if (order.privateAddress !== undefined && order.privateAddress !== address)
    throw fault('invalid', `${order.privateAddress.slice(0, 40)} is no private address of the interface ${one.name}`, {
      field: 'privateAddress',
    })
  return { interface: one.name, mac: one.mac, privateAddress: address }
}

const noInterface = (machine: string, name = '') =>
  fault(
    'not-found',
    name === '' ? `the machine ${machine} has no interface` : `the machine ${machine} has no interface ${name}`,
    {
      subject: { kind: 'networkinterface', id: name },
    },
  )

function refuseAssociated({ id, wish }: AddressRecord, others: readonly PublicWish[]): void {
  const subject = { kind: 'address', id }
  if (wish.holder !== null)
    throw fault('in-use', `resource ${wish.name} is already associated with associate-id ${wish.holder.association}`, {
      subject,
      reason: 'associated',
    })
  const [other] = others
  if (other)
    throw fault('in-use', `resource ${other.interface} is already associated with address ${other.ip}`, {
      subject,
      reason: 'associated',
    })
}

const remainingOf = (mirror: Mirror, record: AddressRecord): readonly ComputeId[] =>
  remainingFormers(record, (id) => mirror.get('compute', id))

const publicOf = (
  { id, wish, seen }: AddressRecord,
  { compute: _id, computeName: _name, ...target }: AddressHolder,
): PublicWish => ({
  ...target,
  address: id,
  name: wish.name,
  ip: ipOf({ wish, seen }),
  pool: wish.pool,
  ...(wish.atProvider ? { atProvider: true as const } : {}),
  ...(isAddressUp(wish) ? {} : { down: true }),
})

/** The address, its next machine, its last one, and the addresses that the interface had. */
function associationUpdates(
  mirror: Mirror,
  before: AddressRecord,
  after: AddressRecord & { readonly wish: { readonly holder: AddressHolder } },
  compute: ComputeRecord,
  others: readonly PublicWish[],
): readonly Update[] {
  const kept = publicsOf(compute).filter((one) => one.address !== before.id && !others.includes(one))
  const former = before.wish.holder && mirror.get('compute', before.wish.holder.compute)
  const replaced = others.flatMap(({ address }) => {
    const record = mirror.get('address', address)
    return record?.wish.holder?.compute === compute.id ? [freeing(mirror, record)] : []
  })
  return [
    addressUpdate(before, after.wish),
    publicsUpdate(compute, [...kept, publicOf(before, after.wish.holder)]),
    ...(former && former.id !== compute.id ? [without(former, before)] : []),
    ...replaced,
  ]
}

const freeing = (mirror: Mirror, record: AddressRecord): Update =>
  addressUpdate(record, freed(record.wish, remainingOf(mirror, record)))

const without = (compute: ComputeRecord, { id }: AddressRecord): Update =>
  publicsUpdate(
    compute,
    publicsOf(compute).filter(({ address }) => address !== id),
  )

/** An address's wish, changed: by its generation. */
export const addressUpdate = (
  { id, project, generation, wish }: AddressRecord,
  change: Partial<AddressWish>,
): Update => ({
  ref: { kind: 'address', id },
  project,
  generation,
  wish: { ...wish, ...change },
  raisePhase: false,
  wake: false,
})

/** A machine's wish with these addresses: by its generation. */
export const publicsUpdate = (
  { id, project, generation, wish }: ComputeRecord,
  publics: readonly PublicWish[],
): Update => ({
  ref: { kind: 'compute', id },
  project,
  generation,
  wish: { ...wish, publics },
  raisePhase: false,
  wake: true,
})

type Disassociation = Parameters<AddressOperations['disassociateAddress']>[1]

/** Faults: 'not-found', 'conflict', 'unavailable'. */
export const disassociateAddress = (context: Context, caller: Caller, order: Disassociation): Promise<AddressView> =>
  attemptOne(context, caller.actor, 'disassociate-address', disassociating(caller, order))

/** The decision by itself. */
export const disassociating =
  (caller: Caller, order: Disassociation): Propose<AddressView> =>
  async (context) => {
    const { mirror } = context
    await mirror.fresh(caller.project)
    const record = ownAddress(mirror, caller, order.address)
    const { holder } = record.wish
    if (order.association !== undefined && holder?.association !== order.association)
      throw fault('not-found', `The association ID '${order.association}' does not exist`, {
        subject: { kind: 'association', id: order.association },
      })
    if (holder === null || order.dryRun) return { change: undefined, value: viewOf(mirror, record) }
    const wish = freed(record.wish, remainingOf(mirror, record))
    const compute = mirror.get('compute', holder.compute)
    const updates = [addressUpdate(record, wish), ...(compute ? [without(compute, record)] : [])]
    return { value: viewOf(mirror, { ...record, wish }), change: { updates } }
  }

/** What becomes of the addresses that lead to an interface which is unlinked: they lead nowhere, and the machine names them no more. */
export const freedWithInterface = (
  { mirror }: Pick<Context, 'mirror'>,
  compute: ComputeRecord,
  name: string,
): { readonly updates: readonly Update[]; readonly kept: readonly PublicWish[] } => {
  const led = publicsOf(compute).filter((one) => one.interface === name)
  const updates = led.flatMap(({ address }) => {
    const record = mirror.get('address', address)
    return record?.wish.holder?.compute === compute.id ? [freeing(mirror, record)] : []
  })
  return { updates, kept: publicsOf(compute).filter((one) => !led.includes(one)) }
}

/** What becomes of the addresses of machines that are deleted: they are their project's still, and lead nowhere. */
export const freedWith = ({ mirror }: Pick<Context, 'mirror'>, computes: readonly ComputeRecord[]): readonly Update[] =>
  computes.flatMap((compute) =>
    publicsOf(compute).flatMap(({ address }) => {
      const record = mirror.get('address', address)
      return record?.wish.holder?.compute === compute.id ? [freeing(mirror, record)] : []
    }),
  )
