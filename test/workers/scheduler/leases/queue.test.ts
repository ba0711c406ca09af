import { DEFAULT_RULES, type LeaseRules } from '../../../../workers/scheduler/leases'
import { DEFAULT_OVERHEADS } from '../../../support/lease-overheads'
import { begun, HOUR, hosts, lease, nodes, plan, running } from '../../../support/lease-snapshot'

const none = (backfilling: LeaseRules['backfilling'], foresee: LeaseRules['foresee'] = 'reserved'): LeaseRules => ({
  ...DEFAULT_RULES,
  preemption: 'none',
  backfilling,
  foresee,
})

describe('the queue', () => {
  test('priority comes before arrival, arrival before the id', () => {
    const all = [
      lease('late', { submitted: 2, count: 4 }),
      lease('b', { submitted: 1, count: 4 }),
      lease('a', { submitted: 1, count: 4 }),
      lease('urgent', { submitted: 3, count: 4, priority: 1 }),
    ]
    const { start, waiting } = plan(all, { now: 3 })
    expect(start.map((entry) => entry.lease)).toEqual(['urgent'])
    expect(waiting.map(({ lease: id, place }) => [id, place])).toEqual([
      ['a', 1],
      ['b', 2],
      ['late', 3],
    ])
  })

  describe('gives times of their own to', () => {
    const busy = lease('busy', { state: running(1, 2), submitted: -1, count: 2, preemptible: false })
    const wide = ['w1', 'w2', 'w3'].map((id, at) => lease(id, { count: 4, submitted: at }))
    const long = lease('long', { submitted: 9, seconds: HOUR + 1 })
    const reserved = (rules: LeaseRules): unknown[] =>
      plan([busy, ...wide, long], { rules }).waiting.map(({ lease: id, earliestStart }) => [id, earliestStart])

    test.each([
      ['off', none({ kind: 'off' }), [HOUR, null, null, null]],
      ['aggressive', none({ kind: 'aggressive' }), [HOUR, null, null, null]],
      ['intermediate', none({ kind: 'intermediate', reservations: 2 }), [HOUR, 2 * HOUR, null, null]],
      ['conservative', none({ kind: 'conservative' }), [HOUR, 2 * HOUR, 3 * HOUR, 4 * HOUR]],
      ['all, where that is asked for', none({ kind: 'aggressive' }, 'all'), [HOUR, 2 * HOUR, 3 * HOUR, 4 * HOUR]],
    ])('%s', (_, rules, times) => {
      expect(reserved(rules)).toEqual(['w1', 'w2', 'w3', 'long'].map((id, at) => [id, times[at]]))
    })
  })

  test('off: who is behind does not begin though there is room; aggressive: it does', () => {
    const all = [
      lease('busy', { state: running(1), preemptible: false }),
      lease('wide', { count: 4 }),
      lease('small', { submitted: 1 }),
    ]
    expect(plan(all, { rules: none({ kind: 'off' }) }).start).toEqual([])
    expect(begun(plan(all, { rules: none({ kind: 'aggressive' }) }))).toEqual([['small', 'boot', hosts(2)]])
  })

  test('what fits nowhere holds up nobody', () => {
    const huge = lease('huge', { count: 5 })
    for (const kind of ['off', 'aggressive', 'conservative'] as const) {
      const { start, waiting } = plan([huge, lease('small', { submitted: 1 })], { rules: none({ kind }) })
      expect(start.map((entry) => entry.lease)).toEqual(['small'])
      expect(waiting).toMatchObject([{ lease: 'huge', place: 1, earliestStart: null }])
    }
  })

  test('only hosts that a lease may use; machines of several sizes, the largest first', () => {
    expect(begun(plan([lease('there', { nodes: hosts(3) })]))).toEqual([['there', 'boot', hosts(3)]])
    const room = (cores: number) => ({ cpuHundredths: cores * 100, memoryMiB: cores * 1024, diskGiB: cores * 10 })
    const sizes = [room(1), room(3), room(2)]
    const two = hosts(1, 2).map((id, at) => ({ id, room: room(at === 0 ? 3 : 4) }))
    const [entry] = plan([lease('mixed', { machines: sizes })], { nodes: two }).start
    expect(entry?.segment.nodes).toEqual(hosts(2, 1, 2))
  })
})

test('an image that was copied to too few nodes, for others had it and dropped it since, is copied anew', () => {
  const image = { name: 'disk', mib: 100 }
  const copied = { lease: 'l', image: 'disk', nodes: hosts(1), from: 0, to: 5 }
  const more = { now: 10, nodes: nodes(3), overheads: { ...DEFAULT_OVERHEADS, imageMibPerSecond: 10 } }
  const lost = plan([lease('l', { count: 2, image })], { ...more, transfers: [copied] })
  expect(lost.start).toEqual([])
  expect(lost.transfer).toMatchObject([{ lease: 'l', image: 'disk', from: 10, to: 20 }])
  const [there, ...others] = more.nodes
  const held = plan([lease('l', { count: 2, image })], {
    ...more,
    nodes: [...(there ? [there] : []), ...others.map((node) => ({ ...node, images: ['disk'] }))],
    transfers: [copied],
  })
  expect(held.start).toHaveLength(1)
})
