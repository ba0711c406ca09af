/** How long a machine waits for a place before it is given up. */
import { PARTNER_WAIT_S } from '../../../../src/model/federation'
import type { ComputeRecord } from '../../../../src/model/records'
import { waitsAtMost } from '../../../../workers/reconcile/placement/waits-at-most'
import { computeRecord } from '../../../support/compute-record'

const base = computeRecord()
const none = new Map<string, number>()
const sent = (some: Partial<ComputeRecord> = {}): ComputeRecord => ({
  ...base,
  wish: { ...base.wish, origin: { order: 'm-1', path: ['north'], project: 'tag' } },
  seen: { ...base.seen, startedAt: null },
  ...some,
})

test("a tenant's waits as long as it takes, or as its project says", () => {
  expect(waitsAtMost({ ...sent(), wish: base.wish }, none)).toBeUndefined()
  expect(waitsAtMost(sent(), new Map([[base.project ?? '', 300]]))).toBe(300)
})

test('what a partner sent is given up soon, but for what ran here already or has terms', () => {
  expect(waitsAtMost(sent(), none)).toBe(PARTNER_WAIT_S)
  expect(waitsAtMost(sent({ seen: { ...base.seen, startedAt: 1 } }), none)).toBeUndefined()
  const termed = { ...sent().wish, lease: {} as NonNullable<ComputeRecord['wish']['lease']> }
  expect(waitsAtMost(sent({ wish: termed }), none)).toBeUndefined()
})

test('one that gave its place away is never given up', () => {
  const parked = { how: 'saved' } as NonNullable<ComputeRecord['place']['parked']>
  const one = sent({ place: { ...base.place, parked } })
  expect(waitsAtMost(one, new Map([[base.project ?? '', 300]]))).toBeUndefined()
})
