/** The lease of a machine as the command line tells it. */
import { lease, leaseFields, leaseLines } from '../../../../src/cli/commands/show-lease'

const none = { booked: [], ran: 0, ends: null, waits: null }

test('a machine without a lease, or a gateway that tells of none, shows nothing of it', () => {
  expect([leaseFields(null), leaseFields(undefined), leaseLines(null)]).toEqual([{}, {}, []])
  expect(leaseFields(lease.parse(none))).toEqual({})
})

test('terms, each stretch that is promised, its end, its earliest start and its place in the queue', () => {
  const stretch = { host: 'sim-1', from: 'a', run: 'b', stop: 'c', to: 'd' }
  const parsed = lease.parse({
    ...{ start: '2036-12-01T08:00:00Z', duration: '7200s', atEnd: 'terminate', group: 'pair', members: 2 },
    ...{ preemptible: 'true', booked: [stretch, { ...stretch, stop: null, to: null }], ran: 60, ends: 'e' },
    waits: { says: 'it waits', at: 'f', ahead: 2 },
  })
  expect(leaseFields(parsed)).toEqual({
    'lease start': '2036-12-01T08:00:00Z',
    'lease duration': '7200s',
    'at its end': 'terminate',
    'lease group': 'pair, 2 machines',
    'gives way': 'yes',
    booked: 'on sim-1 from a to d; it runs from b to c',
    'booked 2': 'on sim-1 from a to without end; it runs from b',
    'ran before': '60 s',
    'lease ends': 'e',
    'earliest start': 'f',
    'ahead in the queue': '2',
  })
  expect(leaseLines(parsed)).toContain('earliest start: f\n')
  expect(leaseLines(parsed)).toHaveLength(11)
})
