import { costOfMachine, hourAt, hourHere, NO_PRICES, type PriceBook, priced } from '../../../../src/model/accounts'

const BOOK: PriceBook = {
  ...NO_PRICES,
  currency: 'EUR',
  types: { 't2.nano': 5_800 },
  core: 20_000,
  memoryGiB: 4_000,
  diskGiB: 110,
}
const nano = { type: 't2.nano', cores: 1, memoryMiB: 512, diskGiB: 8 }

test('a machine here: its type and its disk', () => {
  expect(hourHere(BOOK, nano)).toBe(5_800 + 8 * 110)
  expect(hourHere({ ...BOOK, diskGiB: null }, nano)).toBe(5_800)
})

test('one whose type has no price, or that has none: its cores and its memory', () => {
  expect(hourHere(BOOK, { ...nano, type: '', cores: 4, memoryMiB: 2048 })).toBe(4 * 20_000 + 2 * 4_000 + 880)
  expect(hourHere({ ...BOOK, memoryGiB: null }, { ...nano, type: 'm1.huge', diskGiB: 0 })).toBe(20_000)
})

test('where nothing is said nothing is made up, and a type called like a part of every object is none', () => {
  expect(hourHere(NO_PRICES, nano)).toBeNull()
  expect(costOfMachine(NO_PRICES, nano, 3600)).toBeNull()
  expect(hourHere({ ...NO_PRICES, diskGiB: 10 }, { ...nano, type: 'constructor' })).toBe(80)
  expect(hourHere({ ...NO_PRICES, types: { free: 0 } }, { ...nano, type: 'free' })).toBe(0)
})

test('at a provider: its type, the disk, the address; the price of the moment in which it was placed counts', () => {
  expect(hourAt({ price: 22_800 }, 8)).toBe(22_800)
  expect(hourAt({ price: 22_800 }, 8, { diskGiB: 100, address: 5_000, trafficGiB: 90_000 })).toBe(28_600)
  const offer = { type: 't3.small', price: 28_600, currency: 'USD' }
  expect(costOfMachine(BOOK, { ...nano, offer }, 1800)).toEqual({ amount: 14_300, currency: 'USD' })
})

test('so many hours of it', () => {
  expect(costOfMachine(BOOK, nano, 3600 * 24)).toEqual({ amount: 24 * 6_680, currency: 'EUR' })
  expect(priced(BOOK, null, 5)).toBeNull()
  expect(priced(BOOK, 3, 0.5)).toEqual({ amount: 2, currency: 'EUR' })
})
