import { fault } from '../../../src/faults'
import type { HostListing } from '../../../workers/drivers/driver'
import { CONTACT_LOST_MS, heard, hostDiffers, missed, opensRoom } from '../../../workers/reconcile/host-seen'
import { CAPACITY, hostRecord, sizeOf } from '../../support/host-record'

const listing: HostListing = {
  capacity: CAPACITY,
  capabilities: { lacks: [] },
  boot: 'boot-1',
  version: '1',
  machines: [],
  foreign: [
    { name: 'b', size: sizeOf(1, 1) },
    { name: 'a', size: sizeOf(1, 1) },
  ],
}
const late = fault('timeout', 'no answer')
const { seen } = hostRecord('1')

test('what it answered, in an order of its own', () => {
  const now = heard(listing, ['i-2', 'i-1'], 50)
  expect(now).toMatchObject({
    at: 50,
    contact: 'ok',
    lostSince: null,
    message: null,
    boot: 'boot-1',
    capacity: CAPACITY,
  })
  expect(now.foreign.map((domain) => domain.name)).toEqual(['a', 'b'])
  expect(now.orphans).toEqual(['i-1', 'i-2'])
})

test('one missed answer is told; contact is lost only after ten seconds of them', () => {
  const first = missed(seen, late, 1000, 1000)
  expect(first).toMatchObject({ contact: 'ok', lostSince: 1000, message: 'no answer' })
  expect(missed(first, late, 9000, 1000 + CONTACT_LOST_MS - 1).contact).toBe('ok')
  expect(missed(first, late, 9000, 1000 + CONTACT_LOST_MS)).toMatchObject({ contact: 'lost', lostSince: 1000 })
})

test('a question that took ten seconds to fail was silence all the while', () => {
  expect(missed(seen, late, 1000, 1000 + CONTACT_LOST_MS)).toMatchObject({ contact: 'lost', lostSince: 1000 })
})

test('a host that never answered was never there to be lost', () => {
  const never = missed({ ...seen, contact: 'never' }, late, 1000, 1000)
  expect(missed(never, late, 9000, 1000 + CONTACT_LOST_MS * 2).contact).toBe('never')
})

test('an answer ends the silence', () => {
  const silent = missed(seen, late, 1000, 1000)
  expect(hostDiffers(silent, heard(listing, [], 2000))).toBe(true)
  expect(heard(listing, [], 2000)).toMatchObject({ contact: 'ok', lostSince: null, message: null })
})

test('the time of looking is no difference', () => {
  expect(hostDiffers(heard(listing, [], 1), heard(listing, [], 2))).toBe(false)
  expect(hostDiffers(heard(listing, [], 1), heard({ ...listing, boot: 'boot-2' }, [], 1))).toBe(true)
  expect(hostDiffers(heard(listing, [], 1), heard(listing, ['i-1'], 1))).toBe(true)
  expect(hostDiffers(seen, { ...seen, capacity: null })).toBe(true)
  expect(hostDiffers(seen, { ...seen, capabilities: null })).toBe(true)
})

test('placement is told when a host is back or has become another size', () => {
  expect(opensRoom({ ...seen, contact: 'lost' }, seen)).toBe(true)
  expect(opensRoom(seen, { ...seen, capacity: { ...CAPACITY, memoryMiB: 1 } })).toBe(true)
  expect(opensRoom(seen, { ...seen, at: 99 })).toBe(false)
  expect(opensRoom(seen, { ...seen, contact: 'lost' })).toBe(false)
})
