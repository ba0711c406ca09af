import { NO_EPOCH } from '../../../../src/model/epoch'
import type { ReservationId } from '../../../../src/model/ids'
import { type ClaimedHost, holdingsOf, replan } from '../../../../src/model/placement'
import type { ReservationRecord } from '../../../../src/model/records'
import { at, claimedHost, covered, firm, PROJECT, reserved, SMALL } from '../../../support/reserved-hosts'

const record = (count: number): ReservationRecord => ({
  ...{ kind: 'reservation', id: 'r' as ReservationId, project: PROJECT, rev: 1, generation: 1, epoch: NO_EPOCH },
  ...{ wakes: 0, phase: 0, schema: 1, journal: null, place: null },
  wish: {
    ...{ name: 'cr-r', size: SMALL, count, zone: 'local-1a', startsAt: at(0), endsAt: null, match: 'open' },
    ...{ title: null, tags: {}, cancelledAt: null, createdAt: at(0), createdBy: 'ann' },
  },
  seen: { held: count, goneAt: null, message: null },
})
const lost = (id: string) => (host: ClaimedHost) => host.record.id === id
const slots = (hosts: readonly ClaimedHost[]) =>
  holdingsOf('r' as ReservationId, hosts).map(({ host, claim }) => `${host.record.id}:${claim.held.slots}`)

test('nothing is done while its hosts serve', () => {
  const hosts = [claimedHost('a', { r: reserved('r', 2, at(0)) }), claimedHost('b')]
  expect(replan(record(2), hosts, () => false, at(1))).toEqual({ hosts, sound: 2 })
})

test('free places leave a lost host, those with a machine stay there with it', () => {
  const silent = claimedHost('a', { r: reserved('r', 3, at(0)), m: covered('r') })
  const record_ = { ...silent.record, seen: { ...silent.record.seen, contact: 'lost' as const } }
  const hosts = [{ ...silent, record: record_ }, claimedHost('b', { n: firm() })]
  const { hosts: after, sound } = replan(record(3), hosts, lost('a'), at(1))
  expect(slots(after)).toEqual(['a:1', 'b:2'])
  expect(sound).toBe(2)
})

test('places whose host is gone are found anew, as many as there is room for', () => {
  const hosts = [claimedHost('b', { n: firm() })]
  expect(slots(replan(record(2), hosts, () => false, at(1)).hosts)).toEqual(['b:2'])
  const { hosts: after, sound } = replan(record(5), hosts, () => false, at(1))
  expect(slots(after)).toEqual(['b:3'])
  expect(sound).toBe(3)
  expect(replan(record(5), [claimedHost('b', {}, { cores: 0 })], () => false, at(1)).sound).toBe(0)
})
