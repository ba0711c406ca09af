/** Having Elastic IP addresses lead to an instance, and not any more: a level, looked at before anything is asked for. They stay while it is stopped. */
import type { Address, Instance } from '@aws-sdk/client-ec2'
import { fault } from '../../../../../src/faults'
import type { Effect, EffectTicket, PublicOrder } from '../../../driver'
import { lacking } from '../../lacking'
import type { Call } from '../client'
import { DONE, soon } from '../create'
import { objectsOf } from '../lookup'
import { stateOf } from '../sighting'
import { leadNowhere } from './keep'
import { addressesAt, addressesOn, objectOf } from './lookup'

const SOON_MS = 500

/** Replaces all of ours that lead to the machine. Faults: 'unsupported' for one that is none of the account's, 'refused' without a machine; those of the calls. */
export async function lead(
  call: Call,
  site: string,
  { resource }: EffectTicket,
  orders: readonly PublicOrder[],
): Promise<Effect> {
  const ips = orders.map(({ ip }) => ip)
  const wanted = await addressesAt(call, site, ips)
  if (ips.some((ip) => !wanted.some(({ PublicIp }) => PublicIp === ip))) throw lacking('addresses')
  const [instance] = await objectsOf(call, site, resource)
  if (instance === undefined) return gone(resource, orders)
  const there = await addressesOn(call, site, idOf(instance))
  const unwanted = there.filter(({ PublicIp = '' }) => !ips.includes(PublicIp))
  const missing = wanted.filter(({ InstanceId }) => InstanceId !== instance.InstanceId)
  if (unwanted.length === 0 && missing.length === 0) return DONE
  // On its way up or down it takes none (EC2: IncorrectInstanceState).
  if (missing.length > 0 && !['running', 'stopped'].includes(stateOf(instance))) return soon()
  for (const address of unwanted) await leadNowhere(call, address)
  for (const address of missing) await associate(call, address, instance)
  return soon(SOON_MS)
}

const idOf = ({ InstanceId = '' }: Instance): string => InstanceId

/** Nothing leads to what is not there. */
function gone(machine: string, orders: readonly PublicOrder[]): Effect {
  if (orders.length === 0) return DONE
  throw fault('refused', `${machine} is not at its provider`)
}

/** From wherever it led before: the machine that had it was seen without it, or is somebody else's. */
const associate = (call: Call, address: Address, instance: Instance) =>
  call((sdk, client, abortSignal) =>
    client.send(
      new sdk.AssociateAddressCommand({
        AllocationId: objectOf(address),
        InstanceId: idOf(instance),
        AllowReassociation: true,
      }),
      { abortSignal },
    ),
  )
