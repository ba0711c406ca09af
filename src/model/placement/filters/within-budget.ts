import { formatAmount } from '../../providers/money'
import { isLarge, isLeft, isPaid } from '../../providers/offers'
import { isProvider } from '../../providers/view'
import type { Filter } from './filter'

/** A start is admitted only if what is spent and what all machines there cost until the month ends stays inside the budget. */
export const withinBudget: Filter = {
  name: 'within-budget',
  reason: 'the budget is used up',
  concerns: isProvider,
  narrows: true,
  admits({ size }, { provider, free }) {
    if (!provider?.money) return true
    const open = provider.types.filter((type) => isLarge(size, type) && isLeft(type, provider, free))
    if (open.some((type) => isPaid(type, provider, size))) return true
    return `${formatAmount(Math.max(0, provider.money.left))} of the month's budget is left, which is not enough to its end`
  },
}
