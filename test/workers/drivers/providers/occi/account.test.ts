/** Which compute of an account is which machine, what it is there, and which one is too many. */
import fc from 'fast-check'
import {
  domainOf,
  isOnItsWay,
  machineNamed,
  machinesIn,
  refuseGivenUp,
  sightingOf,
  surplusIn,
} from '../../../../../workers/drivers/providers/occi/account'
import type { Compute } from '../../../../../workers/drivers/providers/occi/api/compute'
import { summaryOf, titleOf } from '../../../../../workers/drivers/providers/occi/marks'

const SITE = 'local-1'
const compute = (path: string, number: number, some: Partial<Compute> = {}, machine = 'i-1'): Compute => ({
  location: `/compute/${path}`,
  title: titleOf(SITE, machine),
  summary: summaryOf({ record: 'r-1', epoch: { era: 7, number }, madeAt: 5_000 }),
  state: 'active',
  actions: new Set(['stop', 'restart']),
  addresses: [],
  start: null,
  ...some,
})
const keptOf = (...computes: Compute[]) => machineNamed(machinesIn(computes, SITE), 'i-1')
const extraOf = (...computes: Compute[]) => surplusIn(machinesIn(computes, SITE).values()).map(({ object }) => object)

test('of two the one of the newer claim is the machine, wherever it is; of one claim the lower location', () => {
  expect(keptOf(compute('a', 5), compute('b', 6)).compute?.location).toBe('/compute/b')
  expect(extraOf(compute('b', 6), compute('a', 5))).toEqual(['/compute/a'])
  expect(extraOf(compute('d', 5), compute('c', 5))).toEqual(['/compute/d'])
})

test('each machine once and every other object surplus, in whatever order they are told', () => {
  const one = fc.record({ path: fc.stringMatching(/^[0-9a-f]{1,3}$/), number: fc.nat(4) })
  const some = fc.uniqueArray(one, { selector: ({ path }) => path, minLength: 1, maxLength: 6 })
  fc.assert(
    fc.property(some, fc.nat(), (all, turn) => {
      const computes = all.map(({ path, number }) => compute(path, number))
      const turned = [...computes.slice(turn % all.length), ...computes.slice(0, turn % all.length)]
      const [here, there] = [keptOf(...computes), keptOf(...turned)]
      expect(there.compute?.location).toBe(here.compute?.location)
      expect([here.compute?.location, ...extraOf(...turned)].toSorted()).toEqual(
        computes.map(({ location }) => location).toSorted(),
      )
    }),
  )
})

test('what is not ours is nobody to us, and a machine that is not there is absent', () => {
  expect(machinesIn([compute('a', 1, { title: 'web' })], SITE).size).toBe(0)
  expect(machinesIn([compute('a', 1)], 'elsewhere').size).toBe(0)
  expect(sightingOf(machineNamed(new Map(), 'i-1'))).toEqual({
    ...{ name: 'i-1', id: null, domain: 'absent', disks: [], interfaces: [], work: null, startedAt: null },
    whole: true,
  })
})

const terms = (...all: string[]): ReadonlySet<string> => new Set(all)
test.each([
  ['active', terms('stop'), 'running', false],
  ['active', terms(), 'running', false],
  ['inactive', terms('start'), 'off', false],
  ['inactive', terms(), 'running', true],
  ['suspended', terms('start'), 'off', false],
  ['error', terms('start'), 'crashed', false],
  ['error', terms(), 'paused', false],
  ['waiting', terms(), 'paused', false],
])('%s with the actions %p is %s', (state, actions, domain, way) => {
  expect([domainOf({ state, actions }), isOnItsWay({ state, actions })]).toEqual([domain, way])
})

test('a machine that runs bears its record, since when it was made, and its addresses', () => {
  const addresses = ['10.0.0.7', '203.0.113.9', '172.16.1.1', '172.32.1.1', 'fd00::1', '2001:db8::1']
  expect(sightingOf(keptOf(compute('a', 1, { addresses })))).toMatchObject({
    ...{ id: 'r-1', domain: 'running', startedAt: 5_000 },
    given: { object: '/compute/a' },
  })
  const scopes = sightingOf(keptOf(compute('a', 1, { addresses }))).given?.addresses.map(({ scope }) => scope)
  expect(scopes).toEqual(['private', 'public', 'private', 'public', 'private', 'public'])
  expect(sightingOf(keptOf(compute('a', 1, { state: 'suspended' }))).startedAt).toBeNull()
})

test('at a gateway of our own kind one that has not run yet is off and on its way; given up, it never will', () => {
  const none = new Set<string>()
  const awaited = { state: 'inactive', actions: none, start: 'awaited' } as const
  expect([domainOf(awaited), isOnItsWay(awaited)]).toEqual(['off', true])
  expect(domainOf({ ...awaited, state: 'active' })).toBe('running')
  // In 1.2 it is told as an error, in 1.1 as inactive.
  for (const state of ['error', 'inactive']) {
    const given = { state, actions: none, start: 'given-up' } as const
    expect([domainOf(given), isOnItsWay(given)]).toEqual(['off', false])
    expect(() => refuseGivenUp(given)).toThrow(
      expect.objectContaining({ kind: 'refused', detail: { reason: 'no-room' } }),
    )
  }
  expect(() => refuseGivenUp(awaited)).not.toThrow()
})
