import type { Terms } from '../../../../workers/scheduler/leases'
import { HOUR, lease, nodes, plan } from '../../../support/lease-snapshot'

const at = (start: number): Terms => ({ kind: 'reservation', start })

describe('admission comes before room: another outcome', () => {
  test.each([
    ['in the past', { terms: at(-1) }, 'its start lies in the past'],
    [
      'no duration',
      { terms: { kind: 'deadline', by: HOUR } as Terms, seconds: null },
      'a lease with a deadline needs a duration',
    ],
    [
      'late already',
      { terms: { kind: 'deadline', by: HOUR - 1 } as Terms },
      'it would end after its deadline even if it began now',
    ],
    ['nothing', { terms: at(HOUR), count: 0 }, 'it has no machines'],
    ['no time', { terms: at(HOUR), seconds: 0 }, 'its duration is not above 0 s'],
  ])('%s', (_, more, reason) => {
    expect(plan([lease('asked', more)]).rejected).toEqual([{ lease: 'asked', stage: 'admission', reason }])
  })

  test('what may be asked for is refused for lack of room, and told whether it could ever fit', () => {
    const big = { machines: [{ cpuHundredths: 200, memoryMiB: 1024, diskGiB: 0 }] }
    const { rejected } = plan(
      [lease('big', { terms: at(HOUR), ...big }), lease('all', { terms: at(HOUR), count: 3 })],
      { nodes: nodes(2) },
    )
    expect(rejected).toEqual([
      {
        lease: 'all',
        stage: 'room',
        reason: 'there is no room for all of it over that time that is not promised to others',
      },
      { lease: 'big', stage: 'room', reason: 'a machine of it is larger than what any host here has' },
    ])
  })

  test('a maintenance window is no room', () => {
    const [node] = nodes(1)
    if (!node) throw new Error('no node')
    const closed = [{ ...node, less: [{ from: HOUR, to: 2 * HOUR, room: node.room }] }]
    expect(plan([lease('ar', { terms: at(HOUR) })], { nodes: closed }).rejected).toMatchObject([{ stage: 'room' }])
    expect(plan([lease('ar', { terms: at(2 * HOUR) })], { nodes: closed }).accepted).toHaveLength(1)
    expect(plan([lease('be', { preemptible: false, seconds: HOUR + 1 })], { nodes: closed }).waiting).toMatchObject([
      { earliestStart: 2 * HOUR },
    ])
  })

  test('immediate: now, or not at all; of two that ask for the last room the first gets it', () => {
    const now = (id: string, submitted: number) => lease(id, { terms: { kind: 'immediate' }, submitted, count: 3 })
    const { start, rejected, accepted } = plan([now('second', 2), now('first', 1)])
    expect([start.map((entry) => entry.lease), rejected.map((entry) => entry.lease), accepted]).toEqual([
      ['first'],
      ['second'],
      [],
    ])
  })
})
