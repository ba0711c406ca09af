/** Both sides' books of a month compared to the second. */
import fc from 'fast-check'
import {
  type OwnUse,
  reconcile,
  type StatedUse,
  type Statement,
  secondsIn,
  type Use,
} from '../../../../src/model/accounts'
import { HOUR_MS, useOf } from '../../../support/use'

const NOON = Date.UTC(2026, 10, 21, 12)
const SPAN = { from: Date.UTC(2026, 10, 1), until: Date.UTC(2026, 11, 1) }
const NOW = NOON + 10 * HOUR_MS
const TERMS = { span: SPAN, withinSeconds: 600 }

const use = (id: string, from: number, until: number | null, parts: Partial<Use> = {}): Use =>
  useOf({ id, name: `i-${id}`, offer: { type: 'nano', price: 36_000, currency: 'EUR' }, from, until, ...parts })
const own = (one: Use): OwnUse => ({ counted: one, told: one })
const stated = (
  order: string | null,
  from: number,
  until: number | null,
  parts: Partial<StatedUse> = {},
): StatedUse => ({
  ...{ order, name: `i-theirs-${order}`, type: 't2.nano', from, until, price: 36_000 },
  ...parts,
})
const statement = (...uses: readonly StatedUse[]): Statement => ({ at: NOW, currency: 'EUR', uses })

test('what agrees to the second agrees: nothing is taken over for a part of one', () => {
  const found = reconcile(
    [own(use('a', NOON + 400, NOON + HOUR_MS))],
    statement(stated('a', NOON, NOON + HOUR_MS)),
    TERMS,
  )
  expect(found).toEqual({ agreed: 1, seconds: 3600, taken: [], differences: [] })
})

test('ends that are a little apart are taken over, each by itself', () => {
  const ours = [use('a', NOON, NOON + HOUR_MS + 20_000), use('b', NOON, null)]
  const theirs = statement(stated('a', NOON + 3_000, NOON + HOUR_MS), stated('b', NOON, null))
  expect(reconcile(ours.map(own), theirs, TERMS)).toEqual({
    ...{ agreed: 2, seconds: 3597 + 10 * 3600, differences: [] },
    taken: [
      { use: ours[0], end: 'from', at: NOON + 3_000 },
      { use: ours[0], end: 'until', at: NOON + HOUR_MS },
    ],
  })
})

test('ends that are far apart, and all where nothing is to be taken over, are told with seconds and cost of both', () => {
  const ours = [own(use('a', NOON, NOON + HOUR_MS))]
  const theirs = statement(stated('a', NOON + 10_000, NOON + HOUR_MS))
  for (const withinSeconds of [0, 9])
    expect(reconcile(ours, theirs, { ...TERMS, withinSeconds })).toEqual({
      ...{ agreed: 0, seconds: 0, taken: [] },
      differences: [
        {
          ...{ machine: 'i-a', what: 'differs' },
          here: { seconds: 3600, cost: { amount: 36_000, currency: 'EUR' } },
          there: { seconds: 3590, cost: { amount: 35_900, currency: 'EUR' } },
        },
      ],
    })
})

test('what one side has nothing of, and what goes on at one side alone', () => {
  const ours = [use('mine', NOON, NOON + HOUR_MS), use('on', NOON, null), use('off', NOON, NOON + HOUR_MS)]
  const theirs = statement(
    stated(null, NOON, NOON + 5_000, { name: 'i-plain', price: null }),
    stated('on', NOON, NOON + HOUR_MS),
    stated('off', NOON, null),
  )
  const { differences, agreed } = reconcile(ours.map(own), theirs, TERMS)
  expect(agreed).toBe(0)
  expect(differences.map(({ machine, what, here, there }) => [machine, what, here.seconds, there.seconds])).toEqual([
    ['i-mine', 'only here', 3600, 0],
    ['i-on', 'goes on here', 36_000, 3600],
    ['i-off', 'goes on there', 3600, 36_000],
    ['i-plain', 'only there', 0, 5],
  ])
  expect(differences.at(-1)?.there.cost).toBeNull()
})

test('pieces that follow each other are one stay, on either side; a machine that came back has two', () => {
  const moved = NOON + HOUR_MS
  const again = NOON + 4 * HOUR_MS
  const ours = [use('a', NOON, moved + HOUR_MS), use('a', again, null)]
  const theirs = statement(
    stated('a', NOON + 1_000, moved),
    stated('a', moved, moved + HOUR_MS - 2_000),
    stated('a', again + 1_000, null),
  )
  const found = reconcile(ours.map(own), theirs, TERMS)
  expect(found.agreed).toBe(2)
  expect(found.taken.map(({ use: { from }, end, at }) => [from, end, at])).toEqual([
    [NOON, 'from', NOON + 1_000],
    [NOON, 'until', moved + HOUR_MS - 2_000],
    [again, 'from', again + 1_000],
  ])
})

test('of a machine that was there once too often the second one is told', () => {
  const theirs = statement(stated('a', NOON, null), stated('a', NOON + 2_000, NOON + 30_000, { name: 'i-second' }))
  const { differences } = reconcile([own(use('a', NOON, null))], theirs, TERMS)
  expect(differences).toMatchObject([{ machine: 'i-second', what: 'only there', there: { seconds: 28 } }])
})

test('of another month nothing is told', () => {
  const before = SPAN.from - HOUR_MS
  const found = reconcile([own(use('a', before - HOUR_MS, before))], statement(), TERMS)
  expect(found).toEqual({ agreed: 0, seconds: 0, taken: [], differences: [] })
})

const times = fc.record({ from: fc.nat(1000), length: fc.nat(5000), begins: fc.nat(500), ends: fc.nat(500) })

test('once their times are taken over, both books have the same seconds of every machine', () => {
  fc.assert(
    fc.property(fc.array(times, { maxLength: 20 }), (machines) => {
      const ours = machines.map(({ from, length }, nth) => {
        const begin = NOON + from * 1000 + 300
        return use(`m${nth}`, begin, begin + (600 + length) * 1000)
      })
      const theirs = statement(
        ...machines.map(({ begins, ends }, nth) => {
          const { from = 0, until } = ours[nth] ?? {}
          return stated(`m${nth}`, from + begins * 1000, (until ?? 0) - ends * 100)
        }),
      )
      const { taken, differences, agreed, seconds } = reconcile(ours.map(own), theirs, TERMS)
      expect([agreed, differences]).toEqual([machines.length, []])
      const told = ours.map((one): Use => {
        const times = taken.filter((time) => time.use === one)
        return { ...one, ...Object.fromEntries(times.map(({ end, at }) => [end, at])) }
      })
      const sum = (uses: readonly Pick<Use, 'from' | 'until'>[]) =>
        uses.reduce((all, one) => all + secondsIn(one, SPAN, NOW), 0)
      expect(sum(told)).toBe(sum(theirs.uses))
      expect(seconds).toBe(sum(theirs.uses))
      const again = reconcile(
        told.map((one, nth) => ({ counted: ours[nth] ?? one, told: one })),
        theirs,
        {
          ...TERMS,
          withinSeconds: 0,
        },
      )
      expect([again.agreed, again.taken]).toEqual([machines.length, []])
    }),
  )
})
