/** A restart by shutdown and start: where it goes on from whatever is seen. */
import type { Server } from '../../../../../workers/drivers/providers/elastichosts/api/objects'
import { nextOfRestart, restartMark } from '../../../../../workers/drivers/providers/elastichosts/restart'

const KEY = 'i-1/power/up/3'
const server = (status: Server['status'], startedAt: number | null, mark?: string): Server => ({
  ...{ id: 's', status, startedAt, addresses: [], fixedAddress: null, drives: [] },
  marks: new Map(mark === undefined ? [] : [['restart', mark]]),
})
const asked = restartMark(KEY, 'asked', 1_000)
const pressed = restartMark(KEY, 'pressed', 1_000)
const done = restartMark(KEY, 'done', 1_000)
const others = restartMark('i-1/power/up/2', 'pressed', 1_000)

test.each([
  { name: 'runs, nothing asked', given: server('active', 1_000), next: 'press' },
  { name: 'runs, another restart was before', given: server('active', 1_000, others), next: 'press' },
  { name: 'the worker died before it pressed', given: server('active', 1_000, asked), next: 'press' },
  { name: 'the guest takes its time', given: server('active', 1_000, pressed), next: 'wait' },
  { name: 'the guest is off', given: server('stopped', null, pressed), next: 'start' },
  { name: 'off before the second mark', given: server('stopped', null, asked), next: 'start' },
  { name: 'started, its mark lost', given: server('active', 5_000, pressed), next: 'done' },
  { name: 'asked again when done', given: server('active', 5_000, done), next: 'done' },
  { name: 'it went off by itself since', given: server('stopped', null, done), next: 'done' },
  { name: 'off, nothing asked', given: server('stopped', null), next: 'refuse' },
  { name: 'off, another restart was before', given: server('stopped', null, others), next: 'refuse' },
  { name: 'crashed on the way', given: server('dumped', null, pressed), next: 'wait' },
])('$name: $next', ({ given, next }) => expect(nextOfRestart(given, KEY)).toEqual({ kind: next }))

test('a mark is one word after the other, whatever the key', () => {
  expect(restartMark('a key\nwith lines', 'asked', null)).toMatch(/^[0-9a-f]{24} asked 0$/)
})
