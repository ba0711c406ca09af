/** Whether there is room for an order's lease, on more hosts than are looked at first. */
import type { Caller, Context } from '../../../src/operations/context'
import type { RunOrder } from '../../../src/operations/operations'
import { claimedHosts } from '../../../src/operations/reservations/hosts'
import { checkLeaseRoom } from '../../../src/operations/run/check-lease-room'
import type { HostClaims } from '../../../src/store/store'
import { sizeOf } from '../../support/host-record'
import { claimedHost, HOUR, SMALL } from '../../support/reserved-hosts'

const HOSTS = 100
const FULL = JSON.stringify(sizeOf(4, 16_384, 100))
const hosts = Array.from({ length: HOSTS }, (_, at) => claimedHost(`h${String(at).padStart(3, '0')}`).record)
const caller = { project: 'p' } as unknown as Caller

/** Every host is full but those. */
function siteWith(free: readonly number[]) {
  const told = hosts.map(
    ({ id }, at): HostClaims => ({ host: id, revision: 1, claims: free.includes(at) ? {} : { other: FULL } }),
  )
  const claims = jest.fn(async () => told)
  const store = { kept: { claims }, readMany: async () => [] }
  return { store, mirror: { all: () => hosts }, clock: { now: () => 0 } } as unknown as Context
}
const check = (free: readonly number[], lease: RunOrder['lease'], count = 1) =>
  checkLeaseRoom(
    siteWith(free),
    caller,
    { minCount: count, maxCount: count, ...(lease ? { lease } : {}) },
    { size: SMALL, zone: null },
  ).then(
    () => 'fits',
    ({ kind }) => kind,
  )

test.each<[string, RunOrder['lease']]>([
  ['a start', { start: HOUR, seconds: 60 }],
  ['now', { start: 'now', seconds: 60 }],
  ['a deadline', { seconds: 60, deadline: HOUR }],
])('%s: the last host is looked at where all others are full', async (_name, lease) => {
  expect(await check([HOSTS - 1], lease)).toBe('fits')
  expect(await check([0], lease)).toBe('fits')
  expect(await check([], lease)).toBe('no-capacity')
})

test('machines that begin together find room on hosts far from each other', async () => {
  const most = 4 / SMALL.cores
  const together = { start: HOUR, seconds: 60 } as const
  expect(await check([3, 50, HOSTS - 1], together, 3 * most)).toBe('fits')
  expect(await check([3, 50, HOSTS - 1], together, 3 * most + 1)).toBe('no-capacity')
})

test('claims that did not change are the same objects when they are asked for again', async () => {
  const context = siteWith([])
  const [first, again] = [await claimedHosts(context), await claimedHosts(context)]
  expect(first).toHaveLength(HOSTS)
  expect(first.every(({ claims }, at) => claims === again[at]?.claims && claims.length === 1)).toBe(true)
})
