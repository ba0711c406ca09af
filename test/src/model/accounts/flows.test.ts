import { flowsOf } from '../../../../src/model/accounts'
import type { HostId } from '../../../../src/model/ids'
import { advance, type HostWindow } from '../../../../src/model/usage'

const HOST = 'h1' as HostId
const OWNERS = new Map([
  ['i-1', 'green'],
  ['i-2', 'green'],
  ['i-3', 'blue'],
])
const usage = (name: string, sentBytes: number, receivedBytes: number, cpuSeconds = 10) => ({
  ...{ name, cpuSeconds, memoryMiB: 1, receivedBytes, sentBytes, readBytes: 0, writtenBytes: 0 },
})
const look = (former: HostWindow | null, at: number, ...machines: ReturnType<typeof usage>[]): HostWindow =>
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

test('after a long silence what was sent meanwhile is counted all the same, and strangers never are', () => {
  const first = look(null, 1_000, usage('i-1', 100, 10), usage('i-x', 0, 0))
  const next = look(first, 90_000_000, usage('i-1', 500, 10), usage('i-x', 9_000, 0))
  expect(flows(first, next)).toEqual([['green', 400, 0]])
})
