/** Where machines would go, and what they would cost there, by the code that places them. */
import { NO_PRICES, type PriceBook } from '../../../../src/model/accounts'
import type { ImageId, ProjectId } from '../../../../src/model/ids'
import { demandOf, hostViews } from '../../../../src/model/placement'
import type { ComputeRecord, HostRecord, ProjectRecord, QuoteAsk } from '../../../../src/model/records'
import { answerQuote, demandsOf } from '../../../../workers/reconcile/studies/answer-quote'
import { computeRecord } from '../../../support/compute-record'
import { hostRecord, sizeOf } from '../../../support/host-record'
import { providerRecord, THEIR_IMAGE, typeOf } from '../../../support/provider-record'

const local = (id: string, cores: number): HostRecord =>
  hostRecord(id, { seen: { capacity: { cpuHundredths: cores * 100, memoryMiB: cores * 4096, diskGiB: 1000 } } })
const SIZE = { ...sizeOf(1, 1024, 10), type: 't2.micro' }
const BOOK: PriceBook = { ...NO_PRICES, currency: 'EUR', types: { 't2.micro': 10_000 }, diskGiB: 100 }
const small = (price: number, count: number | null = null) => [typeOf('small', 1, 2, price, count)]

interface Ground {
  readonly ask?: Partial<QuoteAsk>
  readonly waiting?: readonly ComputeRecord[]
  readonly project?: Partial<ProjectRecord['wish']>
  readonly prices?: PriceBook
}

function quote(hosts: readonly HostRecord[], { ask: parts, waiting = [], project, prices = BOOK }: Ground = {}) {
  const ask: QuoteAsk = {
    ...{ kind: 'quote', count: 4, hours: 10, project: 'p1' as ProjectId, image: THEIR_IMAGE as ImageId },
    ...{ size: SIZE, zone: null, placement: null },
    ...parts,
  }
  const site = {
    ...{ hosts, placed: [], held: [], groups: { records: new Map(), revisions: new Map() }, now: 1 },
    views: hostViews(
      hosts.map((record) => ({ record, claims: [] })),
      1,
    ),
    waiting: waiting.map((record) => ({ record, demand: demandOf(record, 1) })),
    bursts: () => ({}),
    ...{ reservations: [], records: new Map(), backfilling: { kind: 'aggressive' } as const },
    placement: undefined,
  }
  const owner = project === undefined ? undefined : ({ wish: project } as ProjectRecord)
  return answerQuote(site, ask, { project: owner, prices, demands: demandsOf(ask, undefined) })
}

test('local hosts first, at the prices of the site with the disk; the rest at the cheapest provider, in its currency', () => {
  const dear = providerRecord('8', { types: small(90_000), currency: 'USD' })
  const cheap = providerRecord('9', {
    types: small(40_000, 1),
    currency: 'GBP',
    prices: { diskGiB: 200, address: 1_000 },
  })
  const answer = quote([local('1', 2), dear, cheap])
  expect(answer.parts).toEqual([
    {
      ...{ host: 'host-1', where: 'here', offer: null, count: 2 },
      ...{ hour: { amount: 11_000, currency: 'EUR' }, cost: { amount: 220_000, currency: 'EUR' } },
    },
    {
      ...{ host: 'provider-9', where: 'provider', offer: 'small', count: 1 },
      ...{ hour: { amount: 43_000, currency: 'GBP' }, cost: { amount: 430_000, currency: 'GBP' } },
    },
    {
      ...{ host: 'provider-8', where: 'provider', offer: 'small', count: 1 },
      ...{ hour: { amount: 90_000, currency: 'USD' }, cost: { amount: 900_000, currency: 'USD' } },
    },
  ])
  expect(answer).toMatchObject({ left: [], totals: { EUR: 220_000, GBP: 430_000, USD: 900_000 } })
})

test('who would wait is told with the reason, and costs nothing', () => {
  const answer = quote([local('1', 3)])
  expect(answer.parts).toMatchObject([{ host: 'host-1', count: 3 }])
  expect(answer.left).toEqual([{ count: 1, because: 'not enough CPU (1 host)' }])
  expect(quote([]).left).toEqual([{ count: 4, because: 'there is no host' }])
})

test('a project that is kept at home is quoted at home, an image that a provider lacks goes to none', () => {
  const provider = providerRecord('9', { types: small(40_000) })
  expect(quote([provider]).parts).toMatchObject([{ host: 'provider-9', count: 4 }])
  expect(quote([provider], { project: { bursts: 'never' } }).parts).toEqual([])
  expect(quote([provider], { ask: { image: 'another' as ImageId } }).parts).toEqual([])
})

test('a project whose data may lie in some regions only is quoted no provider elsewhere', () => {
  const there = providerRecord('8', { types: small(90_000), region: 'eu-west-1' })
  const elsewhere = providerRecord('9', { types: small(40_000), region: 'us-east-1' })
  expect(quote([there, elsewhere], { project: { regions: ['eu-west-1'] } }).parts).toMatchObject([
    { host: 'provider-8', count: 4 },
  ])
})

test('a budget counts as it does for an order: only so many are paid for to the end of the month', () => {
  const provider = providerRecord('9', { types: small(40_000), budget: 2 * 40_000 * 24 * 31 })
  const { parts, left } = quote([provider])
  expect(parts).toMatchObject([{ count: 2 }])
  expect(left).toMatchObject([{ count: 2, because: 'the budget is used up (1 host)' }])
})

test('whoever waits already has its turn before', () => {
  const before = computeRecord({ wish: { size: sizeOf(1, 1024) } })
  expect(quote([local('1', 2)], { waiting: [before] }).parts).toMatchObject([{ count: 1 }])
})

test('leases that wait are planned as leases: those of a group begin together or not at all', () => {
  const leased = (at: number, lease: ComputeRecord['wish']['lease']) =>
    computeRecord({ id: `c${at}`, wish: { ...(lease ? { lease } : {}), size: sizeOf(1, 1024), createdAt: at } })
  const together = { group: { name: 'three', members: 3 }, seconds: 3600 }
  const three = [1, 2, 3].map((at) => leased(at, together))
  expect(quote([local('1', 2)], { waiting: three }).parts).toMatchObject([{ count: 2 }])
  expect(quote([local('1', 2)], { waiting: [leased(1, { seconds: 3600 })] }).parts).toMatchObject([{ count: 1 }])
})

test('what its type asks of hosts is asked, and a zone is', () => {
  const placement = { requirements: 'NAME = "host-2"' }
  expect(quote([local('1', 9), local('2', 9)], { ask: { placement } }).parts).toMatchObject([
    { host: 'host-2', count: 4 },
  ])
  expect(quote([local('1', 9)], { ask: { zone: 'elsewhere' } }).parts).toEqual([])
})

test('without prices it says where, and no amount', () => {
  const { parts, totals } = quote([local('1', 9)], { prices: NO_PRICES })
  expect(parts).toMatchObject([{ count: 4, hour: null, cost: null }])
  expect(totals).toEqual({})
})
