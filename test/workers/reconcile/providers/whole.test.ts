/** What is next for a machine whose host makes it whole: a short ladder, and no conclusion drawn too soon. */

import { fault } from '../../../../src/faults'
import type { HostId, StorageId } from '../../../../src/model/ids'
import { ec2State, lifecycle } from '../../../../src/model/lifecycle'
import type { EndedThere, MachineSighting } from '../../../../src/model/machine'
import { USUAL_OPTIONS } from '../../../../src/model/options'
import { demandOf } from '../../../../src/model/placement'
import type { ComputeRecord, ComputeSeen, ComputeWish } from '../../../../src/model/records'
import { refused } from '../../../../workers/reconcile/journal'
import { givenUp, lost, NO_PLACE } from '../../../../workers/reconcile/place-given-up'
import { isUndoing, plan } from '../../../../workers/reconcile/plan'
import { neverRan, sighted } from '../../../../workers/reconcile/seen'
import { define } from '../../../../workers/reconcile/steps/define'
import { definitionDigest } from '../../../../workers/reconcile/steps/definition'
import { isShownAgain, lostAt } from '../../../../workers/reconcile/vanished'
import { computeRecord, sighting } from '../../../support/compute-record'
import { intentOf } from '../intent-of'

const NOW = 1_800_000_000_000
const HOST = 'host-1' as HostId
const HOME = 'host-2' as HostId

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

const START = { kind: 'do', step: 'power', direction: 'up', item: 'on' }

/** What a host of the site's own has left to do, once all of it is made there. */
function planAtHome(of: ComputeRecord) {
  const made = sighting('off')
  const there = { ...of, place: { ...of.place, host: HOME } }
  const seen = sighted(there, made, { host: HOME, boot: '1' }, NOW)
  return plan({ ...there, seen: { ...seen, defined: definitionDigest(there) } }, made, NOW)
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

const UNSHOWN = 'it is gone from its provider, and nobody here ended it; what was on it is lost'

test('one that is not shown a moment after its start is waited for; later it has failed, and is not made anew', () => {
  const ran = record({}, { starts: 1, startedAt: NOW - 59_000 })
  expect(plan(ran, absent, NOW)).toMatchObject({ kind: 'wait' })
  expect(plan(ran, absent, NOW + 2_000)).toEqual({ kind: 'fail', message: UNSHOWN, unshown: true })
})

test('one that its owner stopped and that is not shown any more has failed too', () => {
  const stopped = record({ power: 'off' }, { starts: 1, startedAt: NOW - 100_000 })
  expect(plan(stopped, absent, NOW)).toMatchObject({ kind: 'fail', unshown: true })
})

describe('one that is not shown any more', () => {
  const failed = { message: UNSHOWN, at: NOW, retries: 0, unshown: true } as const
  const base = record({}, { starts: 1, startedAt: NOW - 100_000 })
  const unshown: ComputeRecord = { ...base, journal: { ...base.journal, failed } }

  test('keeps its place for an hour, and is lost then', () => {
    expect(plan(unshown, absent, NOW + 3_599_000)).toEqual({ kind: 'nothing' })
    expect(plan(unshown, absent, NOW + 3_600_000)).toEqual({ kind: 'lost', message: UNSHOWN })
  })

  test('is looked at again when that hour is over, whoever looks meanwhile', () => {
    expect(lostAt(unshown, NOW + 1000)).toBe(NOW + 3_600_000)
    expect(lostAt(unshown, NOW + 3_600_000)).toBeNull()
    expect(lostAt(base, NOW)).toBeNull()
  })

  test('is not lost while a disk of it is there', () => {
    const half: MachineSighting = {
      ...absent,
      domain: 'off',
      disks: [{ name: 'i-1-root', sizeGiB: 1, attached: false }],
    }
    expect(plan(unshown, half, NOW + 3_600_000)).toEqual({ kind: 'nothing' })
    expect(isShownAgain(unshown, half)).toBe(false)
  })

  test('is what it was when it is shown again', () => {
    expect(isShownAgain(unshown, running)).toBe(true)
    expect(plan(unshown, running, NOW)).toEqual({ kind: 'nothing' })
    const off: MachineSighting = { ...running, domain: 'off', startedAt: null }
    const asked = { ...unshown, wish: { ...unshown.wish, starts: 2 } }
    expect(plan(asked, off, NOW)).toMatchObject({ step: 'power', direction: 'up' })
    // What failed otherwise stays so.
    const { unshown: _not, ...other } = failed
    expect(isShownAgain({ ...unshown, journal: { ...unshown.journal, failed: other } }, running)).toBe(false)
  })

  test('is made anew where an operator says so', () => {
    const retried = { ...unshown, wish: { ...unshown.wish, retries: 1 } }
    expect(plan(retried, absent, NOW)).toMatchObject({ step: 'define', direction: 'up' })
  })
})

describe('one of which its provider says that it was terminated', () => {
  const given = { object: 'i-their', addresses: [] }
  const gone = (by: EndedThere['by']): MachineSighting => ({ ...absent, given, ended: { by, forGood: true } })
  const ran = record({}, { starts: 1, startedAt: NOW, object: 'i-their' })

  test.each<[EndedThere['by'], RegExp]>([
    ['account', /^it was terminated at its provider, and nobody here ordered that;/],
    ['guest', /^it shut down and was terminated at its provider;/],
    ['provider', /^its provider terminated it;/],
    ['unknown', /does not say why/],
  ])('is lost at once: %s', (by, message) => {
    expect(plan(ran, gone(by), NOW)).toEqual({ kind: 'lost', message: expect.stringMatching(message) })
  })

  test('is not lost where another one of it ended, or none ran yet', () => {
    const newer = { ...ran, seen: { ...ran.seen, object: 'i-newer' } }
    expect(plan(newer, gone('account'), NOW)).toMatchObject({ kind: 'wait' })
    expect(plan(record(), gone('account'), NOW)).toMatchObject({ step: 'define', direction: 'up' })
  })

  test('is gone as its owner wanted it where that ended it', () => {
    const deleted = { ...ran, wish: { ...ran.wish, exists: false } }
    expect(plan(deleted, gone('account'), NOW)).toEqual({ kind: 'leave' })
  })

  test('gives its place up as failed, and does not wait for another one', () => {
    const given = lost(ran, HOST, 'it is lost', NOW)
    expect(given).toMatchObject({
      giveUpPlace: { host: HOST, wait: false },
      journal: { failed: { message: 'it is lost', at: NOW, retries: 0 }, intent: null },
      seen: { host: null, machine: null, startedAt: NOW },
    })
    expect(given.seen).not.toHaveProperty('object')
    const after = { ...ran, seen: given.seen, journal: given.journal, place: NO_PLACE } as ComputeRecord
    expect([lifecycle(after), ec2State(after).name]).toEqual(['failed', 'stopped'])
  })

  test('is started on a host of its site’s own once an operator resumes it', () => {
    const after = { ...ran, ...lost(ran, HOST, 'it is lost', NOW) } as ComputeRecord
    const resumed = { ...after, wish: { ...ran.wish, retries: 1 } }
    expect(planAtHome(resumed)).toEqual(START)
    const wantedOff = { ...ran, wish: { ...ran.wish, power: 'off' as const } }
    expect(lost(wantedOff, HOST, 'it is lost', NOW).seen).toMatchObject({ starts: ran.seen.starts })
  })
})

describe('one that its provider ended before it ran', () => {
  const given = { object: 'i-their', addresses: [] }
  const on = { host: HOST, boot: null }
  const ordered = (of = record()): ComputeRecord => ({
    ...of,
    journal: { ...of.journal, intent: intentOf({ step: 'define', outcome: 'running', host: HOST }) },
  })
  const pending: MachineSighting = { ...running, given, unbegun: true }
  const ended = (by: EndedThere['by'], why?: string): MachineSighting => ({
    ...absent,
    given,
    ended: { by, forGood: true, ...(why === undefined ? {} : { why }) },
  })
  /** What is seen one after the other, from the first look on. */
  const seeing = (of: ComputeRecord, ...sightings: readonly MachineSighting[]): ComputeRecord => {
    let record = of
    for (const machine of sightings) record = { ...record, seen: sighted(record, machine, on, NOW) }
    return record
  }

  test('was refused after all, whatever was seen of its making', () => {
    const limit = ended('unknown', 'Client.VolumeLimitExceeded')
    const told = 'its provider ended it before it ran (Client.VolumeLimitExceeded)'
    for (const seen of [[pending], [pending, pending], [pending, { ...pending, domain: 'running' as const }]])
      expect(plan(seeing(ordered(), ...seen, limit), limit, NOW)).toEqual({ kind: 'refused', message: told })
    expect(plan(seeing(ordered(), pending, ended('provider')), ended('provider'), NOW)).toMatchObject({
      kind: 'refused',
      message: expect.stringContaining('does not say why'),
    })
  })

  test('is lost where somebody ordered that, or where it was seen to run', () => {
    const byAccount = ended('account')
    expect(plan(seeing(ordered(), pending, byAccount), byAccount, NOW).kind).toBe('lost')
    const limit = ended('unknown')
    for (const seen of [
      [pending, { ...running, given }],
      [pending, { ...running, given }, pending],
      [pending, { ...running, given, domain: 'off' as const }, pending],
    ])
      expect(plan(seeing(ordered(), ...seen, limit), limit, NOW).kind).toBe('lost')
  })

  test('is lost where it was not made now but started again, though its order is the last one of ours', () => {
    const off: MachineSighting = { ...running, given, domain: 'off', startedAt: null }
    const again = seeing(ordered(record({}, { host: HOST, machine: off, object: 'i-their', startedAt: 1 })), pending)
    expect(again.seen.unbegun).toBeUndefined()
    expect(plan(seeing(again, ended('provider')), ended('provider'), NOW).kind).toBe('lost')
    const powered = record({}, { host: HOST, machine: off, startedAt: 1 })
    expect(seeing(powered, pending).seen.unbegun).toBeUndefined()
  })

  test('of one that merely is not shown nothing is concluded', () => {
    expect(plan(seeing(ordered(), pending, absent), absent, NOW)).toMatchObject({ kind: 'wait' })
    expect(plan(seeing(ordered(), pending, absent), absent, NOW + 60_000)).toMatchObject({
      kind: 'fail',
      unshown: true,
    })
  })

  test('leaves nothing of that at the next place', () => {
    expect(givenUp(seeing(ordered(), pending, ended('provider')), HOST, NOW).seen).not.toHaveProperty('unbegun')
  })

  test.each(['stop', 'terminate'] as const)(
    'is started at the next place, were it to %s with its guest',
    (onShutdown) => {
      const options = { ...USUAL_OPTIONS, onShutdown }
      const refusedHere = seeing(ordered(record({ options })), pending, ended('provider'))
      const { seen } = givenUp({ ...refusedHere, seen: neverRan(refusedHere) }, HOST, NOW)
      const next = { ...record({ options }), seen: seen as ComputeSeen }
      expect(ec2State({ ...next, place: NO_PLACE }).name).toBe('pending')
      expect(planAtHome(next)).toEqual(START)
    },
  )
})

describe('a volume', () => {
  const VOLUME = 'vol-1'
  const wanted = {
    storage: 'storage-1' as StorageId,
    name: VOLUME,
    device: '/dev/sdf',
    deleteOnTermination: false,
    since: 1,
  }
  const ran = { starts: 1, startedAt: NOW }
  const hung: MachineSighting = { ...running, disks: [{ name: VOLUME, sizeGiB: 1, attached: true }] }
  const off: MachineSighting = { ...running, domain: 'off', startedAt: null }

  test('is hung on once the machine is made, running or off, and taken off where it is not wanted', () => {
    const up = { step: 'attach', direction: 'up', item: VOLUME }
    expect(plan(record({ volumes: [wanted] }), absent, NOW)).toMatchObject({ step: 'define', direction: 'up' })
    expect(plan(record({ volumes: [wanted] }, ran), running, NOW)).toMatchObject(up)
    expect(plan(record({ volumes: [wanted], power: 'off' }, ran), off, NOW)).toMatchObject(up)
    expect(plan(record({ volumes: [wanted] }, ran), hung, NOW)).toEqual({ kind: 'nothing' })
    expect(plan(record({}, ran), hung, NOW)).toMatchObject({ step: 'attach', direction: 'down', item: VOLUME })
  })

  test('is there before its machine is started again, and no stop waits for it', () => {
    expect(plan(record({ volumes: [wanted], starts: 2 }, ran), off, NOW)).toMatchObject({ step: 'attach' })
    expect(plan(record({ volumes: [wanted], power: 'off' }, ran), running, NOW)).toMatchObject({ step: 'power' })
  })

  test('that is refused again and again is started without', () => {
    const refusing = record({ volumes: [wanted], starts: 2 }, ran)
    const intent = intentOf({ step: 'attach', item: VOLUME, outcome: 'failed', host: HOST })
    const journal = { ...refusing.journal, failures: 3, intent }
    expect(plan({ ...refusing, journal }, off, NOW)).toMatchObject({ step: 'power', direction: 'up' })
  })

  test('is left by the end of its machine, which is one step', () => {
    const gone = record({ exists: false, volumes: [] }, ran)
    expect(plan(gone, hung, NOW)).toMatchObject({ step: 'define', direction: 'down' })
    expect(define.after(hung, 'down', gone, 'domain')).toEqual(absent)
  })
})

test('what runs is known by its provider’s id of it from then on', () => {
  const given = { object: 'i-their', addresses: [] }
  const seen = sighted(record(), { ...running, given }, { host: HOST, boot: null }, NOW)
  expect(seen.object).toBe('i-their')
  expect(sighted({ ...record(), seen }, absent, { host: HOST, boot: null }, NOW).object).toBe('i-their')
})

test.each<[EndedThere['by'] | undefined, boolean]>([
  ['guest', true],
  ['unknown', true],
  [undefined, true],
  ['account', false],
  ['provider', false],
])('off by %s, one that is to end with its guest ends: %s', (by, ends) => {
  const off: MachineSighting = { ...running, domain: 'off', startedAt: null, ...(by ? { ended: { by } } : {}) }
  const options = { ...USUAL_OPTIONS, onShutdown: 'terminate' } as const
  const stopped = record({ options }, { starts: 1, startedAt: 1, stoppedAt: NOW })
  expect(plan(stopped, off, NOW)).toEqual({ kind: ends ? 'end' : 'nothing' })
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
