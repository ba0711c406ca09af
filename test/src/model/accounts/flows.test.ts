import fc from 'fast-check'
import { flowsOf } from '../../../../src/model/accounts'
import type { HostId } from '../../../../src/model/ids'
import { advance, type HostWindow, type MachineUsage } from '../../../../src/model/usage'

const HOST = 'h1' as HostId
const OWNERS = new Map([
  ['i-1', { project: 'green', isAdopted: false }],
  ['i-2', { project: 'green', isAdopted: false }],
  ['i-3', { project: 'blue', isAdopted: false }],
  ['i-old', { project: 'blue', isAdopted: true }],
])
const usage = (name: string, sentBytes: number, receivedBytes: number, cpuSeconds = 10): MachineUsage => ({
  ...{ name, cpuSeconds, memoryMiB: 1, receivedBytes, sentBytes, readBytes: 0, writtenBytes: 0 },
})
const silent = (name: string, cpuSeconds = 10): MachineUsage => ({
  ...{ name, cpuSeconds, memoryMiB: 1, receivedBytes: null, sentBytes: null, readBytes: null, writtenBytes: null },
})
const look = (former: HostWindow | null, at: number, ...machines: MachineUsage[]): HostWindow =>
  advance(HOST, former, { load: 0, uptimeSeconds: at, cpuSeconds: 1, freeMemoryMiB: 1, machines }, at).window
const flows = (former: HostWindow | null, window: HostWindow) =>
  flowsOf(HOST, former, window, OWNERS).map(({ project, sentBytes, receivedBytes }) => [
    project,
    sentBytes,
    receivedBytes,
  ])

test('what counters grew by, of all machines of a project', () => {
  const first = look(null, 1_000, usage('i-1', 100, 10), usage('i-2', 50, 0), usage('i-3', 7, 7))
  const next = look(first, 2_000, usage('i-1', 150, 20), usage('i-2', 51, 0), usage('i-3', 7, 7))
  expect(flows(first, next)).toEqual([['green', 51, 10]])
})

test('of what was before the first look nothing is known; who came since began to count then', () => {
  const first = look(null, 1_000, usage('i-1', 100, 10))
  expect(flows(null, first)).toEqual([])
  expect(flows(first, look(first, 2_000, usage('i-1', 100, 10), usage('i-3', 30, 40)))).toEqual([['blue', 30, 40]])
})

test('a domain that was started anew counts from nothing; a counter that lost a part of it counts nothing', () => {
  const first = look(null, 1_000, usage('i-1', 100, 10, 50))
  expect(flows(first, look(first, 2_000, usage('i-1', 30, 4, 2)))).toEqual([['green', 30, 4]])
  expect(flows(first, look(first, 2_000, usage('i-1', 30, 14, 60)))).toEqual([['green', 0, 4]])
})

test('a look at which its host could not tell is no new beginning, however many there are', () => {
  const first = look(null, 1_000, usage('i-1', 100, 10, 50))
  const second = look(first, 2_000, silent('i-1', 51))
  const third = look(second, 90_000_000, silent('i-1', 52))
  expect([...flows(first, second), ...flows(second, third)]).toEqual([])
  expect(flows(third, look(third, 90_001_000, usage('i-1', 130, 12, 53)))).toEqual([['green', 30, 2]])
})

test('of a domain that was started anew while its host could not tell all is counted once', () => {
  const first = look(null, 1_000, usage('i-1', 100, 10, 50))
  const second = look(first, 2_000, silent('i-1', 2))
  const third = look(second, 3_000, silent('i-1', 3))
  expect([...flows(first, second), ...flows(second, third)]).toEqual([])
  expect(flows(third, look(third, 4_000, usage('i-1', 130, 12, 4)))).toEqual([['green', 130, 12]])
})

test('before the first look that could tell nothing is known of what was', () => {
  const first = look(null, 1_000, silent('i-1', 50))
  const second = look(first, 2_000, silent('i-1', 51), silent('i-3', 1))
  const third = look(second, 3_000, usage('i-1', 9_000, 9_000, 52), usage('i-3', 5, 5, 2))
  expect(flows(second, third)).toEqual([])
  expect(flows(third, look(third, 4_000, usage('i-1', 9_001, 9_000, 53)))).toEqual([['green', 1, 0]])
})

test('whatever looks are silent, what is counted since the first that was not is what was sent since', () => {
  const step = fc.record({ sent: fc.integer({ min: 0, max: 1e6 }), isSilent: fc.boolean() })
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 30 }), (steps) => {
      let window = look(null, 1_000, usage('i-1', 5_000, 0))
      let sum = 5_000
      let counted = 0
      const then = (machine: MachineUsage) => {
        const next = look(window, window.at + 1_000, machine)
        counted += flows(window, next).reduce((all, [, sent]) => all + Number(sent), 0)
        window = next
      }
      for (const { sent, isSilent } of steps) {
        sum += sent
        then(isSilent ? silent('i-1') : usage('i-1', sum, 0))
      }
      then(usage('i-1', sum, 0))
      expect(counted).toBe(sum - 5_000)
    }),
  )
})

test('what a domain sent before it was taken over is nobody’s; what it sends then is its project’s', () => {
  const first = look(null, 1_000, usage('i-1', 100, 10))
  const second = look(first, 2_000, usage('i-1', 100, 10), usage('i-old', 40_000, 50_000, 9_000))
  expect(flows(first, second)).toEqual([])
  const third = look(second, 3_000, usage('i-old', 40_007, 50_003, 9_001))
  expect(flows(second, third)).toEqual([['blue', 7, 3]])
  // It was started anew, as ours.
  expect(flows(third, look(third, 4_000, usage('i-old', 5, 6, 1)))).toEqual([['blue', 5, 6]])
})

test('also where its host could not tell of it when it was seen first', () => {
  const first = look(null, 1_000)
  const second = look(first, 2_000, silent('i-old', 9_000))
  const third = look(second, 3_000, usage('i-old', 40_000, 50_000, 9_001))
  expect([...flows(first, second), ...flows(second, third)]).toEqual([])
})

test('after a long silence what was sent meanwhile is counted all the same, and strangers never are', () => {
  const first = look(null, 1_000, usage('i-1', 100, 10), usage('i-x', 0, 0))
  const next = look(first, 90_000_000, usage('i-1', 500, 10), usage('i-x', 9_000, 0))
  expect(flows(first, next)).toEqual([['green', 400, 0]])
})
