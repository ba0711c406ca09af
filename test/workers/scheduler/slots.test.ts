/** Machines and places of reservations: who gets one, and who is kept out of what is promised. */
import type { ProjectId, ReservationId } from '../../../src/model/ids'
import { type ClaimedHost, type Demand, hostViews } from '../../../src/model/placement'
import { place } from '../../../workers/scheduler/place'
import { coverOf } from '../../../workers/scheduler/slots'
import { demand, sizeOf } from '../../support/host-record'
import { at, claimedHost, covered, firm, PROJECT, reserved, SMALL, yielding } from '../../support/reserved-hosts'

const machine = (id: string, parts: Partial<Demand> = {}): Demand => demand(id, SMALL, { project: PROJECT, ...parts })
const plan = (hosts: readonly ClaimedHost[], machines: readonly Demand[], now = at(0)) => {
  const { placed, left } = place({ hosts: hostViews(hosts, now), machines })
  const on = placed.map(({ machine: id, host, slot }) => `${id}@${host}${slot ? `/${slot.reservation}` : ''}`)
  return [...on, ...left.map(({ machine: id, waiting }) => `${id}: ${Object.keys(waiting.reasons).join()}`)]
}
const full = { m: firm(), n: firm(), o: firm() }

test('a matching machine takes an open place first, then what else is free', () => {
  const hosts = [claimedHost('a'), claimedHost('b', { r: reserved('r', 2, at(0)) })]
  expect(plan(hosts, [machine('1'), machine('2'), machine('3')])).toEqual(['1@b/r', '2@b/r', '3@a'])
})

test('what is reserved is free for nobody else, however full the rest is', () => {
  const hosts = [claimedHost('a', { ...full, r: reserved('r', 1, at(0)) })]
  expect(plan(hosts, [machine('1', { project: 'other' as ProjectId })])).toEqual(['1: not enough CPU'])
  expect(plan(hosts, [machine('1', { capacity: { use: 'none' } })])).toEqual(['1: not enough CPU'])
  expect(plan(hosts, [demand('1', sizeOf(1, 1024), { project: PROJECT })])).toEqual(['1: not enough CPU'])
  expect(plan(hosts, [machine('1'), machine('2')])).toEqual(['1@a/r', '2: not enough CPU'])
})

test('a targeted reservation takes who names it; who names one takes no other place', () => {
  const target = (reservation: string) =>
    ({ capacity: { use: 'only', reservation: reservation as ReservationId } }) as const
  const hosts = [claimedHost('a', { r: reserved('r', 1, at(0), null, { match: 'targeted' }) })]
  expect(plan(hosts, [machine('1'), machine('2', target('r'))])).toEqual(['1@a', '2@a/r'])
  expect(plan(hosts, [machine('1', target('r')), machine('2', target('r'))])).toEqual([
    '1@a/r',
    '2: no free place of its reservation',
  ])
  expect(plan(hosts, [machine('1', { capacity: { use: 'only' } })])).toEqual(['1: no free place of its reservation'])
})

test('the other rules hold inside a reservation too', () => {
  const hosts = [claimedHost('a', { r: reserved('r', 1, at(0)) }), claimedHost('b')]
  const avoid = [{ host: hosts[0]?.record.id ?? ('' as never), because: 'no' }]
  expect(plan(hosts, [machine('1', { avoid })])).toEqual(['1@b'])
})

test('a coming reservation keeps out who would still be there, and lets in who is gone by then or gives way', () => {
  const hosts = [claimedHost('a', { r: reserved('r', 4, at(2), at(3)) })]
  expect(plan(hosts, [machine('1')])).toEqual(['1: its place is reserved for later'])
  expect(plan(hosts, [machine('1', { ends: at(2) })])).toEqual(['1@a'])
  expect(plan(hosts, [machine('1', { ends: at(2) + 1 })])).toEqual(['1: its place is reserved for later'])
  expect(plan(hosts, [machine('1', { yields: true })])).toEqual(['1@a'])
  expect(plan(hosts, [machine('1')], at(3))).toEqual(['1@a'])
})

test('each placement counts against what is coming', () => {
  const hosts = [claimedHost('a', { r: reserved('r', 2, at(2)) })]
  expect(plan(hosts, [machine('1'), machine('2'), machine('3')])).toEqual([
    '1@a',
    '2@a',
    '3: its place is reserved for later',
  ])
})

test('a place is free only once who gives way for it is gone', () => {
  const hosts = [claimedHost('a', { ...full, y: yielding(), r: reserved('r', 1, at(0)) })]
  expect(plan(hosts, [machine('1')])).toEqual(['1: not enough CPU'])
  expect(plan([claimedHost('a', { ...full, r: reserved('r', 1, at(0)) })], [machine('1')])).toEqual(['1@a/r'])
})

test('a machine in a place with an end gives way from then on: what is promised after it stands', () => {
  const hosts = [claimedHost('a', { ...full, r: reserved('r', 1, at(0), at(2)), s: reserved('s', 1, at(2)) })]
  const { placed } = place({ hosts: hostViews(hosts, at(0)), machines: [machine('1')] })
  expect(placed.map(({ slot }) => slot && coverOf(slot))).toEqual([{ covers: 'r', yields: at(2) }])
  const without = place({
    hosts: hostViews([claimedHost('a', { r: reserved('r', 1, at(0)) })], at(0)),
    machines: [machine('1')],
  })
  expect(without.placed.map(({ slot }) => slot && coverOf(slot))).toEqual([{ covers: 'r' }])
})

test('a machine with a larger disk than its place needs that much more', () => {
  const large = { ...SMALL, diskGiB: 60 }
  const crowded = { m: { ...SMALL, diskGiB: 50 }, r: reserved('r', 1, at(0)) }
  expect(plan([claimedHost('a', crowded)], [demand('1', large, { project: PROJECT })])).toEqual(['1: not enough disk'])
  expect(plan([claimedHost('a', { r: reserved('r', 1, at(0)) })], [demand('1', large, { project: PROJECT })])).toEqual([
    '1@a/r',
  ])
})

test('a machine that was in a place and left it makes it free again', () => {
  const taken = claimedHost('a', { ...full, r: reserved('r', 1, at(0)), c: covered('r') })
  expect(plan([taken], [machine('1')])).toEqual(['1: not enough CPU'])
})

test('a machine that gives way takes a place of a reservation only when it asks for one', () => {
  const hosts = [claimedHost('a', { r: reserved('r', 1, at(0)) }), claimedHost('b')]
  expect(plan(hosts, [machine('1', { yields: true })])).toEqual(['1@a'])
  expect(plan(hosts, [machine('1', { yields: true, capacity: { use: 'open' } })])).toEqual(['1@a/r'])
})
