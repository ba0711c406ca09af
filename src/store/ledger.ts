/**
 * A month's uses added up, from the lists that scripts append to and from the records that go on. A list only grows, so what was read of
 * it once is kept here; the memory of it is one line for each sort of use, not one for each use. Losing it costs reading again, and so
 * does a time that was taken over from a gateway that lends.
 *
 * What ends while it is read is in the records as going on, and in the list as ended: the list is read after the records, and has
 * the last word.
 */
import { keyOfUse, type Span, type Tally, tallied, type Use } from '../model/accounts'
import { monthEnd, monthOf, monthStart } from '../model/providers/money'
import type { Store } from './store'

const PAGE = 10_000

/** `2026-11` as a span of time, UTC. */
export function spanOf(month: string): Span {
  const from = Date.parse(`${month}-01T00:00:00Z`)
  return { from: monthStart(from), until: monthEnd(from) }
}

/** Months in which what overlaps `month` may have ended: from it to that of `now`. */
export function monthsFrom(month: string, now: number): readonly string[] {
  const months: string[] = []
  for (let at = spanOf(month).from; at <= now; at = monthEnd(at)) months.push(monthOf(at))
  return months
}

/** What is read of the store. */
export type UsesKept = Pick<Store, 'used' | 'settled'>

interface Read {
  readonly tally: Tally
  /** How many lines of each month's list are in it. */
  readonly after: ReadonlyMap<string, number>
  /** The last of them: the records that somebody reads beside may be a moment older. */
  readonly recent: readonly Use[]
  /** Of the times that were taken over. */
  readonly revision: number
}

const RECENT = 1000

export interface Ledger {
  /** `open`: what goes on by the records, read before. Fault: 'unavailable'. */
  month(month: string, open: readonly Use[], now: number): Promise<Tally>
}

export function openLedger(store: UsesKept): Ledger {
  const kept = new Map<string, Read>()
  return {
    async month(month, open, now) {
      const span = spanOf(month)
      const revision = await store.settled.revision()
      const known = kept.get(month)
      const { tally, after, recent }: Read =
        known?.revision === revision ? known : { tally: new Map(), after: new Map(), recent: [], revision }
      const fresh: Use[] = []
      const next = new Map(after)
      for (const list of monthsFrom(month, now))
        for await (const page of pagesOf(store, list, after.get(list) ?? 0)) {
          next.set(list, (next.get(list) ?? 0) + page.length)
          fresh.push(...page.filter(({ from }) => from < span.until))
        }
      const ended = tallied(tally, await store.settled.told(fresh), span, now)
      // Two who read at the same time read the same: who comes last says no more than the first.
      const last = [...recent, ...fresh]
      kept.set(month, { tally: ended, after: next, recent: last.slice(-RECENT), revision })
      const over = new Set(last.map(keyOfUse))
      const goingOn = open.filter((use) => !over.has(keyOfUse(use)))
      return tallied(ended, await store.settled.told(goingOn), span, now)
    },
  }
}

async function* pagesOf(store: Pick<Store, 'used'>, month: string, after: number): AsyncGenerator<readonly Use[]> {
  for (let from = after; ; from += PAGE) {
    const page = await store.used(month, from, PAGE)
    if (page.length > 0) yield page
    if (page.length < PAGE) return
  }
}

/** What ended in the month of `now` behind the first `after`, and the keys of it among which `over` finds what is read as going on. */
export async function endedSince(
  store: Pick<Store, 'used'>,
  after: number,
  now: number,
): Promise<{ readonly ended: readonly Use[]; readonly over: { has(use: Use): boolean } }> {
  const ended: Use[] = []
  for await (const page of pagesOf(store, monthOf(now), after)) ended.push(...page)
  const keys = new Set(ended.map(keyOfUse))
  return { ended, over: { has: (use) => keys.has(keyOfUse(use)) } }
}
