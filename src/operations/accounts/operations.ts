/** What machines, volumes and addresses were used for how long, and what that costs: part of `Operations`. */
import type { Alarm, CostLine, PriceBook } from '../../model/accounts'
import type { UsesPage } from '../../store/single-uses'
import type { Operator } from '../context'

/** Millionths; null takes a price away. Only what is given changes. */
export interface PriceChange {
  readonly currency?: string
  /** By instance type. */
  readonly types?: Readonly<Record<string, number | null>>
  readonly core?: number | null
  readonly memoryGiB?: number | null
  readonly diskGiB?: number | null
  readonly snapshotGiB?: number | null
  readonly address?: number | null
  readonly trafficGiB?: number | null
}

export interface MonthAsked {
  /** `2026-11`, UTC; this month where it is not said. */
  readonly month?: string
  /** By name, also of one that is gone by its id; all where it is not said. */
  readonly project?: string
}

export interface UsesAsked extends MonthAsked {
  /** `next` of the page before. */
  readonly after?: string
  /** Uses in a page, 1 to 1000; as many where it is not said. */
  readonly limit?: number
}

export interface ProjectCost {
  /** Its name, or its id once it is gone. */
  readonly project: string
  /** Millionths by currency. */
  readonly totals: Readonly<Record<string, number>>
  readonly lines: readonly CostLine[]
  /** Of this month; null: it has none. */
  readonly budget: {
    readonly amount: number
    readonly currency: string
    readonly alarmAt: number
    readonly percent: number
    readonly alarm: Alarm | null
  } | null
}

export interface CostReport {
  readonly month: string
  /** Up to then, ms. */
  readonly at: number
  /** By name; those of which nothing was used and that have no budget are left out. */
  readonly projects: readonly ProjectCost[]
}

export interface AccountOperations {
  prices(operator: Operator): Promise<PriceBook>
  /** Faults: 'invalid' and 'not-found' (an instance type) naming the field, 'unavailable'. */
  setPrices(operator: Operator, change: PriceChange): Promise<PriceBook>
  /** Up to this moment, of what goes on too. Faults: 'invalid' (month), 'not-found' (project), 'unavailable'. */
  costs(operator: Operator, asked: MonthAsked): Promise<CostReport>
  /**
   * Every single use that overlaps the month, those that go on last, page by page; one that ends meanwhile may be told twice, the second time
   * with its end. Faults: as those of `costs`, and 'invalid' (after, limit).
   */
  uses(operator: Operator, asked: UsesAsked): Promise<UsesPage>
}
