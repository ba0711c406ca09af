/** How far a month's budget is used, and when that is told. Pure. */

/** Of a project: what it may cost in a month before somebody is told. Nothing is stopped or refused by it. */
export interface ProjectBudget {
  /** Millionths. */
  readonly amount: number
  readonly currency: string
  /** Percent at which it is told for the first time; at 100 it is told again. */
  readonly alarmAt: number
}

/** The highest mark that was told of. */
export interface Alarm {
  /** `2026-11`, UTC. */
  readonly month: string
  /** Percent: the budget's `alarmAt`, or 100. */
  readonly mark: number
  readonly at: number
}

export const USUAL_ALARM = 80

export const percentOf = (spent: number, budget: number): number =>
  budget === 0 ? (spent > 0 ? 100 : 0) : (100 * spent) / budget

export interface Spent {
  readonly month: string
  readonly spent: number
  /** null: there is no limit. */
  readonly budget: number | null
  readonly alarmAt: number
}

/** What stands now: the former alarm of this month where no higher mark was passed. Undefined: there is none. */
export function alarmOf(
  former: Alarm | undefined,
  { month, spent, budget, alarmAt }: Spent,
  now: number,
): Alarm | undefined {
  if (budget === null) return undefined
  const percent = percentOf(spent, budget)
  const mark = percent >= 100 ? 100 : percent >= alarmAt ? alarmAt : undefined
  if (mark === undefined) return undefined
  return former?.month === month && former.mark === mark ? former : { month, mark, at: now }
}

/** Whether it is told anew: a mark that was not passed before. */
export const isNews = (former: Alarm | undefined, alarm: Alarm | undefined): boolean =>
  alarm !== undefined && (former?.month !== alarm.month || former.mark < alarm.mark)
