/** What a partner had here in a month, by our books: told to itself alone, so that its gateway can compare. */
import type { StatedUse, Statement, Use } from '../../model/accounts'
import type { Partnership } from '../../model/federation'
import type { ComputeId } from '../../model/ids'
import { usesPage } from '../../store/single-uses'
import { monthAsked } from '../accounts/costs'
import { goingOn } from '../accounts/going-on'
import type { Caller, Context } from '../context'
import { freshEverywhere } from '../watch-computes'

export interface PartnerUsesAsked {
  /** `2026-11`, UTC; this month where it is not said. */
  readonly month?: string
  /** `next` of the page before. */
  readonly after?: string
}

export interface PartnerUses extends Statement {
  readonly month: string
  readonly next: string | null
}

/** Null for whoever is no partner; one that was revoked is told too. Faults: 'invalid' (month, after), 'unavailable'. */
export async function listPartnerUses(
  context: Context,
  { project }: Caller,
  { month: asked, after }: PartnerUsesAsked,
): Promise<PartnerUses | null> {
  const { mirror, clock, store } = context
  const at = clock.now()
  const month = monthAsked(asked, at)
  await freshEverywhere(context)
  const partner = mirror.get('project', project)?.wish.partner
  if (partner === undefined) return null
  const isAsked = (use: Use) => use.project === project && use.kind === 'machine'
  const which = { month, isAsked, ...(after === undefined ? {} : { after }) }
  const { uses, next } = await usesPage(store, which, goingOn(context), at)
  const orderOf = ({ id, order }: Use) => order ?? mirror.get('compute', id as ComputeId)?.wish.origin?.order ?? null
  return { month, at, currency: partner.currency, uses: uses.map((use) => stated(use, orderOf(use), partner)), next }
}

const stated = ({ name, type, from, until }: Use, order: string | null, { offers }: Partnership): StatedUse => ({
  ...{ order, name, type, from, until },
  price: offers.find((offer) => offer.type === type)?.price ?? null,
})
