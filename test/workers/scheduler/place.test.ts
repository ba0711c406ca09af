import type { HostId } from '../../../src/model/ids'
import { BATCH, place } from '../../../workers/scheduler/place'
import { demand, hostView, sizeOf } from '../../support/host-record'

const placedOn = (plan: ReturnType<typeof place>) => plan.placed.map(({ machine, host }) => `${machine}@${host}`)
const machines = (count: number, size = sizeOf(1, 1024)) =>
  Array.from({ length: count }, (_, index) => demand(`m${index + 1}`, size))

test('fewest machines first, lowest id on ties', () => {
  const hosts = [hostView('c'), hostView('a'), hostView('b')]
  expect(placedOn(place({ hosts, machines: machines(4) }))).toEqual(['m1@a', 'm2@b', 'm3@c', 'm4@a'])
})

// Placement reference §9, example 21: xen01–03, four machines of 2 cores and 4 GiB.
test('hosts are ranked again after each placement', () => {
  const free = (cpuHundredths: number, gib: number) => ({ cpuHundredths, memoryMiB: gib * 1024, diskGiB: 1000 })
  const hosts = [
    hostView('0', { machines: 2, free: free(600, 12) }),
    hostView('1', { machines: 5, free: free(200, 4) }),
    hostView('2', { machines: 3, free: free(1200, 56) }),
  ]
  const plan = place({ hosts, machines: machines(4, sizeOf(2, 4096)) })
  // Striping by count, then most free memory: after A both 0 and 2 hold three, and 2 has more memory left.
  expect(plan.placed.map(({ host }) => host)).toEqual(['0', '2', '0', '2'])
})

test('as many machines: the one with more free memory', () => {
  const small = hostView('a', { free: { cpuHundredths: 800, memoryMiB: 2048, diskGiB: 100 } })
  expect(placedOn(place({ hosts: [small, hostView('b')], machines: machines(1) }))).toEqual(['m1@b'])
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
  const plan = place({ hosts: [hostView('a', { usable: huge, free: huge })], machines: machines(BATCH + 5) })
  expect(plan.placed).toHaveLength(BATCH)
})

test('nothing in, nothing out', () => {
  expect(place({ hosts: [], machines: [] })).toEqual({ placed: [], left: [] })
})
