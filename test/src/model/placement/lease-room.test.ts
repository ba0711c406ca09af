/** Whether a lease that is ordered has room over its time: refused with when and what would fit. */
import { type HostClaim, hostViews, type LeaseAsk, leaseRoom, leftFor, othersOn } from '../../../../src/model/placement'
import type { ComputeRecord, LeaseWish } from '../../../../src/model/records'
import { computeRecord } from '../../../support/compute-record'
import { at, claimedHost, firm, reserved, SMALL, yielding } from '../../../support/reserved-hosts'

const HOUR_SECONDS = 3600
const serving = (...hosts: readonly ReturnType<typeof claimedHost>[]) =>
  hostViews(hosts, at(0)).map((view, index) => ({ view, claims: hosts[index]?.claims ?? [] }))
const room = (lease: LeaseWish, hosts: ReturnType<typeof serving>, more: Partial<LeaseAsk> = {}) =>
  leaseRoom({ size: SMALL, count: 1, lease, ...more }, hosts, at(0))
const four = { ...SMALL, cores: 4, cpuHundredths: 400 }
const FITS = { state: 'fits' }
const USABLE = { cpuHundredths: 400, memoryMiB: 16_384, diskGiB: 100 }

test('L5: a start in what is reserved is refused with the time from which it would fit', () => {
  const hosts = serving(claimedHost('a', { r: reserved('r', 3, at(15), at(16)) }))
  const lease = { start: at(15.5), seconds: HOUR_SECONDS / 4 }
  expect(room(lease, hosts)).toEqual(FITS)
  expect(room(lease, hosts, { count: 2 })).toEqual({
    state: 'refused',
    when: 'from 2027-01-15T23:30:00Z to 2027-01-15T23:45:00Z',
    room: 1,
    wouldFit: '1 of the 2 would fit; all of them would fit from 2027-01-16T00:01:00Z on',
  })
})

test('a start without an end asks for its place for ever', () => {
  const hosts = serving(claimedHost('a', { r: reserved('r', 4, at(20)) }))
  expect(room({ start: at(1) }, hosts)).toMatchObject({
    state: 'refused',
    when: 'from 2027-01-15T09:00:00Z on',
    wouldFit: '',
  })
  expect(room({ start: at(1), seconds: HOUR_SECONDS }, hosts)).toEqual(FITS)
})

test('machines of a group are counted over all hosts, and one host alone holds as many as fit all the while', () => {
  const hosts = serving(claimedHost('a', { r: reserved('r', 2, at(1), at(2)) }), claimedHost('b', { m: firm() }))
  const lease = { start: at(1), seconds: HOUR_SECONDS }
  expect(room(lease, hosts, { count: 5 })).toEqual(FITS)
  expect(room(lease, hosts, { count: 6 })).toMatchObject({ state: 'refused', room: 5 })
})

test('now is now: with a whole stretch, or as long as it lasts for one that gives way', () => {
  const hosts = serving(claimedHost('a', { r: reserved('r', 4, at(0.5), at(1)) }))
  const lease = { start: 'now', seconds: HOUR_SECONDS } as const
  expect(room(lease, hosts)).toMatchObject({
    when: 'now',
    wouldFit: 'it would fit from 2027-01-15T09:01:00Z on',
  })
  expect(room({ ...lease, preemptible: true }, hosts)).toEqual(FITS)
})

test('L9: a deadline is met in one stretch, or by one that gives way in several, the time for saving counted', () => {
  const hosts = serving(claimedHost('a', { r: reserved('r', 4, at(1), at(4)) }))
  const lease = { seconds: 2 * HOUR_SECONDS, deadline: at(5) }
  expect(room(lease, hosts)).toEqual({
    state: 'refused',
    when: 'for so long before 2027-01-15T13:00:00Z',
    room: 0,
    wouldFit: 'it could be done by 2027-01-15T14:01:30Z',
  })
  expect(room({ ...lease, deadline: at(6) + 90_000 }, hosts)).toEqual(FITS)
  // An hour before, less its boot and 34 s of saving; 34 s to bring it back, the rest, and its shutdown.
  const preemptible = { ...lease, preemptible: true } as const
  const least = at(5) + 1000 * (60 + 34 + 34 + 30)
  expect(room({ ...preemptible, deadline: least }, hosts)).toEqual(FITS)
  expect(room({ ...preemptible, deadline: least - 1000 }, hosts)).toMatchObject({ state: 'refused' })
})

test('a gap that is hardly worth it is none', () => {
  const hosts = serving(claimedHost('a', { r: reserved('r', 4, at(0) + 180_000, at(4)) }))
  const lease = { seconds: 600, deadline: at(4) + 640_000, preemptible: true } as const
  expect(room(lease, hosts)).toMatchObject({ state: 'refused' })
  expect(room({ ...lease, deadline: at(4) + 690_000 }, hosts)).toEqual(FITS)
})

test('what has neither a start nor a deadline waits, and is refused by nobody', () => {
  expect(room({ seconds: HOUR_SECONDS }, serving(claimedHost('a', { m: firm(four) })))).toEqual(FITS)
})

const since = (createdAt: number, more: Parameters<typeof computeRecord>[0] = {}) =>
  computeRecord({ ...more, wish: { createdAt, ...more.wish } })
const left = (
  lease: LeaseWish,
  byId: Readonly<Record<string, HostClaim>>,
  others: ReadonlyMap<string, ComputeRecord>,
) => leftFor(lease, { ...claimedHost('a', byId), usable: USABLE }, others, at(0))

test('machines give way that can be saved in time and were not ordered long ago; nobody is asked for a place at once', () => {
  const day = 24
  const byId = { soft: yielding(), old: yielding(), large: yielding({ ...SMALL, memoryMiB: 8192 }), firm: firm() }
  const others = new Map([
    ['soft', since(at(-day))],
    ['large', since(at(-day))],
    ['old', since(at(-8 * day))],
  ])
  expect(othersOn(claimedHost('a', byId), at(0))).toEqual(['soft', 'old', 'large'])
  const giving = (lease: LeaseWish) => left(lease, byId, others).map(({ yields }) => yields === 0)
  expect(giving({ start: at(1) })).toEqual([true, false, true, false])
  expect(giving({ start: at(0) + 100_000 })).toEqual([true, false, false, false])
  expect(giving({ seconds: 60, deadline: at(1) })).toEqual([true, false, true, false])
  expect(left({ start: 'now' }, byId, others)).toEqual(Object.values(byId))
  expect(room({ start: 'now' }, serving(claimedHost('a', { ...byId })))).toMatchObject({ when: 'now', room: 0 })
})

test('who was told before to give way does, however long ago it was ordered', () => {
  const byId = { old: yielding({ ...SMALL, cores: 3, cpuHundredths: 300 }), r: reserved('r', 3, at(1), at(2)) }
  const others = new Map([['old', since(at(-8 * 24))]])
  expect(left({ start: at(1), seconds: 60 }, byId, others)).toEqual(Object.values(byId))
  const lease = { start: 'now', seconds: 2 * HOUR_SECONDS } as const
  expect(room(lease, serving(claimedHost('a', byId)))).toEqual(FITS)
})

test('what was promised to a deadline that has not begun may be moved, and nothing else', () => {
  const booked = (id: string): HostClaim => {
    const claim = reserved(id, 1, at(1), at(2))
    return { ...claim, held: { ...claim.held, machine: id } } as HostClaim
  }
  const byId = { 'lease-late-0': booked('late'), 'lease-fixed-0': booked('fixed'), r: reserved('r', 1, at(1), at(2)) }
  const others = new Map([
    ['late', since(at(0), { wish: { lease: { seconds: 60, deadline: at(9) } } })],
    ['fixed', since(at(0), { wish: { lease: { start: at(1) } } })],
  ])
  expect(othersOn(claimedHost('a', byId), at(0))).toEqual(['late', 'fixed'])
  expect(left({ start: at(1) }, byId, others)).toEqual([byId['lease-fixed-0'], byId.r])
})
