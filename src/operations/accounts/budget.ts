/** What a project may cost in a month before somebody is told. */
import { type ProjectBudget, USUAL_ALARM } from '../../model/accounts'
import type { Context } from '../context'
import { checkAmount, checkCurrency, whole } from '../providers/check-order'
import { pricesOf } from './record'

export interface BudgetOrder {
  /** Millionths. */
  readonly amount: number
  /** The site's own where it is not said. */
  readonly currency?: string
  /** Percent; the usual where it is not said. */
  readonly alarmAt?: number
}

/** undefined as an order: as before; null: none. Fault: 'invalid', naming the field. */
export function budgetOf(
  context: Context,
  order: BudgetOrder | null | undefined,
  former: ProjectBudget | undefined,
): ProjectBudget | undefined {
  if (order === undefined) return former
  if (order === null) return undefined
  const {
    amount,
    currency = former?.currency ?? pricesOf(context).currency,
    alarmAt = former?.alarmAt ?? USUAL_ALARM,
  } = order
  checkAmount('budget.amount', amount)
  checkCurrency(currency, 'budget.currency')
  whole('budget.alarmAt', alarmAt, 1, 100)
  return { amount, currency, alarmAt }
}
