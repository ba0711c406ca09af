import type { HostId } from '../../../src/model/ids'
import { givenUp, gone, leasesOf, mayLeaveUnasked, namesOf } from '../../../workers/reconcile/place-given-up'
import { type ComputeParts, computeRecord, HOST, placed } from '../../support/compute-record'
import { intentOf, NAME } from './intent-of'

const record = (parts: ComputeParts = {}) => computeRecord({ ...parts, place: placed })
const deleted = { exists: false }
const undoing = [{ host: HOST, until: 10, because: 'no' }]
const stuck = { since: 1, step: 'disk', message: 'm', retries: 0 } as const

describe('without asking its host', () => {
  test.each([
    ['deleted before anything was tried', { wish: deleted }, true],
    ['deleted after something was tried', { wish: deleted, journal: { intent: intentOf() } }, false],
    ['wanted', {}, false],
    ['wanted, undone before anything was tried', { journal: { avoid: undoing } }, true],
    ['abandoned by an operator', { wish: { ...deleted, abandoned: true }, journal: { intent: intentOf() } }, true],
    [
      'abandoned while its undoing is stuck',
      { wish: { abandoned: true }, journal: { intent: intentOf(), avoid: undoing, stuck } },
      true,
    ],
    [
      'once abandoned, on its next host',
      { wish: { abandoned: true }, journal: { intent: intentOf(), avoid: undoing } },
      false,
    ],
    [
      'abandoned, but wanted and not being undone',
      { wish: { abandoned: true }, journal: { intent: intentOf(), stuck } },
      false,
    ],
  ] as const)('%s', (_what, parts, may) => {
    expect(mayLeaveUnasked(record(parts as ComputeParts))).toBe(may)
  })
})

test('a machine that is gone gives back what it took of its project, and its addresses', () => {
  const end = gone(record({ wish: deleted }), 99)
  expect(end.counters).toEqual([
    expect.objectContaining({ name: 'instances', by: -1 }),
    expect.objectContaining({ name: 'cores', by: -1 }),
    expect.objectContaining({ name: 'memoryMiB', by: -512 }),
  ])
  expect(end.releases).toEqual(leasesOf(record()))
  expect(end.releases).toEqual([
    { hash: expect.stringMatching(/^leases:/), field: '10.0.0.10' },
    { hash: 'macs', field: '02:00:00:00:00:01' },
  ])
  expect(end).toMatchObject({ raisePhase: true, seen: { goneAt: 99, host: null, machine: null } })
})

test("an operator's machine counts against nobody", () => {
  expect(gone(computeRecord({ project: null, wish: deleted }), 1).counters).toEqual([])
})

test('its end gives back what of its disks was counted, and nothing where none was', () => {
  const gibibytes = (wish: object) =>
    gone(computeRecord({ wish: { ...deleted, ...wish } }), 1).counters?.filter(({ name }) => name === 'volumeGiB')
  expect(gibibytes({ countedGiB: 50 })).toEqual([expect.objectContaining({ by: -50 })])
  expect(gibibytes({})).toEqual([])
})

test('its EC2 name is kept until it is forgotten', () => {
  expect(namesOf(record())).toEqual([{ hash: 'names', field: NAME }])
})

test('a deleted machine is gone with its place', () => {
  expect(givenUp(record({ wish: deleted }), HOST, 9)).toMatchObject({
    giveUpPlace: { host: HOST, wait: false, place: { host: null, waiting: null } },
    seen: { goneAt: 9 },
  })
})

test('one that was refused waits for another place, and keeps in mind who refused it', () => {
  const end = givenUp(record({ journal: { avoid: undoing, intent: intentOf(), attempts: 3 } }), HOST, 9)
  expect(end).toMatchObject({
    giveUpPlace: { host: HOST, wait: true },
    journal: { avoid: undoing, intent: null, attempts: 3, failed: null },
    seen: { goneAt: null, host: null },
  })
  expect(end.counters).toBeUndefined()
})

test('three hosts that refused it: it has failed, with the last reason', () => {
  const avoid = ['a', 'b', HOST].map((host) => ({ host: host as HostId, until: 10, because: `${host} said no` }))
  const end = givenUp(record({ wish: { retries: 2 }, journal: { avoid } }), HOST, 9)
  expect(end).toMatchObject({
    giveUpPlace: { wait: false },
    journal: {
      avoid: [],
      failed: { at: 9, retries: 2, message: `3 hosts refused it; the last one said: ${HOST} said no` },
    },
  })
})

test.each(['on', 'off'] as const)(
  'one that an operator resumed, wanted %s, and that is refused again: waits again',
  (power) => {
    const failed = { message: 'no', at: 1, retries: 0 }
    const end = givenUp(record({ wish: { retries: 1, power }, journal: { avoid: undoing, failed } }), HOST, 9)
    expect(end).toMatchObject({ giveUpPlace: { wait: true }, what: 'compute-displaced' })
  },
)

test('one that is held waits for its release', () => {
  const end = givenUp(record({ wish: { held: true }, journal: { avoid: undoing } }), HOST, 9)
  expect(end).toMatchObject({ giveUpPlace: { wait: false }, what: 'compute-displaced' })
})
