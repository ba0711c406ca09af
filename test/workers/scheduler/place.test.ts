import type { HostId } from '../../../src/model/ids'
import { MOST_PLACED, place } from '../../../workers/scheduler/place'
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

test('no more than one batch at a time', () => {
  const huge = { cpuHundredths: 1e9, memoryMiB: 1e9, diskGiB: 1e9 }
  const plan = place({ hosts: [hostView('a', { usable: huge, free: huge })], machines: machines(MOST_PLACED + 5) })
  expect(plan).toMatchObject({ isCut: true, left: [] })
  expect(plan.placed).toHaveLength(MOST_PLACED)
})

test('nothing in, nothing out', () => {
  expect(place({ hosts: [], machines: [] })).toEqual({ placed: [], isCut: false, left: [] })
})
