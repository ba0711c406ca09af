import type { HostId } from '../../../src/model/ids'
import type { MachineSighting } from '../../../src/model/machine'
import type { ComputeSeen } from '../../../src/model/records'
import { differs, fulfilled, isNothing, nothingOf, sighted } from '../../../workers/reconcile/seen'
import { type ComputeParts, computeRecord, emptySeen, HOST, placed, sighting } from '../../support/compute-record'
import { intentOf } from './intent-of'

const on = { host: HOST, boot: 'boot-1' }
const look = (parts: ComputeParts, machine: MachineSighting, boot: string | null = 'boot-1') =>
  sighted(computeRecord({ ...parts, place: placed }), machine, { host: HOST, boot }, 5000)
const running: Partial<ComputeSeen> = {
  host: HOST,
  machine: sighting('running'),
  hostBoot: 'boot-1',
  starts: 1,
  startedAt: 100,
}

test('a machine that runs as wished has fulfilled its start orders', () => {
  expect(look({ wish: { starts: 3 } }, sighting('running'))).toMatchObject({
    at: 5000,
    host: HOST,
    contact: 'ok',
    starts: 3,
    hostBoot: 'boot-1',
    startedAt: 5000,
    stoppedAt: null,
  })
})

test('one that runs although it should not has fulfilled nothing new', () => {
  expect(look({ wish: { power: 'off', starts: 2 }, seen: running }, sighting('running'))).toMatchObject({ starts: 1 })
})

test('one that goes on running started when it started', () => {
  expect(look({ seen: running }, sighting('running'))).toMatchObject({ startedAt: 100 })
})

test('a start fulfils the restarts that were ordered before it', () => {
  const intent = intentOf({ step: 'power', item: 'on', levels: { starts: 1, boots: 2, resets: 1 } })
  expect(look({ journal: { intent } }, sighting('running'))).toMatchObject({ boots: 2, resets: 1 })
  expect(look({ journal: { intent: { ...intent, step: 'reboot' } } }, sighting('running'))).toMatchObject({ boots: 0 })
})

describe('one that ran and is off', () => {
  test('was stopped by itself: its start orders stay fulfilled', () => {
    expect(look({ seen: running }, sighting('off'))).toMatchObject({ starts: 1, stoppedAt: 5000 })
  })
  test('went down with its host: they are to be fulfilled again', () => {
    expect(look({ seen: running }, sighting('off'), 'boot-2')).toMatchObject({ starts: 0, stoppedAt: 5000 })
  })
  test('unless it was to be off anyway', () => {
    expect(look({ wish: { power: 'off' }, seen: running }, sighting('off'), 'boot-2')).toMatchObject({ starts: 1 })
  })
  test('nothing is concluded from an unknown boot identity', () => {
    expect(look({ seen: running }, sighting('off'), null)).toMatchObject({ starts: 1 })
    expect(look({ seen: { ...running, hostBoot: null } }, sighting('off'), 'boot-2')).toMatchObject({ starts: 1 })
  })
})

test('one whose guest restarts, with nobody on its host to do it, is to be started again, but for one that is to be off', () => {
  const left = sighting('crashed', { restarts: true })
  expect(look({ seen: running }, sighting('crashed'))).toMatchObject({ starts: 1 })
  expect(look({ seen: running }, left)).toMatchObject({ starts: 0, stoppedAt: 5000 })
  expect(look({ seen: { ...running, machine: sighting('crashed') } }, left)).toMatchObject({ starts: 0 })
  expect(look({ wish: { power: 'off' }, seen: running }, left)).toMatchObject({ starts: 1 })
})

test('one that had stopped by itself before its host restarted stays off', () => {
  const stopped = { ...running, machine: sighting('off'), stoppedAt: 200 }
  expect(look({ seen: stopped }, sighting('off'), 'boot-2')).toMatchObject({ starts: 1, stoppedAt: 200 })
})

test('one that its restarted host brought up again runs there now', () => {
  expect(look({ seen: running }, sighting('running'), 'boot-2')).toMatchObject({ starts: 1, hostBoot: 'boot-2' })
})

test('where nothing is left it is nowhere; work under way is something', () => {
  const nothing = nothingOf('i-00000000000000001')
  expect(look({ seen: running }, nothing)).toMatchObject({ host: null, machine: nothing })
  expect(isNothing({ ...nothing, work: { key: 'k', what: 'copy', percent: 0 } })).toBe(false)
})

test('what was seen on another host is no former sighting', () => {
  expect(look({ seen: { ...running, host: 'other' as HostId } }, sighting('off'), 'boot-2')).toMatchObject({
    starts: 1,
  })
})

test('contact is back with any look', () => {
  expect(look({ seen: { ...running, contact: 'lost' } }, sighting('running')).contact).toBe('ok')
})

describe('an effect that is done fulfils the levels of its intent, never lower ones', () => {
  const levels = { starts: 2, boots: 3, resets: 4 }
  test.each([
    ['power', { starts: 2, boots: 3, resets: 4, hostBoot: 'boot-1' }],
    ['reboot', { starts: 0, boots: 3, resets: 0 }],
    ['reset', { starts: 0, boots: 3, resets: 4 }],
    ['disk', { starts: 0, boots: 0, resets: 0 }],
  ] as const)('%s', (step, expected) => {
    expect(fulfilled(emptySeen, intentOf({ step, levels }))).toMatchObject(expected)
  })
  test('a stop fulfils none', () => {
    expect(fulfilled(emptySeen, intentOf({ step: 'power', direction: 'down', levels }))).toEqual(emptySeen)
  })
  test('an old one repeated late', () => {
    const seen = { ...emptySeen, boots: 9 }
    expect(fulfilled(seen, intentOf({ step: 'reboot', levels }))).toMatchObject({ boots: 9 })
  })
})

describe('two observations', () => {
  const seen = look({ seen: running }, sighting('running'))
  test('the time of looking, the progress of work and the order of things are no difference', () => {
    const disks = [
      { name: 'b', sizeGiB: 1, attached: true },
      { name: 'a', sizeGiB: 1, attached: true },
    ]
    const work = { key: 'k', what: 'copy', percent: 1 }
    const a = sighted(computeRecord({ seen: running }), sighting('running', { disks, work }), on, 1)
    const b = {
      ...a,
      at: 2,
      machine: a.machine && { ...a.machine, disks: [...disks].reverse(), work: { ...work, percent: 90 } },
    }
    expect(differs(a, b)).toBe(false)
  })
  test.each([
    ['domain', { machine: sighting('off') }],
    ['contact', { contact: 'lost' }],
    ['levels', { boots: 7 }],
    ['boot identity', { hostBoot: 'boot-9' }],
    ['interfaces', { machine: sighting('running', { interfaces: ['x'] }) }],
    ['no machine', { machine: null }],
  ] as const)('%s is one', (_what, change) => {
    expect(differs(seen, { ...seen, ...change } as ComputeSeen)).toBe(true)
  })
})

test('between the domains of a restart of ours nobody shut it down; an older restart that was fulfilled tells nothing', () => {
  const wish = { boots: 1 }
  const restart = (outcome: 'open' | 'running' | 'failed' | 'done') =>
    intentOf({ step: 'reboot', item: 'again', outcome, levels: { starts: 1, boots: 1, resets: 0 } })
  for (const outcome of ['open', 'running', 'failed'] as const)
    expect(look({ wish, seen: running, journal: { intent: restart(outcome) } }, sighting('off'))).toMatchObject({
      starts: 0,
    })
  const fulfilledOnes = { ...running, boots: 1 }
  expect(look({ wish, seen: fulfilledOnes, journal: { intent: restart('failed') } }, sighting('off'))).toMatchObject({
    starts: 1,
  })
  expect(look({ wish, seen: running, journal: { intent: restart('done') } }, sighting('off'))).toMatchObject({
    starts: 1,
  })
})
