import { NO_EPOCH } from '../../../../src/model/epoch'
import { decide, type Held, KEPT_RESULTS, keep } from '../../../../workers/drivers/guard/decide'
import { guardContract } from '../../../contract/guard-vectors'
import { ModelGuard } from '../../../support/model-guard'

guardContract('decide', async (floor) => new ModelGuard(floor))

describe('ending an older attached command', () => {
  const held: Held = { epoch: { era: 1, number: 5 }, results: [], work: null }
  test.each([
    { number: 4, ends: false },
    { number: 5, ends: false },
    { number: 6, ends: true },
  ])('epoch $number: $ends', ({ number, ends }) => {
    expect(decide(held, NO_EPOCH, { kind: 'look', epoch: { era: 1, number } }).ends).toBe(ends)
  })

  test('what is not known has nothing to end', () => {
    expect(decide(undefined, NO_EPOCH, { kind: 'look', epoch: { era: 1, number: 1 } }).ends).toBe(false)
  })
})

test('only the newest results are kept, each key once', () => {
  let held: Held = { epoch: { era: 1, number: 1 }, results: [], work: null }
  for (let index = 0; index < KEPT_RESULTS + 5; index++) held = keep(held, `k${index}`, { state: 'done' })
  expect(held.results).toHaveLength(KEPT_RESULTS)
  expect(held.results[0]?.key).toBe('k5')
  const again = keep(held, 'k9', { state: 'refused', message: 'no' })
  expect(again.results).toHaveLength(KEPT_RESULTS)
  expect(again.results.filter((one) => one.key === 'k9')).toEqual([
    { key: 'k9', era: 1, result: { state: 'refused', message: 'no' } },
  ])
})
