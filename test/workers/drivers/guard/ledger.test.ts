import type { Epoch } from '../../../../src/model/epoch'
import { LINE_KEPT_MS, RESULTS_KEPT_MS, sweep } from '../../../../workers/drivers/guard/ledger'

const epoch = (number: number): Epoch => ({ era: 1, number })
const NOW = 2 * LINE_KEPT_MS

test('a young line stays, a 30 days old one goes and raises the floor', () => {
  const lines = [
    { id: 'old', epoch: epoch(7), at: NOW - LINE_KEPT_MS },
    { id: 'older', epoch: epoch(3), at: 0 },
    { id: 'young', epoch: epoch(9), at: NOW - LINE_KEPT_MS + 1 },
  ]
  expect(sweep(lines, epoch(1), NOW)).toEqual({ floor: epoch(7), dropped: ['old', 'older'], forgotten: ['young'] })
})

test('the floor never falls', () => {
  expect(sweep([{ id: 'old', epoch: epoch(3), at: 0 }], epoch(5), NOW).floor).toEqual(epoch(5))
})

test('results stay an hour after the resource departed', () => {
  const at = NOW - RESULTS_KEPT_MS
  const lines = [
    { id: 'a', epoch: epoch(1), at },
    { id: 'b', epoch: epoch(1), at: at + 1 },
  ]
  expect(sweep(lines, epoch(0), NOW)).toEqual({ floor: epoch(0), dropped: [], forgotten: ['a'] })
})

test('nothing departed, nothing changes', () => {
  expect(sweep([], epoch(4), NOW)).toEqual({ floor: epoch(4), dropped: [], forgotten: [] })
})
