/** What is next for a machine whose host makes it whole: a short ladder, and no conclusion drawn too soon. */

import { fault } from '../../../../src/faults'
import type { HostId } from '../../../../src/model/ids'
import type { MachineSighting } from '../../../../src/model/machine'
import { demandOf } from '../../../../src/model/placement'
import type { ComputeRecord, ComputeSeen, ComputeWish } from '../../../../src/model/records'
import { refused } from '../../../../workers/reconcile/journal'
import { givenUp } from '../../../../workers/reconcile/place-given-up'
import { isUndoing, plan } from '../../../../workers/reconcile/plan'
import { define } from '../../../../workers/reconcile/steps/define'
import { computeRecord } from '../../../support/compute-record'

const NOW = 1_800_000_000_000
const HOST = 'host-1' as HostId

const absent: MachineSighting = {
  name: 'i-1',
  id: null,
  domain: 'absent',
  disks: [],
  interfaces: [],
  work: null,
  startedAt: null,
  whole: true,
}
const running: MachineSighting = { ...absent, id: 'record', domain: 'running', startedAt: NOW }

function record(wish: Partial<ComputeWish> = {}, seen: Partial<ComputeSeen> = {}): ComputeRecord {
  const base = computeRecord()
  return {
    ...base,
    wish: { ...base.wish, power: 'on', starts: 1, ...wish },
    seen: { ...base.seen, host: null, machine: null, starts: 0, startedAt: null, ...seen },
    place: { ...base.place, host: HOST, offer: { type: 'small', price: 1 } },
  }
}

test('it is made by one step, and nothing is asked of disks and networks', () => {
  expect(plan(record(), absent, NOW)).toMatchObject({ kind: 'do', step: 'define', direction: 'up' })
  expect(plan(record({}, { starts: 1, startedAt: NOW }), running, NOW)).toEqual({ kind: 'nothing' })
})

test('it is not made before it is to run', () => {
  expect(plan(record({ power: 'off' }), absent, NOW)).toEqual({ kind: 'nothing' })
})

test('a disk without a machine is made into one, and is ended like one', () => {
  const half: MachineSighting = { ...absent, domain: 'off', disks: [{ name: 'i-1-root', sizeGiB: 1, attached: false }] }
  expect(plan(record(), half, NOW)).toMatchObject({ step: 'define', direction: 'up' })
  expect(plan(record({ exists: false }), half, NOW)).toMatchObject({ step: 'define', direction: 'down' })
})

test('its end is one step although it runs, and then its place is given up', () => {
  const gone = record({ exists: false }, { starts: 1, startedAt: NOW })
  expect(plan(gone, running, NOW)).toMatchObject({ kind: 'do', step: 'define', direction: 'down' })
  expect(plan(gone, absent, NOW)).toEqual({ kind: 'leave' })
})

test('one that is not shown a moment after its start is waited for; later it has failed, and is not made anew', () => {
  const ran = record({}, { starts: 1, startedAt: NOW - 59_000 })
  expect(plan(ran, absent, NOW)).toMatchObject({ kind: 'wait' })
  expect(plan(ran, absent, NOW + 2_000)).toEqual({
    kind: 'fail',
    message: 'it is gone from its provider, and nobody here ended it; what was on it is lost',
  })
})

test('stopped by somebody else it stays off; started by its owner it is powered, not made', () => {
  const off: MachineSighting = { ...running, domain: 'off', startedAt: null }
  expect(plan(record({}, { starts: 1, startedAt: 1 }), off, NOW)).toEqual({ kind: 'nothing' })
  expect(plan(record({ starts: 2 }, { starts: 1, startedAt: 1 }), off, NOW)).toMatchObject({
    step: 'power',
    direction: 'up',
  })
})

test('after its making a look shows it running, after its end nothing', () => {
  const made = record()
  expect(define.after(absent, 'up', made, '')).toMatchObject({ domain: 'running', id: made.id, whole: true })
  const given = { object: 'i-their', addresses: [] }
  expect(define.after({ ...running, given }, 'down', made, '')).toEqual(absent)
})

test('what may be had elsewhere is not tried here again', () => {
  const deed = { step: 'define', direction: 'up', item: 'd' } as const
  const said = (reason?: string) => refused(record(), deed, fault('refused', 'no', reason ? { reason } : {}), NOW)
  expect(said('elsewhere').avoid).toMatchObject([{ host: HOST, because: 'no' }])
  expect(said().avoid).toEqual([])
})

test('a provider that has no room now is asked again later, and never makes a machine fail', () => {
  const deed = { step: 'power', direction: 'up', item: 'on' } as const
  const full = fault('refused', 'found no place', { reason: 'no-room' })
  let one = record()
  for (let times = 0; times < 5; times += 1) one = { ...one, journal: refused(one, deed, full, NOW) }
  expect(one.journal.avoid.at(-1)).toMatchObject({ host: HOST, because: 'found no place', full: true })
  expect(isUndoing(one)).toBe(true)
  expect(demandOf({ ...one, place: { ...one.place, host: null } }, NOW).avoid).toHaveLength(5)
  expect(givenUp(one, HOST, NOW).journal).toMatchObject({ failed: null })
  // When its time is over it is forgotten.
  expect(refused(one, deed, full, NOW + 3_600_000).avoid).toHaveLength(1)
})

describe('a type of which there is none now', () => {
  const deed = { step: 'define', direction: 'up', item: 'd' } as const
  const full = fault('refused', 'no room', { reason: 'type-exhausted' })
  const refusedAt = (of = record(), now = NOW) => ({ ...of, journal: refused(of, deed, full, now) })

  test('is left out for a while, and the host is not', () => {
    const { journal, place } = refusedAt()
    expect(journal.avoid).toMatchObject([{ host: HOST, offer: 'small', because: 'no room' }])
    const demand = demandOf({ ...refusedAt(), place: { ...place, host: null } }, NOW)
    expect(demand).toMatchObject({ avoid: [], size: { asks: { without: ['host-1 small'] } } })
    expect(demandOf(refusedAt(), NOW + 3_600_000).size.asks).toBeUndefined()
  })

  test('is undone there, and the same host with another type is not', () => {
    expect(isUndoing(refusedAt())).toBe(true)
    const other = { ...refusedAt().place, offer: { type: 'large', price: 2 }, at: NOW }
    expect(isUndoing({ ...refusedAt(), place: other })).toBe(false)
  })

  test('never makes a machine fail: it waits, as for room', () => {
    let one = record()
    for (let times = 0; times < 5; times += 1) one = refusedAt(one)
    expect(givenUp(one, HOST, NOW).journal).toMatchObject({ failed: null })
  })

  test('is forgotten when its time is over', () => {
    const late = refusedAt(refusedAt(), NOW + 3_600_000)
    expect(late.journal.avoid).toHaveLength(1)
  })
})
