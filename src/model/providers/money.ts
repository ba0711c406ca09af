/**
 * What machines at a provider cost: pure. All amounts are whole millionths of the provider's currency; hours are real time.
 *
 * A machine costs the price at which it was placed from that moment until its place is given up, running or stopped: a provider
 * that charges less for a stopped one makes the truth lower, never higher. What is spent is written by the provider's own job with
 * each look, from the uses that ended (model/accounts) and those that go on: so nothing is lost of a machine that came and went between
 * two looks. What happened since the last look is added by whoever asks.
 */
import { MILLIONTHS } from '../accounts/prices'
import type { Use } from '../accounts/use'
import { HOUR_MS } from '../durations'

/** What was spent in one month. */
export interface Spending {
  /** `2026-11`, UTC. */
  readonly month: string
  /** Up to then, ms. */
  readonly at: number
  /** Millionths, in all and by project. */
  readonly total: number
  readonly projects: Readonly<Record<string, number>>
  /** What of it is over; absent: an older program wrote it, which added up as it went. */
  readonly ended?: Ended
}

/** What is spent for what ended. */
export interface Ended {
  /** What was before is in the sums already, ms: the month's begin, or when the first release that counts so took over. */
  readonly from: number
  /** How many of the month's uses that ended are in it. */
  readonly after: number
  readonly total: number
  readonly projects: Readonly<Record<string, number>>
}

/** A machine that costs. */
interface Costing {
  readonly project: string
  /** Since when it has its place, ms. */
  readonly since: number
  /** Millionths an hour. */
  readonly price: number
}

/** `2026-11` of a time, UTC. */
export const monthOf = (at: number): string => new Date(at).toISOString().slice(0, 7)

/** First ms of a time's month, UTC. */
export const monthStart = (at: number): number => {
  const date = new Date(at)
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1)
}

/** First ms after a time's month, UTC. */
export const monthEnd = (at: number): number => {
  const date = new Date(at)
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1)
}

/** Millionths for so long; whole ones, a begun one counts. */
export const costOf = (price: number, ms: number): number => Math.ceil((price * Math.max(0, ms)) / HOUR_MS)

type Sums = Pick<Spending, 'total' | 'projects'>

function added(sums: Sums, project: string, cost: number): Sums {
  return {
    total: sums.total + cost,
    projects: { ...sums.projects, [project]: (sums.projects[project] ?? 0) + cost },
  }
}

/** What is spent up to `now`, given what was up to the last look. A new month begins with nothing. */
export function spentUntil(before: Spending | undefined, machines: readonly Costing[], now: number): Spending {
  const month = monthOf(now)
  const kept = before?.month === month ? before : { month, at: monthStart(now), total: 0, projects: {} }
  // A month of which nothing was written began before there was a provider: nothing cost anything before it had its place.
  const sums = machines.reduce(
    (so, { project, since, price }) => added(so, project, costOf(price, now - Math.max(since, kept.at))),
    { total: kept.total, projects: kept.projects },
  )
  return { ...kept, ...sums, at: Math.max(now, kept.at) }
}

/** How many of the month's ended uses are in it already. */
export const readUntil = (before: Spending | undefined, now: number): number =>
  before?.month === monthOf(now) ? (before.ended?.after ?? 0) : 0

/**
 * The next look: `ended` are the uses of the month's list behind `readUntil`, of all hosts; `open` those that go on at this one.
 */
export function spentByUses(
  before: Spending | undefined,
  { host, ended, open }: { readonly host: string; readonly ended: readonly Use[]; readonly open: readonly Use[] },
  now: number,
): Spending {
  const month = monthOf(now)
  const kept = endedBefore(before, now)
  const costIn = ({ from, until, offer }: Use): number =>
    offer === undefined ? 0 : costOf(offer.price, (until ?? now) - Math.max(from, kept.from))
  const sums: Ended = {
    ...kept,
    ...ended.filter((use) => use.host === host).reduce<Sums>((so, use) => added(so, use.project, costIn(use)), kept),
    after: kept.after + ended.length,
  }
  const all = open.reduce<Sums>((so, use) => added(so, use.project, costIn(use)), sums)
  return { month, at: now, total: all.total, projects: all.projects, ended: sums }
}

function endedBefore(before: Spending | undefined, now: number): Ended {
  if (before?.month !== monthOf(now)) return { from: monthStart(now), after: 0, total: 0, projects: {} }
  if (before.ended) return before.ended
  // Everything up to then was added up whatever became of it.
  return { from: before.at, after: 0, total: before.total, projects: before.projects }
}

/** Millionths that may still be promised: the budget less what is spent and what machines cost until the month ends. */
export function leftOf(budget: number, spending: Spending, machines: readonly Costing[], now: number): number {
  const rest = monthEnd(now) - now
  return budget - spending.total - machines.reduce((sum, { price }) => sum + costOf(price, rest), 0)
}

/** An amount as people read it: `12.34`, with more digits only where it has them. */
export function formatAmount(millionths: number): string {
  const [whole = '0', digits = ''] = (Math.abs(millionths) / MILLIONTHS).toFixed(6).split('.')
  const sign = millionths < 0 ? '-' : ''
  return `${sign}${whole}.${digits.replace(/0{1,4}$/, '')}`
}

/** The inverse: at most six digits behind the point; undefined for what is no amount. */
export function parseAmount(text: string): number | undefined {
  if (!/^\d{1,9}(?:\.\d{1,6})?$/.test(text)) return undefined
  const [whole = '0', digits = ''] = text.split('.')
  return Number(whole) * MILLIONTHS + Number(digits.padEnd(6, '0'))
}

/** Whether nothing of this month's budget is left. */
export const isSpent = (budget: number | null, spending: Spending | undefined, now: number): boolean =>
  budget !== null && spending !== undefined && spending.month === monthOf(now) && spending.total >= budget
