/** The end of a record, at the end of its job. */
import type { Claim } from '../../../src/store/store'
import { forget, forgetNamed } from '../../../workers/reconcile/forget'
import type { Work } from '../../../workers/reconcile/work'

const claim = { ref: { kind: 'compute', id: 'c1' } } as unknown as Claim

function site(answer: boolean) {
  const freed: unknown[] = []
  const points: string[] = []
  const store = {
    forget: async (_claim: Claim, releases: unknown) => {
      freed.push(releases)
      return answer
    },
  }
  const work = { store, clock: { now: () => 9 }, at: (point: string) => void points.push(point) } as unknown as Work
  return { work, freed, points }
}

test('its EC2 name is free only with it', async () => {
  const { work, freed, points } = site(true)
  expect(await forgetNamed(work, claim, 'i-1')).toBe('forgotten')
  expect(freed).toEqual([[{ hash: 'names', field: 'i-1' }]])
  expect(points).toEqual(['before:forget', 'after:forget'])
})

test('one that was claimed or wished for since comes again at once', async () => {
  const { work } = site(false)
  expect(await forget(work, claim, [])).toEqual({ at: 9 })
})
