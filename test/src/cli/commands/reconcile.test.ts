/** `provider reconcile` as people read it, and how it ends. */
import type { AdminClient } from '../../../../src/cli/admin-client'
import { differing, reconcile, toldReconciled } from '../../../../src/cli/commands/provider/reconcile'
import { STATEMENT_MS } from '../../../../src/model/studies'

const SAME = {
  ...{ provider: 'north', month: '2026-11', withinSeconds: 600, at: '2026-11-22T03:00:00.000Z' },
  ...{ agreed: 1, seconds: 3600, taken: 0, shifted: 0, differences: [], more: 0 },
}
const DIFFERENT = {
  ...SAME,
  ...{ agreed: 2, taken: 2, shifted: -12, more: 3 },
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
      "2026-11: 2 machines at north agree to the second, 3600 s in all; of 2 of them north's times were taken over just now, 12 s less",
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

describe('how long it waits', () => {
  const unanswered = {
    ...{ id: 's1', kind: 'reconcile', createdAt: null, by: 'operator', answeredAt: null, message: null },
    ...{ rebalance: null, whatif: null },
  }
  afterEach(() => jest.restoreAllMocks())

  /** It is answered when it is asked for the second time, so long after the question. */
  function answeredAfter(ms: number) {
    const now = jest.spyOn(performance, 'now').mockReturnValue(0)
    const looks = [unanswered, { ...unanswered, answeredAt: '2026-11-22T03:00:00.000Z', reconcile: SAME }]
    const get = async () => {
      now.mockReturnValue(ms)
      return looks.shift()
    }
    const admin = { post: async () => unanswered, get } as Partial<AdminClient> as AdminClient
    return reconcile.run(admin, { args: ['north'], options: {}, env: {}, site: { url: '' } })
  }

  test('as long as a worker may wait for the books, and as long as for any answer', async () => {
    expect(await answeredAfter(STATEMENT_MS + 59_000)).toEqual(SAME)
    await expect(answeredAfter(STATEMENT_MS + 61_000)).rejects.toMatchObject({
      kind: 'timeout',
      message: 'no worker answered within 180 s: does one run?',
    })
  })
})
