/** What operators see of a lease: terms as they were said, what is promised and where, what it waits for. */
import { showLease } from '../../../src/admin/render-lease'
import type { HostId } from '../../../src/model/ids'
import type { Booked } from '../../../src/model/records'
import { computeRecord } from '../../support/compute-record'

const at = Date.parse('2036-12-01T08:00:00Z')
const MINUTE = 60_000
const booked: Booked = {
  ...{ number: 0, host: 'h1' as HostId, lead: 'boot' as const, from: at - MINUTE, run: at, stop: at + 60 * MINUTE },
  ...{ to: at + 61 * MINUTE, ends: 'done' as const },
}
const named = (id: HostId): string | undefined => (id === 'h1' ? 'sim-1' : undefined)

test('a machine without terms has no lease', () => {
  expect(showLease(computeRecord(), named)).toBeNull()
})

test('a promised start: from when to when its host is held, by name, and when it runs', () => {
  const record = computeRecord({
    wish: { lease: { start: at, seconds: 3600, group: { name: 'pair', members: 2 } } },
    place: {
      lease: { booked: [booked, { ...booked, number: 1, host: 'gone' as HostId, stop: null, to: null }] },
      waiting: { since: 1, reasons: {}, examples: [], wouldFit: '', lease: { says: 'its lease is planned', at } },
    },
  })
  expect(showLease(record, named)).toEqual({
    ...{ start: '2036-12-01T08:00:00Z', duration: '3600s', atEnd: 'stop', group: 'pair', members: 2 },
    booked: [
      {
        ...{ host: 'sim-1', from: '2036-12-01T07:59:00Z', run: '2036-12-01T08:00:00Z' },
        ...{ stop: '2036-12-01T09:00:00Z', to: '2036-12-01T09:01:00Z' },
      },
      { host: 'gone', from: '2036-12-01T07:59:00Z', run: '2036-12-01T08:00:00Z', stop: null, to: null },
    ],
    ...{ ran: 0, ends: null },
    waits: { says: 'its lease is planned', at: '2036-12-01T08:00:00Z', ahead: 0 },
  })
})

test('one that runs has an end, and what it ran before; one in the queue its place there', () => {
  const runs = computeRecord({
    wish: { lease: { seconds: 3600, deadline: at } },
    place: { host: 'h1' as HostId, lease: { ran: 600.4, run: at - 50 * MINUTE, ends: at } },
  })
  expect(showLease(runs, named)).toMatchObject({
    deadline: '2036-12-01T08:00:00Z',
    ran: 600,
    waits: null,
    ends: '2036-12-01T08:00:00Z',
  })
  const queued = computeRecord({
    wish: { lease: { seconds: 60, preemptible: true } },
    place: {
      waiting: { since: 1, reasons: {}, examples: [], wouldFit: '', ahead: 3, lease: { says: 'it waits', at: null } },
    },
  })
  expect(showLease(queued, named)).toMatchObject({
    preemptible: 'true',
    waits: { says: 'it waits', at: null, ahead: 3 },
  })
})
