/** Carrying out an announced effect: between its two points, with whatever it ends in as a value, and a defect of ours as what it is. */
import type { Fault } from '../../../src/faults'
import { fault } from '../../../src/faults'
import type { Claim } from '../../../src/store/store'
import type { Effect } from '../../../workers/drivers/driver'
import { acted, tellStep } from '../../../workers/reconcile/acted'
import type { Work } from '../../../workers/reconcile/work'

const ref = { kind: 'storage', id: 'v-1' } as const
const claim = { ref, epoch: { era: 3, number: 7 } } as unknown as Claim
const done: Effect = { state: 'done', value: null }

let points: string[]
let lines: object[]
let work: Work
beforeEach(() => {
  points = []
  lines = []
  work = {
    at: (point: string, { id }: { readonly id: string }) => {
      points.push(`${point} ${id}`)
    },
    clock: { now: () => 1_250 },
    log: { info: (line: object) => lines.push(line) },
  } as unknown as Work
})

test('what comes of it is its value', async () => {
  expect(await acted(work, claim, async () => done)).toBe(done)
  expect(points).toEqual(['before:act v-1', 'after:act v-1'])
})

test('a fault is one too; it comes to no point after', async () => {
  const refused = fault('refused', 'no')
  expect(await acted(work, claim, () => Promise.reject(refused))).toBe(refused)
  expect(points).toEqual(['before:act v-1'])
})

test('a defect of ours says nothing of the effect, and is thrown', async () => {
  const defect = new TypeError('x is not a function')
  await expect(acted(work, claim, () => Promise.reject(defect))).rejects.toBe(defect)
})

test.each<readonly [string, Effect | Fault, string]>([
  ['done', done, 'done'],
  ['under way', { state: 'running', percent: 4, lookAgainMs: 9 }, 'running'],
  ['a fault', fault('timeout', 'no answer'), 'timeout'],
])('one line tells the step: %s', (_name, outcome, came) => {
  tellStep(work, claim, { volume: 'vol-1', step: 'disk' }, { key: 'k/1', began: 1_000 }, outcome)
  expect(lines).toEqual([{ volume: 'vol-1', step: 'disk', epoch: '3.7', ms: 250, outcome: came, key: 'k/1' }])
})
