/** Whether something that costs more an hour may begin at a provider: what is spent, and what all there costs to the month's end, stays inside the budget. Pure. */
import { costOf, formatAmount } from './money'
import type { ProviderView } from './view'

/** `more`: millionths an hour. Why it may not, in words for its owner; undefined: it may. */
export function unaffordable(view: Pick<ProviderView, 'money'> | undefined, more: number): string | undefined {
  if (!view?.money || more <= 0) return undefined
  const { left, restMs } = view.money
  if (costOf(more, restMs) <= left) return undefined
  return `${formatAmount(Math.max(0, left))} of the month's budget of its provider is left, which is not enough to its end`
}
