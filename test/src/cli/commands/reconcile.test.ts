/** `provider reconcile` as people read it, and how it ends. */
import { differing, toldReconciled } from '../../../../src/cli/commands/provider/reconcile'

const SAME = {
  ...{ provider: 'north', month: '2026-11', withinSeconds: 600, at: '2026-11-22T03:00:00.000Z' },
  ...{ agreed: 1, seconds: 3600, taken: 0, differences: [], more: 0 },
}
const DIFFERENT = {
  ...SAME,
  ...{ agreed: 2, taken: 2, more: 3 },
  differences: [
    {
      ...{ machine: 'i-a', what: 'differs' },
      here: { seconds: 7200, cost: { amount: 11_600, currency: 'EUR' } },
      there: { seconds: 3600, cost: null },
    },
  ],
}

test('what agrees, what was taken over, and each difference with both sides', () => {
  expect(toldReconciled(SAME)).toBe('2026-11: 1 machine at north agree to the second, 3600 s in all\n')
  expect(toldReconciled(DIFFERENT)).toBe(
    [
      "2026-11: 2 machines at north agree to the second, 3600 s in all; of 2 of them north's times were taken over just now",
      '',
      'MACHINE  WHAT     HERE                AT NORTH          SECONDS MORE HERE',
      'i-a      differs  7200 s, 0.0116 EUR  3600 s, no price  3600',
      'and 3 more',
      '',
    ].join('\n'),
  )
})

test('it fails as long as anything differs', () => {
  expect(differing(SAME)).toBeUndefined()
  expect(differing(DIFFERENT)).toMatchObject({ kind: 'conflict', message: /differ in 4 machines$/ })
})
