import { refuseEnded } from '../../model/federation'
import { quotaRoom } from '../../model/quota'
import type { Caller, Context } from '../context'
import { OFFER_MS } from './add'
import type { OfferNow } from './operations'
import { placesFor, roomNow } from './room-now'

/** A partner that may order nothing any more is offered nothing. */
export async function listPartnerOffers(
  context: Context,
  { project: id, current }: Caller,
): Promise<readonly OfferNow[] | null> {
  const { mirror, clock, site, store } = context
  if (!current) await mirror.fresh(id)
  const project = mirror.get('project', id)
  const partner = project?.wish.partner
  if (project === undefined || partner === undefined) return null
  if (partner.offers.length === 0) return []
  const now = clock.now()
  try {
    refuseEnded(partner, site, now)
  } catch {
    return []
  }
  const used = await store.counters(id)
  const offered = partner.offers.flatMap((offer) => {
    const type = mirror.all('type').find(({ wish }) => wish.name === offer.type)
    return type === undefined ? [] : [{ ...offer, size: type.wish.size }]
  })
  const room = await roomNow(context)
  return offered.map(({ type, price, size }) => ({
    ...{ type, price, currency: partner.currency, cores: size.cores, memoryMiB: size.memoryMiB },
    free: Math.min(placesFor(room, size), quotaRoom(project.wish, used, size).machines),
    validUntil: Math.min(now + OFFER_MS, partner.expiresAt ?? Number.POSITIVE_INFINITY),
  }))
}
