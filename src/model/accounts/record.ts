/** The site's accounts: its price book, and which projects' budgets were told to be near their end. One record, made with the first price or budget. */
import type { Envelope } from '../envelope'
import type { Alarm } from './alarms'
import type { PriceBook } from './prices'

export interface AccountsWish {
  readonly prices: PriceBook
  readonly createdAt: number
}

export interface AccountsSeen {
  readonly at: number
  /** By project's id; those that are far from their budget are not in it. */
  readonly alarms: Readonly<Record<string, Alarm>>
}

/** Its job looks at the projects' budgets. */
export type AccountsRecord = Envelope<'accounts', 'site', AccountsWish, AccountsSeen | null, null, null>
