/**
 * What is asked of a partner's orders beside all that is asked of everybody's: that its account may have these types, that they are no loop,
 * and that there is room for them now (they are not made to wait here: its own gateway has other places to send them).
 *
 * An order that does not say, signed, where it comes from goes no further than this site, whatever the partnership allows: a loop of
 * such orders could not be told from new ones. So each of them runs on a host here or is refused, and their chain ends here.
 */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { fault } from '../../faults'
import {
  loopOf,
  type Origin,
  originText,
  type Partnership,
  refuseLargerDisk,
  refuseToPartner,
  refuseUnoffered,
  type SignedOrigin,
} from '../../model/federation'
import type { Hosting } from '../../model/hosting'
import { isUuid } from '../../model/ids'
import type { Size } from '../../model/machine'
import { imageSizeGiB, type ProjectRecord } from '../../model/records'
import { unseal } from '../../store/sealed'
import type { Context } from '../context'
import type { Offer } from '../run/choose-offer'
import { freshEverywhere } from '../watch-computes'
import { placedOf, placesFor, roomNow } from './room-now'

/** One of the orders of a request. */
export interface Asked {
  readonly origin: SignedOrigin | undefined
  readonly offer: Pick<Offer, 'image' | 'size' | 'type'>
  readonly hosting?: Hosting | undefined
}

export interface Checked {
  /** Where the order came from, believed; undefined: it says nothing that could be believed. */
  readonly origin: Origin | undefined
  /** `here`: it runs on a host of this site, now. */
  readonly goes: 'here' | 'anywhere'
}

const OF_A_TENANT: Checked = { origin: undefined, goes: 'anywhere' }

/** In the order asked. Faults: 'forbidden' for a type, a root disk or a host of its own, 'invalid' for a signature, 'no-capacity' for a loop. */
export async function checkPartnersOrders(
  context: Context,
  project: ProjectRecord,
  asked: readonly Asked[],
): Promise<readonly Checked[]> {
  const { partner, bursts } = project.wish
  // Whoever is no partner has no key that it could be signed with.
  if (partner === undefined) return asked.map(() => OF_A_TENANT)
  for (const { offer, hosting } of asked) {
    refuseUnoffered(partner, offer.size.type)
    if (hosting?.alone) refuseToPartner(partner, 'no host is kept for its machines alone')
    refuseLargerDisk(offer.size, Math.max(imageSizeGiB(offer.image), offer.type?.wish.size.diskGiB ?? 0))
  }
  const checked = asked.map(({ origin }): Checked => {
    if (origin === undefined) return { origin, goes: 'here' }
    return { origin: verified(context, project, partner, origin), goes: bursts === 'never' ? 'here' : 'anywhere' }
  })
  await refuseLoops(
    context,
    project,
    checked.flatMap(({ origin }) => origin ?? []),
  )
  return checked
}

/** How many machines of one size there is room for now, up to `most`. Fault: 'no-capacity' below `least`. */
export async function countWithinRoom(context: Context, size: Size, least: number, most: number): Promise<number> {
  const free = placesFor(await roomNow(context), size)
  if (free < least) throw noRoom(`there is room for ${free} more of such machines now`)
  return Math.min(free, most)
}

/** Fault: 'no-capacity' where there is not room for all of these beside each other. */
export async function refuseWithoutRoom(context: Context, sizes: readonly Size[]): Promise<void> {
  if (sizes.length === 0) return
  const placed = placedOf(await roomNow(context), sizes)
  if (placed < sizes.length) throw noRoom(`there is room for ${placed} of these ${sizes.length} machines now`)
}

const noRoom = (message: string) => fault('no-capacity', message, { reason: 'partner' })

/** Fault: 'invalid' for what is not signed with the key of this partner. */
function verified(
  { ring }: Context,
  { id }: ProjectRecord,
  { key }: Partnership,
  { signature, ...origin }: SignedOrigin,
): Origin {
  const words = [origin.project, ...origin.path]
  if (!isUuid(origin.order) || words.some((word) => !/^[\w.:-]{1,128}$/.test(word)))
    throw fault('invalid', 'the origin of this order cannot be read', { field: 'origin' })
  const expected = createHmac('sha256', unseal(ring, id, key))
    .update(originText(origin))
    .digest()
  const given = Buffer.from(signature, 'hex')
  if (given.length !== expected.length || !timingSafeEqual(given, expected))
    throw fault('invalid', 'the origin of this order is not signed with the key of this partner', { field: 'origin' })
  return origin
}

async function refuseLoops(
  context: Context,
  { id: project }: ProjectRecord,
  origins: readonly Origin[],
): Promise<void> {
  if (origins.length === 0) return
  const { mirror, store } = context
  // Whose machine it is may have been told to another gateway of this site a moment ago.
  await freshEverywhere(context)
  const orders = new Set(origins.map(({ order }) => order))
  // Its own record is asked of the store: this gateway may not have heard of it yet.
  const own = (await store.readMany('compute', [...orders])).filter((record) => record !== undefined)
  const served = mirror
    .all('compute')
    .filter(({ wish }) => wish.exists && wish.origin !== undefined && orders.has(wish.origin.order))
  const here = [...own, ...served].map((one) => ({ id: one.id, project: one.project, origin: one.wish.origin }))
  for (const origin of origins) {
    const loop = loopOf(origin, project, here)
    if (loop) throw loop
  }
}
