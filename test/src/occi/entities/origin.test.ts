/** What a partner's gateway is told back of its machines. */
import type { ComputeRecord } from '../../../../src/model/records'
import { originOf } from '../../../../src/occi/entities/origin'
import { ORIGIN, ORIGIN_START } from '../../../../src/occi/model/names'
import { computeRecord } from '../../../support/compute-record'

const base = computeRecord()
const sent: ComputeRecord = {
  ...base,
  wish: { ...base.wish, origin: { order: 'm-1', path: ['north', 'south'], project: 'tag' } },
  seen: { ...base.seen, startedAt: null },
}
const told = (record: ComputeRecord) => Object.fromEntries(originOf(record).map(({ name, value }) => [name, value]))

test('where its order came from, never the signature; nothing of one that was ordered here', () => {
  expect(told({ ...sent, seen: { ...base.seen, startedAt: 1 } })).toEqual({
    [ORIGIN.order]: 'm-1',
    [ORIGIN.path]: 'north south',
    [ORIGIN.project]: 'tag',
  })
  expect(originOf(base)).toEqual([])
})

test('until it has run, whether it will', () => {
  expect(told(sent)[ORIGIN_START]).toBe('awaited')
  const failed = { message: 'no', at: 1, retries: sent.wish.retries }
  const given = { ...sent, journal: { ...sent.journal, failed } }
  expect(told(given)[ORIGIN_START]).toBe('given-up')
  // Its operator orders another try.
  expect(told({ ...given, wish: { ...given.wish, retries: sent.wish.retries + 1 } })[ORIGIN_START]).toBe('awaited')
  expect(told({ ...given, seen: { ...base.seen, startedAt: 1 } })[ORIGIN_START]).toBeUndefined()
})
