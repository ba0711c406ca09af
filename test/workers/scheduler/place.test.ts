import type { HostId } from '../../../src/model/ids'
import { MOST_PLACED, type Placed, place, placeInSteps } from '../../../workers/scheduler/place'
import { demand, hostView, sizeOf } from '../../support/host-record'

const placedOn = (plan: ReturnType<typeof place>) => plan.placed.map(({ machine, host }) => `${machine}@${host}`)
const machines = (count: number, size = sizeOf(1, 1024)) =>
  Array.from({ length: count }, (_, index) => demand(`m${index + 1}`, size))

test('fewest machines first, lowest id on ties', () => {
  const hosts = [hostView('c'), hostView('a'), hostView('b')]
  expect(placedOn(place({ hosts, machines: machines(4) }))).toEqual(['m1@a', 'm2@b', 'm3@c', 'm4@a'])
})

test('a machine that fits nowhere holds up no other and says why', () => {
  const plan = place({ hosts: [hostView('a')], machines: [demand('big', sizeOf(99, 1)), ...machines(2)] })
  expect(placedOn(plan)).toEqual(['m1@a', 'm2@a'])
  expect(plan.left).toEqual([
    { machine: 'big', waiting: expect.objectContaining({ reasons: { 'not enough CPU': 1 } }) },
  ])
})

test('reasons are those after the plan', () => {
  const plan = place({ hosts: [hostView('a')], machines: machines(9) })
  expect(plan.placed).toHaveLength(8)
  expect(plan.left[0]?.waiting.wouldFit).toBe('it fits when 1 core more become free on one host')
})

test('zone and refusals are kept to', () => {
  const hosts = [hostView('a'), hostView('b', { zone: 'local-1b' }), hostView('c', { zone: 'local-1b' })]
  const avoid = [{ host: 'b' as HostId, because: 'x' }]
  const plan = place({ hosts, machines: [demand('m', sizeOf(1, 1), { zone: 'local-1b', avoid })] })
  expect(placedOn(plan)).toEqual(['m@c'])
})

test('nothing goes to hosts that are disabled, silent or retired', () => {
  const hosts = [hostView('a', { enabled: false }), hostView('b', { answers: false }), hostView('c', { retired: true })]
  expect(place({ hosts, machines: machines(1) })).toMatchObject({ placed: [], left: [{ machine: 'm1' }] })
})

test('a host that starts pv guests only gets no machine of an hvm image; who cannot be started anywhere waits and says why', () => {
  const hosts = [hostView('a', { modes: ['pv'] }), hostView('b')]
  const needs = (id: string, mode: 'pv' | 'hvm') => demand(id, sizeOf(1, 1), { mode })
  expect(placedOn(place({ hosts, machines: [needs('m', 'hvm'), needs('n', 'pv')] }))).toEqual(['m@b', 'n@a'])
  const { left } = place({ hosts: hosts.slice(0, 1), machines: [needs('m', 'hvm')] })
  expect(left[0]?.waiting.reasons).toEqual({ 'cannot start what its image is': 1 })
})

test('no more than one batch at a time', () => {
  const huge = { cpuHundredths: 1e9, memoryMiB: 1e9, diskGiB: 1e9 }
  const plan = place({ hosts: [hostView('a', { usable: huge, free: huge })], machines: machines(MOST_PLACED + 5) })
  expect(plan).toMatchObject({ isCut: true, left: [] })
  expect(plan.placed).toHaveLength(MOST_PLACED)
})

test.each([40, 350])('of %p machines, step by step, the same plan as at once', (count) => {
  const room = { cpuHundredths: 100 * 300, memoryMiB: 1e9, diskGiB: 1e9 }
  const snapshot = { hosts: [hostView('a', { usable: room, free: room })], machines: machines(count) }
  const planning = placeInSteps(snapshot)
  const steps: (readonly Placed[])[] = []
  let next = planning.next()
  for (; !next.done; next = planning.next()) steps.push(next.value)
  expect({ placed: steps.flat(), ...next.value }).toEqual(place(snapshot))
  expect(steps.map((step) => step.length)).toEqual(count === 40 ? [40] : [100, 100, 100])
  expect(next.value.left).toHaveLength(Math.max(0, count - 300))
})

test('nothing in, nothing out', () => {
  expect(place({ hosts: [], machines: [] })).toEqual({ placed: [], isCut: false, left: [] })
})
