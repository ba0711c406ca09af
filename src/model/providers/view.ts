/** How an account at a provider looks to placement. Pure. */
import type { ProviderPrices } from '../accounts/prices'
import type { Size } from '../machine'
import { costOf, leftOf, monthEnd, type Spending, spentUntil } from './money'
import { type ProviderType, type ProviderWish, regionsOf } from './record'
import type { Offering } from './section'

export interface ProviderView extends Offering {
  readonly types: readonly ProviderType[]
  /** How many more of each type may be taken; absent: as many as the limits allow. */
  readonly left: Readonly<Record<string, number>>
  /** Our images that it has: record id to the provider's. */
  readonly images: Readonly<Record<string, string>>
  readonly latencyMs: number | null
  readonly burstAfterMs: number
  /** The host's id, which says whose types had no capacity a short while ago. */
  readonly host?: string
  /** Where its data lies. */
  readonly regions: readonly string[]
  /** Of its prices; absent: nobody asked. */
  readonly currency?: string
  /** Beside its types'; absent: there are none. */
  readonly prices?: ProviderPrices
  /** What may still be promised this month (millionths), and how long the month lasts; null: there is no budget. */
  readonly money: { readonly left: number; readonly restMs: number } | null
}

/** Whether a host is an account at a provider. */
export const isProvider = ({ provider }: { readonly provider?: ProviderView }): boolean => provider !== undefined

/** `claims`: what machines, volumes and addresses hold there; the latter have a price and no type. Without `now` its budget is not asked. */
export function providerView(
  wish: ProviderWish,
  spending: Spending | undefined,
  claims: readonly Size[],
  now: number | undefined,
): ProviderView {
  const { types, images, latencyMs, burstAfterMs, currency, budget, prices: beside } = wish
  const taken = (name: string): number => claims.filter(({ offer }) => offer === name).length
  const left = types.flatMap(({ name, count }) => (count === null ? [] : [[name, count - taken(name)] as const]))
  const view = {
    ...{ types, left: Object.fromEntries(left), images, latencyMs, burstAfterMs, currency, regions: regionsOf(wish) },
    ...(beside ? { prices: beside } : {}),
  }
  if (budget === null || now === undefined) return { ...view, money: null }
  const prices = new Map(types.map(({ name, price }) => [name, price]))
  const costing = claims.flatMap(({ offer, price = prices.get(offer ?? '') }) =>
    price === undefined ? [] : [{ project: '', since: spending?.at ?? now, price }],
  )
  const spent = spentUntil(spending, costing, now)
  return { ...view, money: { left: leftOf(budget, spent, costing, now), restMs: monthEnd(now) - now } }
}

/** One more of a type is taken, for so much an hour. */
export const taken = (view: ProviderView, { name }: ProviderType, price: number): ProviderView => ({
  ...view,
  left: name in view.left ? { ...view.left, [name]: (view.left[name] ?? 0) - 1 } : view.left,
  money: view.money && { ...view.money, left: view.money.left - costOf(price, view.money.restMs) },
})
