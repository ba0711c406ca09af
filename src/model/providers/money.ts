/**
 * What machines at a provider cost: pure. All amounts are whole millionths of the provider's currency; hours are real time.
 *
 * A machine costs its type's price from the moment in which it was placed until its place is given up, running or stopped: a provider
 * that charges less for a stopped one makes the truth lower, never higher. What is spent is written by the provider's own job with
 * each look; what happened since is added by whoever asks.
 */
const HOUR_MS = 3_600_000

/** What was spent in one month. */
export interface Spending {
  /** `2026-11`, UTC. */
  readonly month: string
  /** Up to then, ms. */
  readonly at: number
  /** Millionths, in all and by project. */
  readonly total: number
  readonly projects: Readonly<Record<string, number>>
}

/** A machine that costs. */
export interface Costing {
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

/** What is spent up to `now`, given what was up to the last look. A new month begins with nothing. */
export function spentUntil(before: Spending | undefined, machines: readonly Costing[], now: number): Spending {
  const month = monthOf(now)
  const kept = before?.month === month ? before : { month, at: monthStart(now), total: 0, projects: {} }
  // A month of which nothing was written began before there was a provider: nothing cost anything before it had its place.
  const projects: Record<string, number> = { ...kept.projects }
  let total = kept.total
  for (const { project, since, price } of machines) {
    const cost = costOf(price, now - Math.max(since, kept.at))
    projects[project] = (projects[project] ?? 0) + cost
    total += cost
  }
  return { month, at: Math.max(now, kept.at), total, projects }
}

/** Millionths that may still be promised: the budget less what is spent and what machines cost until the month ends. */
export function leftOf(budget: number, spending: Spending, machines: readonly Costing[], now: number): number {
  const rest = monthEnd(now) - now
  return budget - spending.total - machines.reduce((sum, { price }) => sum + costOf(price, rest), 0)
}

/** An amount as people read it: `12.34`, with more digits only where it has them. */
export function formatAmount(millionths: number): string {
  const [whole = '0', digits = ''] = (Math.abs(millionths) / 1_000_000).toFixed(6).split('.')
  const sign = millionths < 0 ? '-' : ''
  return `${sign}${whole}.${digits.replace(/0{1,4}$/, '')}`
}

/** The inverse: at most six digits behind the point; undefined for what is no amount. */
export function parseAmount(text: string): number | undefined {
  if (!/^\d{1,9}(?:\.\d{1,6})?$/.test(text)) return undefined
  const [whole = '0', digits = ''] = text.split('.')
  return Number(whole) * 1_000_000 + Number(digits.padEnd(6, '0'))
}
