/** The record of the site's accounts: it is made with the first price or budget. */
import { NO_PRICES, type PriceBook } from '../../model/accounts'
import type { AccountsWish } from '../../model/accounts/record'
import type { Change } from '../../store/store'
import type { Context } from '../context'

const REF = { kind: 'accounts', id: 'site' } as const

/** The site's prices; none where nobody said any. */
export const pricesOf = ({ mirror }: Pick<Context, 'mirror'>): PriceBook => ({
  ...NO_PRICES,
  ...mirror.get('accounts', 'site')?.wish.prices,
})

/** Its job looks at the budgets at once. */
export const lookedAtAgain = (context: Context): Pick<Change, 'creates' | 'wakes'> =>
  context.mirror.get('accounts', 'site') ? { wakes: [REF] } : { creates: [making(context, NO_PRICES)] }

/** Its wish becomes this one. */
export function priced(context: Context, prices: PriceBook): Pick<Change, 'creates' | 'updates'> {
  const record = context.mirror.get('accounts', 'site')
  if (!record) return { creates: [making(context, prices)] }
  const wish: AccountsWish = { ...record.wish, prices }
  const { generation } = record
  return { updates: [{ ref: REF, project: null, generation, wish, raisePhase: false, wake: true }] }
}

const making = ({ clock }: Context, prices: PriceBook) => {
  const wish: AccountsWish = { prices, createdAt: clock.now() }
  return { ref: REF, project: null, wish, seen: null, journal: null, place: null, wake: true }
}
