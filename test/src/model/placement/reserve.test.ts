import fc from 'fast-check'
import {
  type ClaimedHost,
  hostViews,
  isOverbooked,
  type ReserveAsk,
  reserve,
  withClaim,
} from '../../../../src/model/placement'
import { at, claimedHost, firm, reserved, SMALL, yielding } from '../../../support/reserved-hosts'

const ask = (parts: Partial<ReserveAsk> = {}): ReserveAsk => ({
  size: SMALL,
  count: 1,
  zone: 'local-1a',
  from: at(0),
  until: null,
  ...parts,
})
const shares = (asked: ReserveAsk, hosts: readonly ClaimedHost[], now = at(0)) => {
  const decided = reserve(asked, hosts, now)
  return decided.state === 'held' ? decided.hosts.map(({ host, slots }) => `${host}:${slots}`) : decided
}

test('the fewest hosts hold it, lowest id on ties', () => {
  const hosts = [claimedHost('b'), claimedHost('a'), claimedHost('c', { m: firm() })]
  expect(shares(ask({ count: 3 }), hosts)).toEqual(['a:3'])
  expect(shares(ask({ count: 9 }), hosts)).toEqual(['a:4', 'b:4', 'c:1'])
})

test('only hosts of its zone that serve', () => {
  const off = claimedHost('a')
  const hosts = [
    { ...off, record: { ...off.record, wish: { ...off.record.wish, enabled: false } } },
    claimedHost('b', {}, { zone: 'local-1b' }),
  ]
  expect(shares(ask(), hosts)).toEqual({
    state: 'refused',
    room: 0,
    wouldFit: 'it fits when a host of local-1a answers and is enabled',
  })
})

test('L5: two reservations that overlap share what there is; what does not fit is refused and says what would', () => {
  const hosts = [claimedHost('a', { r: reserved('r', 3, at(15), at(16)) })]
  const during = { from: at(15.5), until: at(15.75) }
  expect(shares(ask({ count: 2, ...during }), hosts)).toEqual({
    state: 'refused',
    room: 1,
    wouldFit: '1 place would fit; all of it would fit from 2027-01-16T00:00:00Z on',
  })
  expect(shares(ask({ count: 1, ...during }), hosts)).toEqual(['a:1'])
  expect(shares(ask({ count: 4, from: at(16), until: at(17) }), hosts)).toEqual(['a:4'])
})

test('an earlier one that lasts into a later one counts there too', () => {
  const hosts = [claimedHost('a', { r: reserved('r', 3, at(5), at(6)) })]
  expect(shares(ask({ count: 4, until: at(5) }), hosts)).toEqual(['a:4'])
  expect(shares(ask({ count: 4, until: at(5.5) }), hosts)).toMatchObject({ state: 'refused', room: 1 })
})

test('machines that give way are left alone while there is room beside them', () => {
  const hosts = [claimedHost('a', { m: yielding(), n: yielding(), o: yielding() }), claimedHost('b', { m: firm() })]
  expect(shares(ask({ count: 3 }), hosts)).toEqual(['b:3'])
  expect(shares(ask({ count: 5 }), hosts)).toEqual(['b:3', 'a:2'])
  expect(shares(ask({ count: 7 }), hosts)).toEqual(['b:3', 'a:4'])
  expect(shares(ask({ count: 8 }), hosts)).toMatchObject({ state: 'refused', room: 7 })
})

test('disks of those that give way stay where they are', () => {
  const disk = { ...SMALL, diskGiB: 100 }
  expect(shares(ask(), [claimedHost('a', { m: yielding(disk) })])).toMatchObject({ state: 'refused', room: 0 })
})

const anyAsk = fc.record({
  count: fc.integer({ min: 1, max: 6 }),
  from: fc.nat(20).map(at),
  hours: fc.option(fc.integer({ min: 1, max: 10 })),
})

test('whatever is accepted in whatever order, nothing is promised twice at any time', () => {
  fc.assert(
    fc.property(fc.array(anyAsk, { maxLength: 12 }), (asks) => {
      let hosts: readonly ClaimedHost[] = [claimedHost('a', { m: firm() }), claimedHost('b', { y: yielding() })]
      asks.forEach(({ count, from, hours }, index) => {
        const until = hours === null ? null : from + hours * 3_600_000
        const decided = reserve(ask({ count, from, until }), hosts, at(0))
        if (decided.state === 'refused') return
        for (const { host, slots } of decided.hosts)
          hosts = withClaim(hosts, host, `r${index}`, reserved(`r${index}`, slots, from, until))
      })
      const views = hostViews(hosts, at(0))
      return hosts.every(({ claims }, index) => !isOverbooked(views[index]?.usable ?? SMALL, claims, at(0)))
    }),
  )
})
