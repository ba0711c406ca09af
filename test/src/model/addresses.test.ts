import fc from 'fast-check'
import { formatIpv4, isHostOf, leasable, parseCidr, parseIpv4 } from '../../../src/model/addresses'

it('addresses are numbers and back', () => {
  fc.assert(fc.property(fc.integer({ min: 0, max: 2 ** 32 - 1 }), (number) => parseIpv4(formatIpv4(number)) === number))
  expect(formatIpv4(0)).toBe('0.0.0.0')
  expect(parseIpv4('255.255.255.255')).toBe(2 ** 32 - 1)
})

it.each(['', '10.0.0', '10.0.0.256', '10.0.0.0/16', 'a.b.c.d', '1.2.3.4.5', '10.0.0.01', '010.0.0.1'])(
  '%j is no address',
  (text) => {
    expect(parseIpv4(text)).toBeUndefined()
  },
)

it('leases everything but network, gateway and broadcast', () => {
  const range = leasable('10.0.0.0/29', '10.0.0.1')
  expect(range?.count).toBe(5)
  expect(Array.from({ length: 7 }, (_, index) => range?.at(index))).toEqual([
    '10.0.0.2',
    '10.0.0.3',
    '10.0.0.4',
    '10.0.0.5',
    '10.0.0.6',
    '10.0.0.2',
    '10.0.0.3',
  ])
})

it('steps over a gateway in the middle, and ignores one outside', () => {
  const middle = leasable('192.168.1.8/29', '192.168.1.11')
  expect(Array.from({ length: middle?.count ?? 0 }, (_, index) => middle?.at(index))).toEqual(
    [9, 10, 12, 13, 14].map((last) => `192.168.1.${last}`),
  )
  expect(leasable('192.168.1.8/29', '10.0.0.1')?.count).toBe(6)
})

it('gives each address once in a round, all inside, whatever the range', () => {
  const range = fc.tuple(fc.integer({ min: 22, max: 30 }), fc.integer({ min: 0, max: 2 ** 32 - 1 }), fc.nat(1023))
  fc.assert(
    fc.property(range, ([bits, start, door]) => {
      const size = 2 ** (32 - bits)
      const base = start - (start % size)
      const gateway = formatIpv4(base + (door % size))
      const found = leasable(`${formatIpv4(start)}/${bits}`, gateway)
      if (!found) return false
      const all = Array.from({ length: found.count }, (_, index) => found.at(index))
      const inside = all.every((address) => {
        const number = parseIpv4(address) ?? -1
        return number > base && number < base + size - 1 && address !== gateway
      })
      return inside && new Set(all).size === all.length
    }),
    { numRuns: 60 },
  )
})

it.each([
  ['10.0.0.0/31', '10.0.0.1'],
  ['10.0.0.0/7', '10.0.0.1'],
  ['10.0.0.0', '10.0.0.1'],
  ['10.0.0.0/x', '10.0.0.1'],
  ['10.0.0.0/16', 'door'],
])('%s with gateway %s cannot be leased from', (cidr, gateway) => {
  expect(leasable(cidr, gateway)).toBeUndefined()
})

describe('a part of the range', () => {
  const part = { first: '10.0.0.10', last: '10.0.0.13' }
  it('is all that is leased from', () => {
    const range = leasable('10.0.0.0/24', '10.0.0.1', part)
    expect(Array.from({ length: 5 }, (_, index) => range?.at(index))).toEqual(
      [10, 11, 12, 13, 10].map((last) => `10.0.0.${last}`),
    )
    expect(leasable('10.0.0.0/24', '10.0.0.11', part)?.count).toBe(3)
    expect(leasable('10.0.0.0/24', '', part)?.count).toBe(4)
  })
  it.each([
    ['outside', { first: '10.0.1.10', last: '10.0.1.20' }],
    ['the other way round', { first: '10.0.0.20', last: '10.0.0.10' }],
    ['up to the broadcast address', { first: '10.0.0.10', last: '10.0.0.255' }],
    ['from the network itself', { first: '10.0.0.0', last: '10.0.0.10' }],
    ['of no addresses', { first: 'x', last: '10.0.0.10' }],
    ['of the gateway alone', { first: '10.0.0.1', last: '10.0.0.1' }],
  ])('%s cannot be leased from', (_what, range) => {
    expect(leasable('10.0.0.0/24', '10.0.0.1', range)).toBeUndefined()
  })
  it('gives each of its addresses once in a round, never the gateway', () => {
    const base = parseIpv4('10.0.0.0') ?? 0
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 254 }), fc.integer({ min: 1, max: 254 }), fc.nat(255), (a, b, door) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)]
        const range = { first: formatIpv4(base + low), last: formatIpv4(base + high) }
        const gateway = formatIpv4(base + door)
        const found = leasable('10.0.0.0/24', gateway, range)
        const all = Array.from({ length: found?.count ?? 0 }, (_, index) => found?.at(index))
        const expected = Array.from({ length: high - low + 1 }, (_, index) => formatIpv4(base + low + index))
        expect(all).toEqual(expected.filter((address) => address !== gateway))
      }),
    )
  })
})

it('a range begins where its prefix says, and its hosts are all but two', () => {
  expect(parseCidr('10.1.2.3/16')).toEqual({ base: parseIpv4('10.1.0.0'), size: 65536 })
  for (const wrong of ['10.0.0.0', '10.0.0.0/7', '10.0.0.0/31', '10.0.0.0/16/1', 'x/16', '10.0.0.0/+16'])
    expect(parseCidr(wrong)).toBeUndefined()
  const block = parseCidr('10.0.0.0/30') ?? { base: 0, size: 0 }
  expect([0, 1, 2, 3, 4].map((index) => isHostOf(block, block.base + index))).toEqual([false, true, true, false, false])
})
