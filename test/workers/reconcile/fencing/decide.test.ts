import { COMMAND_AFTER_MS, COMMAND_AGAIN_MS, decideFence, givenUp } from '../../../../workers/reconcile/fencing/decide'
import { hostRecord } from '../../../support/host-record'

const NOW = 10_000_000
const T = 60_000
const grant = (at: number) => ({ boot: 'boot-1', uptimeMs: 5, lastsMs: T, at })
const silent = { contact: 'lost', lostSince: NOW - COMMAND_AFTER_MS } as const
const helps = { othersAnswer: 'yes', helps: 'yes' } as const
const command = { command: ['fence', 'it'] }

type Parts = Parameters<typeof hostRecord>[1] & object
const decide = (parts: Parts, around: Parameters<typeof decideFence>[2] = helps) => {
  const { wish, seen } = hostRecord('h', parts)
  return decideFence(wish, seen, around, NOW)
}

test.each([
  ['a host that is not lost yet', { wish: { fencing: command }, seen: { contact: 'ok' } }],
  ['a host without any fence', { seen: silent }],
  [
    'one whose time is not over',
    { wish: { fencing: { selfMs: T } }, seen: { ...silent, grant: grant(NOW - 2 * T + 1) } },
  ],
  ['one that was never granted time', { wish: { fencing: { selfMs: T } }, seen: silent }],
  ['one that no longer fences itself', { seen: { ...silent, grant: grant(NOW - 9 * T) } }],
  [
    'one that is given up already',
    { wish: { fencing: command }, seen: { ...silent, fenced: { how: 'self', at: 1, boot: null } } },
  ],
  [
    'one silent for too short',
    { wish: { fencing: command }, seen: { ...silent, lostSince: NOW - COMMAND_AFTER_MS + 1 } },
  ],
  [
    'an order to run a command where there is none',
    { wish: { fence: { level: 1, how: 'command', at: 1, by: 'o' } }, seen: silent },
  ],
  [
    'one whose command failed just now',
    {
      wish: { fencing: command },
      seen: { ...silent, fenceRun: { at: NOW - COMMAND_AGAIN_MS + 1, outcome: 'failed', output: '' } },
    },
  ],
  [
    'one whose command runs',
    { wish: { fencing: command }, seen: { ...silent, fenceRun: { at: NOW - 70_000, outcome: 'running', output: '' } } },
  ],
] satisfies [string, Parts][])('%s is left alone', (_what, parts) => {
  expect(decide(parts)).toEqual({ kind: 'nothing' })
})

test('its time is over after twice what it was granted', () => {
  expect(decide({ wish: { fencing: { selfMs: T } }, seen: { ...silent, grant: grant(NOW - 2 * T) } })).toEqual({
    kind: 'give-up',
    how: 'self',
  })
})

test('a command runs where it helps, and never while no other host answers', () => {
  const parts = { wish: { fencing: { ...command, commandMs: 5000 } }, seen: silent }
  expect(decide(parts)).toEqual({ kind: 'run', command: ['fence', 'it'], ms: 5000 })
  expect(decide(parts, { othersAnswer: 'no', helps: 'yes' })).toEqual({ kind: 'nothing' })
  expect(decide(parts, { othersAnswer: 'yes', helps: 'no' })).toEqual({ kind: 'nothing' })
})

test('an order is carried out at once, whoever answers', () => {
  const lonely = { othersAnswer: 'no', helps: 'no' } as const
  const fence = { level: 3, how: 'confirmed', at: 1, by: 'o' } as const
  const fresh = { contact: 'ok', lostSince: NOW - 1 } as const
  expect(decide({ wish: { fence }, seen: { ...fresh, fences: 2 } }, lonely)).toEqual({
    kind: 'give-up',
    how: 'confirmed',
  })
  expect(decide({ wish: { fence }, seen: { ...fresh, fences: 3 } }, lonely)).toEqual({ kind: 'nothing' })
  const byCommand = { fence: { ...fence, how: 'command' as const }, fencing: command }
  expect(decide({ wish: byCommand, seen: fresh }, lonely)).toMatchObject({ kind: 'run' })
})

test('an operator’s word is stronger than what the host did by itself', () => {
  const fence = { level: 1, how: 'confirmed', at: 1, by: 'o' } as const
  const seen = { ...silent, fenced: { how: 'self', at: 1, boot: null } } as const
  expect(decide({ wish: { fence }, seen })).toEqual({ kind: 'give-up', how: 'confirmed' })
})

test('a host that is given up has no time any more, and its orders are carried out', () => {
  const { wish, seen } = hostRecord('h', {
    wish: { fence: { level: 4, how: 'confirmed', at: 1, by: 'o' } },
    seen: { contact: 'ok', lostSince: null, grant: grant(1) },
  })
  expect(givenUp(wish, seen, 'confirmed', NOW)).toMatchObject({
    contact: 'lost',
    lostSince: NOW,
    grant: null,
    fences: 4,
    fenced: { how: 'confirmed', at: NOW, boot: 'boot-1' },
  })
})
