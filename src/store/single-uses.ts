/**
 * Every single use that overlaps a month, in pages: first what ended, in the order of the ends, then what goes on, by its key. A cursor
 * says how far the lists were read and which of those that go on was told last. Lists only grow, so nothing is left out between two pages;
 * what ends after it was told as going on is told once more, with its end.
 */
import { fault } from '../faults'
import { keyOfUse, type Use } from '../model/accounts'
import { monthsFrom, spanOf, type UsesKept } from './ledger'

/** Uses in one page at most. */
export const MOST_USES = 1000
/** Lines that are read for one page at most: of those that nobody asked for there may be many. */
const MOST_LINES = 20_000

export interface UsesAsked {
  /** `2026-11` */
  readonly month: string
  /** The cursor of the page before. */
  readonly after?: string
  readonly limit?: number
  /** All of them where it is not said. */
  readonly isAsked?: (use: Use) => boolean
}

export interface UsesPage {
  readonly uses: readonly Use[]
  /** Cursor of the next page; null: this was the last. A page may be empty and not the last. */
  readonly next: string | null
}

/** How far it was read: the list, the lines of it, and the key of the last one told that goes on ('' as long as lists are read). */
interface Place {
  readonly list: string
  readonly lines: number
  readonly told: string
}

/** As they were counted, without the times of lenders. `open` as the records say, read before. Faults: 'invalid' (after), 'unavailable'. */
async function countedPage(
  store: Pick<UsesKept, 'used'>,
  { month, after, limit = MOST_USES, isAsked = () => true }: UsesAsked,
  open: readonly Use[],
  now: number,
): Promise<UsesPage> {
  const { from, until } = spanOf(month)
  const overlaps = (use: Use) => use.from < until && (use.until ?? now) >= from && use.id !== '' && isAsked(use)
  const lists = monthsFrom(month, now)
  const last = lists.at(-1) ?? month
  let place = placeOf(after, lists) ?? { list: month, lines: 0, told: '' }
  const uses: Use[] = []
  const over = new Set<string>()
  for (let read = 0; ; ) {
    const wanted = Math.min(limit - uses.length, MOST_LINES - read)
    if (wanted <= 0) return { uses, next: cursorOf(place) }
    const page = await store.used(place.list, place.lines, wanted)
    for (const use of page) over.add(keyOfUse(use))
    uses.push(...page.filter(overlaps))
    read += page.length
    place = { ...place, lines: place.lines + page.length }
    if (page.length === wanted) continue
    if (place.list === last) break
    place = { ...place, list: lists[lists.indexOf(place.list) + 1] ?? last, lines: 0 }
  }
  const rest = open
    .filter((use) => overlaps(use) && keyOfUse(use) > place.told && !over.has(keyOfUse(use)))
    .toSorted((a, b) => (keyOfUse(a) < keyOfUse(b) ? -1 : 1))
  const told = rest.slice(0, limit - uses.length)
  uses.push(...told)
  const end = told.at(-1)
  const isLast = told.length === rest.length
  return { uses, next: isLast ? null : cursorOf({ ...place, told: end ? keyOfUse(end) : place.told }) }
}

/** As they are told. Faults: 'invalid' (after), 'unavailable'. */
export async function usesPage(
  store: UsesKept,
  asked: UsesAsked,
  open: readonly Use[],
  now: number,
): Promise<UsesPage> {
  const { uses, next } = await countedPage(store, asked, open, now)
  return { uses: await store.settled.told(uses), next }
}

/** All pages, each use once, as it was counted. Fault: 'unavailable'. */
export async function usesOf(
  store: Pick<UsesKept, 'used'>,
  month: string,
  open: readonly Use[],
  now: number,
  isAsked: (use: Use) => boolean = () => true,
): Promise<readonly Use[]> {
  const all = new Map<string, Use>()
  for (let after: string | null | undefined; after !== null; ) {
    const from = after === undefined ? {} : { after }
    const page = await countedPage(store, { month, isAsked, limit: 10 * MOST_USES, ...from }, open, now)
    for (const use of page.uses) all.set(keyOfUse(use), use)
    after = page.next
  }
  return [...all.values()]
}

const cursorOf = ({ list, lines, told }: Place): string => `${list}.${lines}.${told.replaceAll(' ', '_')}`

/** Fault: 'invalid' for what is no cursor of ours. */
function placeOf(cursor: string | undefined, lists: readonly string[]): Place | undefined {
  if (cursor === undefined) return undefined
  const [, list = '', lines, told = ''] = /^(\d{4}-\d{2})\.(\d{1,12})\.([\w-]{0,200})$/.exec(cursor) ?? []
  if (lines === undefined || !lists.includes(list))
    throw fault('invalid', 'after: that is no cursor of this month', { field: 'after' })
  return { list, lines: Number(lines), told: told.replaceAll('_', ' ') }
}
