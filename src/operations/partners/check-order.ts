/**
 * What is asked of a partner's order beside all that is asked of everybody's: that its account may order now and may have this type, that
 * there is room for it now (it is not made to wait here: its own gateway has other places to send it), and that it is no loop.
 */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { fault } from '../../faults'
import {
  loopOf,
  type Origin,
  originText,
  type Partnership,
  refuseUnoffered,
  type SignedOrigin,
} from '../../model/federation'
import { isUuid } from '../../model/ids'
import type { ProjectRecord } from '../../model/records'
import { unseal } from '../../store/sealed'
import type { Context } from '../context'
import type { Offer } from '../run/choose-offer'
import { freshEverywhere } from '../watch-computes'
import { freePlaces } from './free-places'

/** Where the order came from, believed; undefined: it says nothing that could be believed. Faults: 'forbidden', 'invalid', 'no-capacity'. */
export async function checkPartnersOrder(
  context: Context,
  project: ProjectRecord,
  origin: SignedOrigin | undefined,
  { size }: Offer,
  count = 1,
): Promise<Origin | undefined> {
  const { partner } = project.wish
  // Whoever is no partner has no key that it could be signed with.
  if (partner === undefined) return undefined
  refuseUnoffered(partner, size.type)
  const believed = origin === undefined ? undefined : verified(context, project, partner, origin)
  if (believed !== undefined) await refuseLoop(context, project, believed)
  const free = await freePlaces(context, size)
  if (free < count && project.wish.bursts === 'never')
    throw fault('no-capacity', `there is room for ${free} more of such machines now`, { reason: 'partner' })
  return believed
}

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

async function refuseLoop(context: Context, { id: project }: ProjectRecord, origin: Origin): Promise<void> {
  const { mirror, store } = context
  // Whose machine it is may have been told to another gateway of this site a moment ago.
  await freshEverywhere(context)
  // Its own record is asked of the store: this gateway may not have heard of it yet.
  const own = await store.read('compute', origin.order)
  const served = mirror.all('compute').filter(({ wish }) => wish.exists && wish.origin?.order === origin.order)
  const loop = loopOf(
    origin,
    project,
    [...(own ? [own] : []), ...served].map((one) => ({ id: one.id, project: one.project, origin: one.wish.origin })),
  )
  if (loop) throw loop
}
