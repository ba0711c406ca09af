/**
 * What an address of a provider's claims there before it is asked for: one of as many as may be leased, and what it costs to the month's end
 * inside the budget; against the same revision of the provider's claims that placement names, by the record that it had then.
 */
import { type HostClaim, hostViews, parseClaim } from '../../../src/model/placement'
import { unaffordable } from '../../../src/model/providers/afford'
import { type AddressPlace, type AddressRecord, addressesOffered, type HostRecord } from '../../../src/model/records'
import type { Claim } from '../../../src/store/store'
import { across, type Next, type Work } from '../work'

/** An address takes no room. */
const claimOf = (name: string, price: number | undefined): string =>
  JSON.stringify({
    ...{ type: '', cores: 0, cpuHundredths: 0, memoryMiB: 0, diskGiB: 0, address: name },
    ...(price === undefined ? {} : { price }),
  } satisfies HostClaim)

/** Why there is none for it, in words for its owner. */
export interface NoRoom {
  readonly why: string
}

export const PROVIDER_GONE = 'its provider is not there any more'

/** It has its place; when to try again; or why it gets none. */
export async function lodgeAddress(
  work: Work,
  claim: Claim<'address'>,
  record: AddressRecord,
): Promise<'done' | { readonly next: Next } | NoRoom> {
  if (record.place !== null) return 'done'
  const { name, pool } = record.wish
  const [held] = await work.store.hostClaims([pool])
  // Read after its claims: what becomes of it from here on, its removal too, raises their revision.
  const host = await work.store.read('host', pool)
  if (host === undefined) return { why: PROVIDER_GONE }
  const price = host.wish.provider?.prices?.address
  const claims = Object.entries(held?.claims ?? {}).flatMap(([id, text]) =>
    id === record.id ? [] : [parseClaim(text)],
  )
  const now = work.clock.now()
  const why = whyNot(host, claims, price ?? 0, now)
  if (why !== undefined) return { why }
  const on = { host: host.id, revision: held?.revision ?? 0, claim: claimOf(name, price) }
  const came = await across(work, 'place', claim.ref, () => work.store.lodge(claim, on, placeOn(host, price, now), now))
  return came === 'done' ? 'done' : { next: { at: now } }
}

function whyNot(host: HostRecord, claims: readonly HostClaim[], price: number, now: number): string | undefined {
  const most = addressesOffered(host)
  if (claims.filter(({ address }) => address !== undefined).length >= most)
    return most === 0 ? 'its provider offers none any more' : `all ${most} that may be leased there are`
  const [view] = hostViews([{ record: host, claims }], now)
  return unaffordable(view?.provider, price)
}

const placeOn = ({ id, wish }: HostRecord, price: number | undefined, now: number): AddressPlace => ({
  host: id,
  hostName: wish.name,
  ...(price === undefined ? {} : { offer: { type: 'address', price, currency: wish.provider?.currency ?? 'USD' } }),
  at: now,
})
