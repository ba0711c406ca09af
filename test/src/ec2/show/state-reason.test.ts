import { stateReason } from '../../../../src/ec2/show/state-reason'
import type { EndedThere } from '../../../../src/model/machine'
import { type ComputeParts, computeRecord, noPlace, placed, sighting } from '../../../support/compute-record'

const runs: ComputeParts = { place: placed, seen: { machine: sighting('running'), starts: 1 } }
const trouble = { kind: 'timeout', message: 'no answer in time', step: 'define', at: 1 } as const
const stuck = { since: 1, step: 'disk', message: 'in use', retries: 0 } as const
/** Off at a provider, and its owner did not stop it. */
const offThere = (by: EndedThere['by'] | undefined): ComputeParts => ({
  place: placed,
  seen: { starts: 1, machine: { ...sighting('off'), whole: true, ...(by ? { ended: { by } } : {}) } },
})
const reasonOf = (parts: ComputeParts) => stateReason(computeRecord(parts))

test('a machine that runs has nothing to explain, not even what was overcome', () => {
  expect(reasonOf(runs)).toBeUndefined()
  expect(reasonOf({ ...runs, journal: { trouble } })).toBeUndefined()
})

test.each<[string, ComputeParts, string, RegExp]>([
  ['just ordered', { place: noPlace }, 'pending', /^pending$/],
  ['on its way', { place: placed }, 'pending', /^pending$/],
  [
    'on its way with trouble',
    { place: placed, journal: { trouble } },
    'pending',
    /define: its host does not answer in time.*tried again/,
  ],
  [
    'waiting for a place, with counts and no host names',
    {
      place: {
        waiting: {
          since: 1,
          reasons: { 'not enough memory': 8 },
          examples: [{ host: 'secret-host', because: 'x' }],
          wouldFit: '',
        },
      },
    },
    'Server.InsufficientInstanceCapacity',
    /^waits for a place: not enough memory \(8 hosts\)$/,
  ],
  [
    'failed',
    { place: placed, journal: { failed: { message: 'no such disk', at: 1, retries: 0 } } },
    'Server.InternalError',
    /^no such disk$/,
  ],
  [
    'on a silent host',
    { ...runs, seen: { ...runs.seen, contact: 'lost' } },
    'Server.HostUnreachable',
    /does not answer/,
  ],
  [
    'stuck while it is deleted',
    { place: placed, wish: { exists: false }, journal: { stuck } },
    'Server.InternalError',
    /disk cannot be undone: in use/,
  ],
  [
    'stopped at its provider by somebody there',
    offThere('account'),
    'Server.StoppedAtProvider',
    /^Server.StoppedAtProvider: it was stopped at its provider, and nobody here ordered that$/,
  ],
  ['stopped by its provider', offThere('provider'), 'Server.StoppedAtProvider', /its provider stopped it$/],
  ['off at a provider that does not say why', offThere(undefined), 'Server.StoppedAtProvider', /its guest or somebody/],
  ['shut down by its guest at a provider', offThere('guest'), 'Client.InstanceInitiatedShutdown', /Instance initiated/],
  [
    'stopped by its owner at a provider',
    { ...offThere('account'), wish: { power: 'off' } },
    'Client.UserInitiatedShutdown',
    /User initiated/,
  ],
  [
    'stopped',
    { ...runs, wish: { power: 'off' }, seen: { machine: sighting('off') } },
    'Client.UserInitiatedShutdown',
    /User initiated/,
  ],
  ['stopping', { ...runs, wish: { power: 'off' } }, 'Client.UserInitiatedShutdown', /User initiated/],
  ['saving', { ...runs, wish: { power: 'suspended' } }, 'Client.UserInitiatedHibernate', /User initiated hibernate$/],
  [
    'hibernated',
    { ...runs, wish: { power: 'suspended' }, seen: { machine: sighting('saved'), starts: 1 } },
    'Client.UserInitiatedHibernate',
    /^Client.UserInitiatedHibernate: User initiated hibernate$/,
  ],
  [
    'to be hibernated, and off instead',
    { ...runs, wish: { power: 'suspended' }, seen: { machine: sighting('off'), starts: 1 } },
    'Client.UserInitiatedShutdown',
    /User initiated shutdown$/,
  ],
  [
    'hibernated at its provider by somebody there',
    { place: placed, seen: { starts: 1, machine: { ...sighting('saved'), whole: true, ended: { by: 'account' } } } },
    'Server.StoppedAtProvider',
    /it was stopped at its provider, and nobody here ordered that$/,
  ],
  [
    'shut down by its guest',
    { ...runs, seen: { machine: sighting('off'), starts: 1 } },
    'Client.InstanceInitiatedShutdown',
    /Instance initiated/,
  ],
  ['terminated', { wish: { exists: false }, seen: { goneAt: 1 } }, 'Client.UserInitiatedShutdown', /User initiated/],
])('%s', (_what, parts, code, message) => {
  const reason = reasonOf(parts)
  expect(reason?.Code).toBe(code)
  expect(reason?.Message).toMatch(message)
  expect(reason?.Message).not.toContain('secret-host')
})

test('a failure that an operator ordered to be tried again is a failure no more', () => {
  const parts: ComputeParts = {
    place: placed,
    wish: { retries: 1 },
    journal: { failed: { message: 'x', at: 1, retries: 0 } },
  }
  expect(reasonOf(parts)?.Code).toBe('pending')
})
