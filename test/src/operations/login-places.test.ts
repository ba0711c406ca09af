import type { Fault } from '../../../src/faults'
import { type LoginPlaces, openLoginPlaces } from '../../../src/operations/identify/login-places'

let now = 1_000_000
let places: LoginPlaces
beforeEach(() => {
  places = openLoginPlaces({ now: () => now })
})

const take = (address: string, count: number) => Array.from({ length: count }, () => places.take(address))
const refusal = (address: string): Fault['kind'] | undefined => {
  try {
    places.take(address)('right')
  } catch (thrown) {
    return (thrown as Fault).kind
  }
  return undefined
}

test('one address has its places, and others theirs beside it', () => {
  const taken = take('192.0.2.1', 16)
  expect([refusal('192.0.2.1'), refusal('192.0.2.2')]).toEqual(['throttled', undefined])
  taken[0]?.('right')
  expect(refusal('192.0.2.1')).toBeUndefined()
})

test('a wrong one keeps its place for a second, also of an address that has no other', () => {
  for (const tell of take('192.0.2.1', 16)) tell('wrong')
  expect([refusal('192.0.2.1'), refusal('192.0.2.2')]).toEqual(['throttled', undefined])
  now += 999
  expect(refusal('192.0.2.1')).toBe('throttled')
  now += 1
  expect(refusal('192.0.2.1')).toBeUndefined()
})

test('what waits out its second takes none of the places that all have together', () => {
  for (let address = 0; address < 8; address++) for (const tell of take(`192.0.2.${address}`, 16)) tell('wrong')
  expect(refusal('198.51.100.1')).toBeUndefined()
  for (let address = 0; address < 4; address++) take(`203.0.113.${address}`, 16)
  expect(refusal('198.51.100.1')).toBe('unavailable')
})

test('a clock that is put back keeps nobody out', () => {
  for (const tell of take('192.0.2.1', 16)) tell('wrong')
  now -= 3_600_000
  expect(refusal('192.0.2.1')).toBeUndefined()
})

test.each([
  ['2001:db8::1', '2001:db8:0:0:ffff::9', 'throttled'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::', 'throttled'],
  ['2001:db8:0:1::1', '2001:db8:0:2::1', undefined],
  ['::1', '2001:db8::1', undefined],
  ['::ffff:192.0.2.1', '::ffff:192.0.2.2', undefined],
])('of IPv6 the network counts: %s and %s', (one, other, expected) => {
  take(one, 16)
  expect(refusal(other)).toBe(expected)
})
