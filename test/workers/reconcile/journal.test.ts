import { fault } from '../../../src/faults'
import type { HostId } from '../../../src/model/ids'
import type { ComputeJournal, Trouble } from '../../../src/model/records'
import { AVOID_MS } from '../../../workers/reconcile/backoff'
import {
  announce,
  DOWN_TRIES,
  displaced,
  done,
  isGivenUp,
  refused,
  resumed,
  settled,
  TOLD,
  UP_TRIES,
  unanswered,
  underWay,
} from '../../../workers/reconcile/journal'
import type { Deed } from '../../../workers/reconcile/plan'
import { type ComputeParts, computeRecord, emptyJournal, HOST, placed } from '../../support/compute-record'
import { ID, intentOf, NAME } from './intent-of'

const on = { host: HOST, boot: 'boot-1' }
const record = (journal: Partial<ComputeJournal>, more: ComputeParts = {}) =>
  computeRecord({ ...more, journal, place: placed })
const disk: Deed = { step: 'disk', direction: 'up', item: `${NAME}-root` }
const stop: Deed = { step: 'power', direction: 'down', item: 'hard' }
const trouble = (kind: string): Trouble => ({ kind, message: 'm', step: 'disk', at: 7 })
const no = fault('refused', 'no loop device')

describe('announcing', () => {
  test('the first attempt of a deed', () => {
    const { journal, intent } = announce(record({}), disk, on, null, 1000)
    expect(intent).toEqual(intentOf())
    expect(journal).toMatchObject({ intent, attempts: 1, failures: 0, trouble: null })
  })
  test('a repetition keeps key, attempt and time', () => {
    const before = record({ intent: intentOf({ outcome: 'running' }), attempts: 1, failures: 1 })
    const { journal, intent } = announce(before, disk, on, null, 9999)
    expect(intent).toEqual(intentOf())
    expect(journal).toMatchObject({ attempts: 1, failures: 1 })
  })
  test('a new attempt of the same deed counts on, and what was told stays told', () => {
    const before = record({
      intent: intentOf({ outcome: 'failed' }),
      attempts: 4,
      failures: 2,
      trouble: trouble('refused'),
    })
    const { journal, intent } = announce(before, disk, on, null, 1000)
    expect(intent.key).toBe(`${ID}/disk/up/5`)
    expect(journal).toMatchObject({ attempts: 5, failures: 2, trouble: { kind: 'refused' } })
  })
  test('another deed begins without failures and without their trouble', () => {
    const before = record({
      intent: intentOf({ outcome: 'failed' }),
      attempts: 4,
      failures: 2,
      trouble: trouble('refused'),
    })
    expect(announce(before, stop, on, null, 1000).journal).toMatchObject({ attempts: 5, failures: 0, trouble: null })
  })
  test('it carries the levels that it will fulfil', () => {
    const { intent } = announce(record({}, { wish: { starts: 4, boots: 2, resets: 1 } }), disk, on, null, 1)
    expect(intent.levels).toEqual({ starts: 4, boots: 2, resets: 1 })
  })
  test('what was told for good is kept until the next start', () => {
    const before = record({ trouble: trouble(TOLD) })
    expect(announce(before, stop, on, null, 1).journal.trouble?.kind).toBe(TOLD)
    const start: Deed = { step: 'power', direction: 'up', item: 'on' }
    expect(announce(before, start, on, null, 1).journal.trouble).toBeNull()
  })
  test('a new trouble is told with it', () => {
    expect(announce(record({}), stop, on, trouble(TOLD), 1).journal.trouble?.kind).toBe(TOLD)
  })
})

test('done: failures, trouble and what was stuck are over', () => {
  const stuck = { since: 1, step: 'power', message: 'm', retries: 0 } as const
  const journal = { ...emptyJournal, intent: intentOf(), failures: 2, trouble: trouble('refused'), stuck }
  expect(done(journal)).toMatchObject({ intent: { outcome: 'done' }, failures: 0, trouble: null, stuck: null })
  expect(done({ ...journal, trouble: trouble(TOLD) }).trouble?.kind).toBe(TOLD)
})

test('under way: the outcome is open still', () => {
  expect(underWay({ ...emptyJournal, intent: intentOf() }).intent?.outcome).toBe('running')
})

test('no answer: the intent stays open and the time of the first silence stays', () => {
  const journal = { ...emptyJournal, intent: intentOf() }
  const once = unanswered(journal, fault('timeout', 'late'), 'disk', 50)
  expect(once).toMatchObject({ intent: { outcome: 'open' }, trouble: { kind: 'timeout', at: 50 } })
  expect(unanswered(once, fault('timeout', 'late'), 'disk', 90)).toBe(once)
  expect(unanswered(once, fault('unreachable', 'gone'), 'disk', 90).trouble?.at).toBe(90)
})

describe('refused on the way up', () => {
  const tried = (failures: number, more: ComputeParts = {}) => record({ intent: intentOf(), failures }, more)
  test('its host is not named to the owner', () => {
    const before = tried(UP_TRIES - 1)
    const there = { ...before, place: { ...before.place, hostName: 'h.1' } }
    const said = refused(there, disk, fault('refused', 'h.1: no space on h.1, ask ah.1 or hx1'), 9)
    expect(said.trouble?.message).toBe('its host: no space on its host, ask ah.1 or hx1')
    expect(said.avoid[0]?.because).toBe(said.trouble?.message)
  })
  test('it is tried again', () => {
    expect(refused(tried(0), disk, no, 9)).toMatchObject({
      intent: { outcome: 'failed' },
      failures: 1,
      trouble: { kind: 'refused', message: 'no loop device', step: 'disk', at: 9 },
      avoid: [],
    })
  })
  test('and at last undone here', () => {
    expect(refused(tried(UP_TRIES - 1), disk, no, 9)).toMatchObject({
      failures: 0,
      avoid: [{ host: HOST, until: 9 + AVOID_MS, because: 'no loop device' }],
    })
  })
  test('one that has no place any more leaves no host out', () => {
    const placeless = computeRecord({ journal: { intent: intentOf(), attempts: 1, failures: UP_TRIES } })
    expect(placeless.place.host).toBeNull()
    expect(refused(placeless, disk, no, 5).avoid).toEqual([])
  })
  test('what a host can never do is not tried thrice', () => {
    expect(refused(tried(0), disk, fault('unsupported', 'x'), 9).avoid).toHaveLength(1)
  })
  test('one that ran once is never undone: its disk would be lost', () => {
    const journal = refused(tried(UP_TRIES + 5, { seen: { startedAt: 1 } }), { ...disk, step: 'power' }, no, 9)
    expect(journal).toMatchObject({ failures: UP_TRIES + 6, avoid: [], failed: null, stuck: null })
  })
})

describe('refused on the way down', () => {
  const tried = (failures: number, stuck: ComputeJournal['stuck'] = null) =>
    record({ intent: intentOf({ step: 'power', direction: 'down' }), failures, stuck }, { wish: { retries: 2 } })
  test('it is stuck after a while, and kept', () => {
    expect(refused(tried(DOWN_TRIES - 2), stop, no, 9).stuck).toBeNull()
    expect(refused(tried(DOWN_TRIES - 1), stop, no, 9)).toMatchObject({
      stuck: { since: 9, step: 'power', message: 'no loop device', retries: 2 },
      avoid: [],
    })
  })
  test('since when stays', () => {
    const stuck = { since: 3, step: 'power', message: 'm', retries: 2 } as const
    expect(refused(tried(DOWN_TRIES, stuck), stop, no, 9).stuck?.since).toBe(3)
  })
  test('suspending is an ending as well', () => {
    const suspend: Deed = { step: 'suspend', direction: 'up', item: 'memory' }
    expect(refused(tried(DOWN_TRIES - 1), suspend, no, 9)).toMatchObject({ stuck: { step: 'suspend' }, avoid: [] })
  })
})

test('a restart that is refused is given up, nothing else is', () => {
  const journal = { ...emptyJournal, failures: UP_TRIES }
  expect(isGivenUp(journal, { step: 'reboot', direction: 'up', item: 'again' })).toBe(true)
  expect(isGivenUp({ ...journal, failures: UP_TRIES - 1 }, { step: 'reset', direction: 'up', item: 'again' })).toBe(
    false,
  )
  expect(isGivenUp(journal, disk)).toBe(false)
})

test('settled: nothing is left to say', () => {
  const avoid = [{ host: 'x' as HostId, until: 1, because: '' }]
  const failed = { message: '', at: 1, retries: 0 }
  const journal = { ...emptyJournal, intent: intentOf(), failures: 1, trouble: trouble('timeout'), avoid, failed }
  expect(settled(journal)).toEqual({ ...emptyJournal, intent: intentOf({ outcome: 'done' }) })
  expect(settled(emptyJournal)).toEqual(emptyJournal)
})

test('a place that is given up leaves no intent behind; attempts go on counting', () => {
  const journal = { ...emptyJournal, intent: intentOf(), attempts: 9, failures: 3, trouble: trouble('refused') }
  expect(displaced(journal)).toEqual({ ...emptyJournal, attempts: 9 })
})

test('an operator orders another try of what is stuck', () => {
  const stuck = { since: 1, step: 'power', message: 'm', retries: 0 } as const
  const still = record({ stuck, failures: 6 })
  expect(resumed(still)).toBe(still)
  expect(resumed(record({ stuck, failures: 6 }, { wish: { retries: 1 } })).journal).toMatchObject({
    stuck: null,
    failures: 0,
  })
})

describe('one that is taken over', () => {
  const boot = { mode: 'pvh', kernel: null, initramfs: null, cmdline: null, settings: {} } as const
  const wish = { image: null, adopted: { from: 'web', boot, disks: [] }, retries: 2 }
  const adopt: Deed = { step: 'adopt', direction: 'up', item: 'd' }

  test('has failed once its host refused it often enough, and never goes to another one', () => {
    const before = record({ intent: intentOf({ step: 'adopt', item: 'd' }), failures: UP_TRIES - 2 }, { wish })
    const once = refused(before, adopt, no, 9)
    expect(once).toMatchObject({ failures: UP_TRIES - 1, failed: null, avoid: [] })
    expect(refused({ ...before, journal: once }, adopt, no, 9)).toMatchObject({
      failures: 0,
      avoid: [],
      failed: { message: 'it could not be taken over: no loop device', at: 9, retries: 2 },
    })
    expect(refused(before, adopt, fault('unsupported', 'no'), 9).failed).not.toBeNull()
  })

  test('is never undone for another host, whatever of it is refused', () => {
    const start: Deed = { step: 'power', direction: 'up', item: 'on' }
    const before = record({ intent: intentOf({ step: 'power', item: 'on' }), failures: UP_TRIES }, { wish })
    expect(refused(before, start, no, 9)).toMatchObject({ avoid: [], failed: null })
  })
})
