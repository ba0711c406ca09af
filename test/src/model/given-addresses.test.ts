import { addressOf, isConnected, publicGiven } from '../../../src/model/given-addresses'
import type { MachineSighting } from '../../../src/model/machine'
import type { ComputeRecord } from '../../../src/model/records'
import { computeRecord } from '../../support/compute-record'

const sighting: MachineSighting = {
  name: 'i-1',
  id: 'x',
  domain: 'running',
  disks: [],
  interfaces: [],
  work: null,
  startedAt: 1,
  whole: true,
  given: {
    object: 'i-their',
    addresses: [
      { ip: '172.31.0.9', scope: 'private' },
      { ip: '203.0.113.9', scope: 'public' },
    ],
  },
}

const at = (machine: MachineSighting | null, offer?: ComputeRecord['place']['offer']): ComputeRecord => {
  const base = computeRecord()
  return { ...base, seen: { ...base.seen, machine }, place: { ...base.place, ...(offer ? { offer } : {}) } }
}
const first = (record: ComputeRecord) => {
  const [one] = record.wish.interfaces
  if (!one) throw new Error('it has one')
  return one
}

test('here it has what was leased to it', () => {
  const record = at(null)
  expect(addressOf(record, first(record))).toBe(first(record).address)
  expect(publicGiven(record)).toBeUndefined()
  expect(isConnected(record, first(record))).toBe(false)
})

test('at a provider it has what it was given, and nothing before that is told', () => {
  const offer = { type: 'small', price: 1 }
  const record = at(sighting, offer)
  expect([addressOf(record, first(record)), publicGiven(record)]).toEqual(['172.31.0.9', '203.0.113.9'])
  expect(isConnected(record, first(record))).toBe(true)
  const { given: _none, ...early } = sighting
  expect(addressOf(at(early, offer), first(record))).toBeNull()
  expect(addressOf(record, { ...first(record), mac: '02:00:00:00:00:99' })).toBeNull()
})
