import {
  NO_PRICES,
  type PriceBook,
  rated,
  ratesWith,
  type Tally,
  tallied,
  totals,
} from '../../../../src/model/accounts'
import type { HostId } from '../../../../src/model/ids'
import { providerRecord } from '../../../support/provider-record'
import { HOUR_MS, useOf } from '../../../support/use'

const SPAN = { from: 0, until: 100 * HOUR_MS }
const NONE: Tally = new Map()
const NOW = 50 * HOUR_MS
const BOOK: PriceBook = { ...NO_PRICES, types: { 't2.nano': 6_000 }, diskGiB: 100, address: 5_000, trafficGiB: 90_000 }
const rates = ratesWith(BOOK, [])
const tally = (...uses: Parameters<typeof tallied>[1]) => tallied(NONE, uses, SPAN, NOW)

test('what is alike is one line, however many machines it was; what differs is another', () => {
  const lines = tally(
    useOf(),
    useOf({ id: 'b', until: 3 * HOUR_MS }),
    useOf({ id: 'c', cores: 2 }),
    useOf({ project: 'other' }),
  )
  expect([...lines.values()].map(({ project, cores, seconds }) => [project === 'other', cores, seconds])).toEqual([
    [false, 1, 4 * 3600],
    [false, 2, 3600],
    [true, 1, 3600],
  ])
})

test('adding up in parts is adding up at once, and what goes on counts to now', () => {
  const [one, two] = [useOf(), useOf({ id: 'b', from: HOUR_MS, until: null })]
  const parts = tallied(tallied(NONE, [one], SPAN, NOW), [two], SPAN, NOW)
  expect([...parts]).toEqual([...tally(one, two)])
  expect([...parts.values()][0]?.seconds).toBe(50 * 3600)
})

test('at a provider volumes and addresses cost what was agreed on there, in its currency', () => {
  const there = { host: 'h' as HostId, hostName: 'cloud', type: '', cores: 0, memoryMiB: 0, diskGiB: 0 }
  const lines = rated(
    tally(
      useOf({ ...there, kind: 'volume', diskGiB: 20, offer: { type: 'gp2', price: 2_500, currency: 'EUR' } }),
      useOf({ ...there, kind: 'address', offer: { type: 'address', price: 7_000, currency: 'EUR' } }),
    ),
    [],
    rates,
  )
  expect(
    lines.map(({ kind, where, offer, hours, gibHours, cost }) => [kind, where, offer, hours, gibHours, cost]),
  ).toEqual([
    ['address', 'provider', 'address', 1, 0, { amount: 7_000, currency: 'EUR' }],
    ['volume', 'provider', 'gp2', 0, 20, { amount: 2_500, currency: 'EUR' }],
  ])
})

test('hours, GiB-hours and what they cost: machines, volumes, addresses', () => {
  const lines = rated(
    tally(
      useOf({ until: 2 * HOUR_MS }),
      useOf({ kind: 'volume', id: 'v', type: '', cores: 0, diskGiB: 20, host: null, hostName: null }),
      useOf({ kind: 'address', id: 'a', type: '', cores: 0, diskGiB: 0, host: null, hostName: null }),
    ),
    [],
    rates,
  )
  const told = Object.fromEntries(
    lines.map(({ kind, hours, gibHours, cost }) => [kind, [hours, gibHours, cost?.amount]]),
  )
  expect(told).toEqual({
    machine: [2, 16, 2 * 6_000 + 16 * 100],
    volume: [0, 20, 2_000],
    address: [1, 0, 5_000],
  })
  expect(totals(lines)).toEqual({ USD: 13_600 + 2_000 + 5_000 })
})

test('at a provider: by the price of its placement, in its currency; sums of two currencies are two', () => {
  const offer = { type: 'small', price: 40_000, currency: 'EUR' }
  const lines = rated(tally(useOf({ id: 'p', offer }), useOf()), [], rates)
  expect(lines.map(({ where, offer: theirs, cost }) => [where, theirs, cost])).toEqual([
    ['here', '', { amount: 6_800, currency: 'USD' }],
    ['provider', 'small', { amount: 40_000, currency: 'EUR' }],
  ])
  expect(totals(lines)).toEqual({ USD: 6_800, EUR: 40_000 })
})

test('snapshots: by the hour of a GiB; a book of an older release has no price of them', () => {
  const used = tally(useOf({ kind: 'snapshot', host: null, hostName: null, type: '', diskGiB: 30 }))
  const { snapshotGiB: _none, ...older } = NO_PRICES
  const costs = [{ ...NO_PRICES, snapshotGiB: 50 }, older].map((book) => {
    const [line] = rated(used, [], ratesWith(book, []))
    return [line?.hours, line?.gibHours, line?.cost?.amount]
  })
  expect(costs).toEqual([
    [0, 30, 1_500],
    [0, 30, undefined],
  ])
})

test('without a price there are hours and no amount', () => {
  const [line] = rated(tally(useOf()), [], ratesWith(NO_PRICES, []))
  expect(line).toMatchObject({ hours: 1, cost: null })
  expect(totals(line ? [line] : [])).toEqual({})
})

test('traffic: what was sent, by the prices of where it was', () => {
  const provider = providerRecord('9', { prices: { trafficGiB: 10_000 } })
  const flow = { project: 'p', host: 'h1', sentBytes: 2 * 1024 ** 3, receivedBytes: 9e9 }
  const lines = rated(NONE, [flow, { ...flow, host: provider.id }], ratesWith(BOOK, [provider]))
  expect(lines.map(({ kind, where, hostName, gib, cost }) => [kind, where, hostName, gib, cost])).toEqual([
    ['traffic', 'here', null, 2, { amount: 180_000, currency: 'USD' }],
    ['traffic', 'provider', provider.wish.name, 2, { amount: 20_000, currency: 'EUR' }],
  ])
  const free = providerRecord('8')
  expect(rated(NONE, [{ ...flow, host: free.id as HostId }], ratesWith(BOOK, [free]))[0]?.cost).toBeNull()
})
