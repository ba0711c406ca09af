/** Single uses in pages, from lists that grow while they are read. */
import { keyOfUse, type Use } from '../../../src/model/accounts'
import { type UsesPage, usesPage } from '../../../src/store/single-uses'
import { HOUR_MS, useOf } from '../../support/use'

const NOON = Date.UTC(2026, 10, 21, 12)
const MONTH = '2026-11'
const ended = (nth: number, parts: Partial<Use> = {}): Use =>
  useOf({ id: `e${nth}`, from: NOON + nth, until: NOON + HOUR_MS, ...parts })
const open = (nth: number): Use => useOf({ id: `o${nth}`, from: NOON + nth, until: null })

function lists(months: Record<string, Use[]>) {
  const used = async (month: string, after: number, limit: number) => (months[month] ?? []).slice(after, after + limit)
  const settled = { revision: async () => 0, told: async (uses: readonly Use[]) => uses, keep: async () => undefined }
  return { used, settled }
}

/** All pages; `between` may change the world after each of them. */
async function pages(
  store: ReturnType<typeof lists>,
  goesOn: () => readonly Use[],
  more: { limit: number; isAsked?: (use: Use) => boolean },
  between: (nth: number) => void = () => undefined,
): Promise<readonly UsesPage[]> {
  const all: UsesPage[] = []
  for (let after: string | null | undefined; after !== null; after = all.at(-1)?.next ?? null) {
    const asked = { month: MONTH, ...more, ...(after === undefined ? {} : { after }) }
    all.push(await usesPage(store, asked, goesOn(), NOON + 2 * HOUR_MS))
    between(all.length)
  }
  return all
}
const told = (all: readonly UsesPage[]) => all.flatMap(({ uses }) => uses.map(({ id }) => id))

test.each([1, 2, 3, 7, 100])('in pages of %i each is told once, ended ones first', async (limit) => {
  const store = lists({ [MONTH]: [1, 2, 3, 4].map((nth) => ended(nth)) })
  const all = await pages(store, () => [open(2), open(1)], { limit })
  expect(told(all)).toEqual(['e1', 'e2', 'e3', 'e4', 'o1', 'o2'])
  expect(Math.max(...all.map(({ uses }) => uses.length))).toBeLessThanOrEqual(limit)
})

test('what ended in a later month is found by its list, what ended before or began after is none of it', async () => {
  const later = Date.UTC(2026, 11, 1)
  const store = lists({
    [MONTH]: [ended(1), useOf({ id: 'old', from: 0, until: 1 })],
    '2026-12': [ended(2, { until: later + 1 }), ended(3, { from: later, until: later + 1 })],
  })
  const { uses, next } = await usesPage(store, { month: MONTH }, [], later + HOUR_MS)
  expect([uses.map(({ id }) => id), next]).toEqual([['e1', 'e2'], null])
})

test('what ends between two pages is not lost: told as ended, also where it was told as going on before', async () => {
  const list = [ended(1)]
  const store = lists({ [MONTH]: list })
  let goesOn = [open(1), open(2), open(3)]
  const all = await pages(
    store,
    () => goesOn,
    { limit: 2 },
    (nth) => {
      if (nth !== 1) return
      // One that was told, and one that was not.
      for (const id of ['o1', 'o3']) {
        const use = goesOn.find((one) => one.id === id)
        if (use) list.push({ ...use, until: NOON + HOUR_MS })
      }
      goesOn = goesOn.filter(({ id }) => id === 'o2')
    },
  )
  expect(told(all)).toEqual(['e1', 'o1', 'o1', 'o3', 'o2'])
  const last = new Map(all.flatMap(({ uses }) => uses.map((use) => [keyOfUse(use), use.until])))
  expect([...last.values()].filter((until) => until === null)).toHaveLength(1)
})

test('what nobody asked for is passed over, and a page that is empty by it is not the last', async () => {
  const store = lists({ [MONTH]: Array.from({ length: 45_000 }, (_, nth) => ended(nth)) })
  const all = await pages(store, () => [open(1)], {
    limit: 50_000,
    isAsked: ({ id }) => id === 'e44999' || id === 'o1',
  })
  expect(told(all)).toEqual(['e44999', 'o1'])
  expect(all.map(({ uses }) => uses.length)).toEqual([0, 0, 2])
})

test.each(['x', '2026-11', '2026-12.0.', '2026-11.-1.', '2026-11.1.a b'])('%j is no cursor', async (after) => {
  const asked = usesPage(lists({}), { month: MONTH, after }, [], NOON)
  await expect(asked).rejects.toMatchObject({ kind: 'invalid', detail: { field: 'after' } })
})
