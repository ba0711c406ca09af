import type { HostId } from '../../../src/model/ids'
import type { Lifecycle } from '../../../src/model/lifecycle'
import {
  accepts,
  allowedVerbs,
  ec2State,
  ec2Status,
  LIFECYCLE,
  lifecycle,
  occiActions,
  occiState,
  stateMessage,
} from '../../../src/model/lifecycle'
import { type ComputeParts, computeRecord, placed, sighting } from '../../support/compute-record'

const movingPlace = (ran: boolean): NonNullable<ComputeParts['place']> => ({
  ...placed,
  moving: {
    level: 1,
    how: 'live',
    to: { host: 'h2' as HostId, hostName: 'sim-2', zone: 'local-1b', simulated: true },
    ran,
    volumes: [],
    since: 1,
  },
})

/** One row per situation: the record's parts, then what each front calls it. */
const rows: readonly [string, ComputeParts, Lifecycle, string, string][] = [
  ['just ordered', {}, 'pending', 'pending', 'inactive'],
  ['held', { wish: { held: true } }, 'held', 'pending', 'inactive'],
  ['placed, nothing there', { place: placed }, 'preparing', 'pending', 'inactive'],
  ['defined, never started', { place: placed, seen: { machine: sighting('off') } }, 'booting', 'pending', 'inactive'],
  ['runs', { place: placed, seen: { machine: sighting('running'), starts: 1 } }, 'running', 'running', 'active'],
  ['runs, not yet noted', { place: placed, seen: { machine: sighting('running') } }, 'running', 'running', 'active'],
  [
    'paused by somebody',
    { place: placed, seen: { machine: sighting('paused'), starts: 1 } },
    'running',
    'running',
    'active',
  ],
  [
    'moved while it runs',
    { place: movingPlace(true), seen: { machine: sighting('running'), starts: 1 } },
    'migrating',
    'running',
    'active',
  ],
  [
    'asleep for a cold move',
    { place: movingPlace(true), seen: { machine: sighting('saved'), starts: 1 } },
    'migrating',
    'running',
    'active',
  ],
  [
    'moved while it is off',
    { wish: { power: 'off' }, place: movingPlace(false), seen: { machine: sighting('off'), starts: 1 } },
    'migrating',
    'stopped',
    'inactive',
  ],
  [
    'moved while it is suspended',
    { wish: { power: 'suspended' }, place: movingPlace(false), seen: { machine: sighting('saved'), starts: 1 } },
    'migrating',
    'stopped',
    'suspended',
  ],
  [
    'stopped by itself',
    { place: placed, seen: { machine: sighting('off'), starts: 1 } },
    'poweroff',
    'stopped',
    'inactive',
  ],
  [
    'stop wished',
    { wish: { power: 'off' }, place: placed, seen: { machine: sighting('running'), starts: 1 } },
    'stopping',
    'stopping',
    'inactive',
  ],
  [
    'stopped',
    { wish: { power: 'off' }, place: placed, seen: { machine: sighting('off'), starts: 1 } },
    'poweroff',
    'stopped',
    'inactive',
  ],
  [
    'start wished after a stop',
    { wish: { starts: 2 }, place: placed, seen: { machine: sighting('off'), starts: 1 } },
    'booting',
    'pending',
    'inactive',
  ],
  [
    'suspend wished',
    { wish: { power: 'suspended' }, place: placed, seen: { machine: sighting('running'), starts: 1 } },
    'saving',
    'stopping',
    'active',
  ],
  [
    'suspended',
    { wish: { power: 'suspended' }, place: placed, seen: { machine: sighting('saved'), starts: 1 } },
    'suspended',
    'stopped',
    'suspended',
  ],
  [
    'resume wished',
    { wish: { starts: 2 }, place: placed, seen: { machine: sighting('saved'), starts: 1 } },
    'booting',
    'pending',
    'inactive',
  ],
  [
    'host silent while it ran',
    { place: placed, seen: { machine: sighting('running'), starts: 1, contact: 'lost' } },
    'unknown',
    'running',
    'error',
  ],
  [
    'host silent while it was off',
    { wish: { power: 'off' }, place: placed, seen: { machine: sighting('off'), starts: 1, contact: 'lost' } },
    'unknown',
    'stopped',
    'error',
  ],
  [
    'failed before it ever ran',
    { journal: { failed: { message: 'refused', at: 1, retries: 0 } } },
    'failed',
    'pending',
    'error',
  ],
  [
    'failed, another try ordered',
    { wish: { retries: 1 }, journal: { failed: { message: 'refused', at: 1, retries: 0 } } },
    'pending',
    'pending',
    'inactive',
  ],
  [
    'delete wished',
    { wish: { exists: false }, place: placed, seen: { machine: sighting('running'), starts: 1 } },
    'stopping',
    'shutting-down',
    'inactive',
  ],
  [
    'delete wished of a failed one',
    { wish: { exists: false }, journal: { failed: { message: 'refused', at: 1, retries: 0 } } },
    'stopping',
    'shutting-down',
    'inactive',
  ],
  ['gone', { wish: { exists: false }, seen: { goneAt: 5 } }, 'done', 'terminated', 'inactive'],
]

describe('life cycle views', () => {
  test.each(rows)('%s', (_name, parts, name, ec2, occi) => {
    const record = computeRecord(parts)
    expect([lifecycle(record), ec2State(record).name, occiState(record)]).toEqual([name, ec2, occi])
  })

  test('a failed machine is never shown as terminated, an unknown one never as stopped unless it was', () => {
    for (const [, parts, name] of rows) {
      const shown = ec2State(computeRecord(parts)).name
      if (name === 'failed') expect(shown).not.toBe('terminated')
      if (name === 'unknown' && parts.wish?.power !== 'off') expect(shown).not.toBe('stopped')
    }
  })

  test('status is impaired exactly when unknown or failed', () => {
    for (const [, parts, name] of rows)
      expect(ec2Status(computeRecord(parts)) === 'impaired').toBe(name === 'unknown' || name === 'failed')
  })
})

describe('verbs', () => {
  test.each<[Lifecycle, string[]]>([
    ['running', ['stop', 'restart', 'suspend']],
    ['poweroff', ['start']],
    ['suspended', ['start']],
    ['pending', []],
    ['saving', []],
  ])('OCCI actions of %s', (name, actions) => {
    const parts = rows.find(([, , rowName]) => rowName === name)?.[1]
    expect(occiActions(computeRecord(parts))).toEqual(actions)
  })

  test.each([
    ['saved', 'saved', ['start', 'stop', 'suspend']],
    ['off', 'off', ['start', 'stop']],
  ] as const)('OCCI actions of one that gave its place away and is %s', (how, domain, actions) => {
    const place = { ...placed, parked: { since: 1, how, by: 'cr-1' } }
    const seen = { host: placed.host ?? null, machine: sighting(domain) }
    expect(occiActions(computeRecord({ place, seen }))).toEqual(actions)
    expect(occiActions(computeRecord({ place, seen, wish: { power: 'off' } }))).toEqual(['start'])
  })

  test.each<[Lifecycle, boolean]>([
    ['running', true],
    ['poweroff', true],
    ['suspended', true],
    ['booting', false],
    ['stopping', false],
    ['unknown', false],
  ])('OCCI can save one that has run while it is %s: %s', (name, can) => {
    const parts = rows.find(([, , rowName]) => rowName === name)?.[1]
    const ran = computeRecord({ ...parts, seen: { ...parts?.seen, startedAt: 5 } })
    expect(occiActions(ran).includes('save')).toBe(can)
    expect(occiActions(computeRecord({ ...parts, seen: { ...parts?.seen, startedAt: null } }))).not.toContain('save')
  })

  test('delete is accepted in every state but done, where it is success', () => {
    for (const name of LIFECYCLE) expect(accepts('delete', name)).toBe(name === 'done' ? 'already' : 'yes')
  })

  test('a suspended machine cannot be restarted or stopped, and the refusal can name what is allowed', () => {
    expect(accepts('restart', 'suspended')).toBe('no')
    expect(accepts('stop', 'suspended')).toBe('no')
    expect(allowedVerbs('suspended')).toEqual(['start', 'delete'])
  })
})

describe('messages', () => {
  test('a waiting machine tells counts, never host names', () => {
    const waiting = {
      since: 1,
      reasons: { memory: 2, zone: 6 },
      examples: [{ host: 'secret-host', because: 'needs 9' }],
      wouldFit: 'it fits with 512 MiB less',
    }
    const text = stateMessage(computeRecord({ place: { waiting } }))
    expect(text).toBe('waits for a place: memory (2 hosts), zone (6 hosts); it fits with 512 MiB less')
  })

  test('a running machine on a simulated host says so', () => {
    const record = computeRecord({ place: placed, seen: { machine: sighting('running'), starts: 1 } })
    expect(stateMessage(record)).toBe('on a simulated host')
  })

  test.each([
    ['unreachable', 'look: its host cannot be reached; it is tried again'],
    ['timeout', 'look: its host does not answer in time; it is tried again'],
  ])('a host that is away (%s) is not named', (kind, text) => {
    const trouble = { kind, message: 'no route to host secret-host', step: 'look', at: 1 } as const
    const record = computeRecord({ wish: { power: 'off' }, place: placed, journal: { trouble } })
    expect(stateMessage(record)).toBe(text)
  })

  test('a stuck delete tells what cannot be undone', () => {
    const record = computeRecord({
      wish: { exists: false },
      place: placed,
      journal: { stuck: { since: 1, step: 'disk', message: 'device busy', retries: 0 } },
    })
    expect(stateMessage(record)).toMatch(/disk cannot be undone: device busy/)
  })
})
