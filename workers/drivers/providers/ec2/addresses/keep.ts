/**
 * Having an Elastic IP address and giving it back. AllocateAddress knows no ClientToken: it is looked for by its mark before it is asked for,
 * and one that came of a lost answer and was not shown yet is found, and given back, by the next list.
 */
import type { Address } from '@aws-sdk/client-ec2'
import { asFault, fault } from '../../../../../src/faults'
import type { AddressKeeper, AddressSighting, Effect, EffectTicket } from '../../../driver'
import type { Accounts, Call } from '../client'
import { DONE } from '../create'
import { codeOf } from '../faults'
import { marksOfAddress } from '../marks'
import { addressesNamed, objectOf, sightingsOf } from './lookup'

export const addressKeeper = (site: string, accounts: Accounts): AddressKeeper => ({
  find: async (host, name) => sightingsOf(await addressesNamed(accounts.of(host), site, name)),
  allocate: (host, ticket) => allocate(accounts.of(host), site, ticket),
  release: (host, { resource }, object) => release(accounts.of(host), site, resource, object),
})

/** Faults: 'refused' (AddressLimitExceeded), and those of the calls. */
async function allocate(call: Call, site: string, { resource, key }: EffectTicket): Promise<Effect<AddressSighting>> {
  const [there] = sightingsOf(await addressesNamed(call, site, resource))
  if (there !== undefined) return { state: 'done', value: there }
  const { AllocationId: object, PublicIp: ip } = await call((sdk, client, abortSignal) =>
    client.send(
      new sdk.AllocateAddressCommand({
        Domain: 'vpc',
        TagSpecifications: [{ ResourceType: 'elastic-ip', Tags: marksOfAddress(site, resource, key) }],
      }),
      { abortSignal },
    ),
  )
  // Whether it has one a look tells.
  if (!object || !ip) throw fault('unreachable', 'its provider did not say which address it gave')
  return { state: 'done', value: { name: resource, object, ip } }
}

async function release(call: Call, site: string, name: string, object: string): Promise<Effect> {
  const there = (await addressesNamed(call, site, name)).find((one) => objectOf(one) === object)
  if (there === undefined) return DONE
  await leadNowhere(call, there)
  await unlessGone(
    call((sdk, client, abortSignal) =>
      client.send(new sdk.ReleaseAddressCommand({ AllocationId: object }), { abortSignal }),
    ),
  )
  return DONE
}

/** An address that leads to a machine is not taken back (EC2: InvalidIPAddress.InUse). */
export const leadNowhere = (call: Call, { AssociationId }: Address): Promise<void> =>
  AssociationId
    ? unlessGone(
        call((sdk, client, abortSignal) =>
          client.send(new sdk.DisassociateAddressCommand({ AssociationId }), { abortSignal }),
        ),
      )
    : Promise.resolve()

const GONE = /^Invalid(?:AllocationID|AssociationID|Address)\.NotFound$/

async function unlessGone(deed: Promise<unknown>): Promise<void> {
  try {
    await deed
  } catch (thrown) {
    if (!GONE.test(codeOf(asFault(thrown).cause))) throw thrown
  }
}
