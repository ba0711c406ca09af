import { forOneScript } from '../../../../workers/reconcile/placement/leases'
import type { LeaseStep } from '../../../../workers/scheduler/live-leases'

const step = (what: LeaseStep['what'], machines: number): LeaseStep =>
  ({ what, machines: Array.from({ length: machines }) }) as unknown as LeaseStep

test('few steps go in one script, those that only tell something last', () => {
  const [wait, begin, book] = [step('wait', 1), step('begin', 2), step('book', 1)]
  expect(forOneScript([wait, begin, book])).toEqual([begin, book, wait])
  expect(forOneScript([])).toEqual([])
})

test('of many, a script has the first thousand machines, and no lease in part', () => {
  const waits = Array.from({ length: 1500 }, () => step('wait', 1))
  expect(forOneScript(waits)).toHaveLength(1000)
  const [large, larger, small] = [step('begin', 600), step('begin', 700), step('begin', 1)]
  expect(forOneScript([large, larger, small])).toEqual([large])
  const group = step('begin', 1000)
  expect(forOneScript([group, small])).toEqual([group])
})
