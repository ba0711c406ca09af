/** How an account at a provider looks to placement. Pure. */
import type { ProviderPrices } from '../accounts/prices'
import type { Size } from '../machine'
import { costOf, leftOf, monthEnd, type Spending, spentUntil } from './money'
import type { ProviderType, ProviderWish } from './record'

export interface ProviderView {
  readonly types: readonly ProviderType[]
  /** How many more of each type may be taken; absent: as many as the limits allow. */
  readonly left: Readonly<Record<string, number>>
  /** Our images that it has: record id to the provider's. */
  readonly images: Readonly<Record<string, string>>
  readonly latencyMs: number | null
  readonly burstAfterMs: number
  /** Of its prices; absent: nobody asked. */
  readonly currency?: string
  /** Beside its types'; absent: there are none. */
  readonly prices?: ProviderPrices
  /** What may still be promised this month (millionths), and how long the month lasts; null: there is no budget. */
  readonly money: { readonly left: number; readonly restMs: number } | null
}

/** Whether a host is an account at a provider. */
export const isProvider = ({ provider }: { readonly provider?: ProviderView }): boolean => provider !== undefined

/** `claims`: what machines hold there. Without `now` its budget is not asked. */
export function providerView(
  { types, images, latencyMs, burstAfterMs, currency, budget, prices: beside }: ProviderWish,
  spending: Spending | undefined,
  claims: readonly Size[],
  now: number | undefined,
): ProviderView {
  const taken = (name: string): number => claims.filter(({ offer }) => offer === name).length
  const left = types.flatMap(({ name, count }) => (count === null ? [] : [[name, count - taken(name)] as const]))
  const view = {
    ...{ types, left: Object.fromEntries(left), images, latencyMs, burstAfterMs, currency },
    ...(beside ? { prices: beside } : {}),
  }
  if (budget === null || now === undefined) return { ...view, money: null }
  const prices = new Map(types.map(({ name, price }) => [name, price]))
  const machines = claims.flatMap(({ offer, price }) =>
    offer === undefined ? [] : [{ project: '', since: spending?.at ?? now, price: price ?? prices.get(offer) ?? 0 }],
  )
  const spent = spentUntil(spending, machines, now)
  return { ...view, money: { left: leftOf(budget, spent, machines, now), restMs: monthEnd(now) - now } }
}

/** One more of a type is taken, for so much an hour. */
export const taken = (view: ProviderView, { name }: ProviderType, price: number): ProviderView => ({
  ...view,
  left: name in view.left ? { ...view.left, [name]: (view.left[name] ?? 0) - 1 } : view.left,
  money: view.money && { ...view.money, left: view.money.left - costOf(price, view.money.restMs) },
})
