/** What a project may cost in a month before somebody is told. */
import { fault } from '../../faults'
import { type ProjectBudget, USUAL_ALARM } from '../../model/accounts'
import type { Context } from '../context'
import { checkAmount, checkCurrency, whole } from '../providers/check-order'
import { pricesOf } from './record'

export interface BudgetOrder {
  /** Millionths; as before where it is not said. */
  readonly amount?: number
  /** The site's own where it is not said. */
  readonly currency?: string
  /** Percent; as before where it is not said, or the usual. */
  readonly alarmAt?: number
}

/** undefined as an order: as before; null: none. Faults, naming the field: 'invalid', 'missing' (an amount where there is no budget yet). */
export function budgetOf(
  context: Context,
  order: BudgetOrder | null | undefined,
  former: ProjectBudget | undefined,
): ProjectBudget | undefined {
  if (order === undefined) return former
  if (order === null) return undefined
  const {
    amount = former?.amount,
    currency = former?.currency ?? pricesOf(context).currency,
    alarmAt = former?.alarmAt ?? USUAL_ALARM,
  } = order
  if (amount === undefined)
    throw fault('missing', 'budget.amount is missing: it has no budget yet', { field: 'budget.amount' })
  checkAmount('budget.amount', amount)
  checkCurrency(currency, 'budget.currency')
  whole('budget.alarmAt', alarmAt, 1, 100)
  return { amount, currency, alarmAt }
}
