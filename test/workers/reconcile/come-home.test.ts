/** How many may still come home, and what of it is remembered. */
import type { ComputeId, HostId } from '../../../src/model/ids'
import { machineClaim } from '../../../src/model/placement'
import type { MoveHow, RelocationCause } from '../../../src/model/records'
import { homecomings, mayComeHome, nextOf, ordersHome } from '../../../workers/reconcile/relocation/come-home'
import { computeRecord } from '../../support/compute-record'
import { hostRecord } from '../../support/host-record'
import { providerRecord } from '../../support/provider-record'

const NOW = 1_800_000_000_000
const HOUR = 3_600_000
const [P, Q] = [providerRecord('p'), providerRecord('q', { home: { afterMs: 0, perHour: 2 } })]
const from = (host: { readonly id: HostId }, ago: number) => ({ from: host.id, at: NOW - ago })

test('ten an hour where nothing else is said, less those of the last hour', () => {
  const home = [from(P, 10), from(P, HOUR - 1), from(P, HOUR), from(Q, 5)]
  expect([...mayComeHome([hostRecord('h'), P, Q], home, NOW)]).toEqual([
    [P.id, 8],
    [Q.id, 1],
  ])
  expect(mayComeHome([Q], [from(Q, 1), from(Q, 2), from(Q, 3)], NOW).get(Q.id)).toBe(0)
  expect(mayComeHome([P], undefined, NOW).get(P.id)).toBe(10)
})

test('what comes home by itself is remembered for an hour; what a drain brings home is not, nor moves between hosts', () => {
  const leaving = (cause: RelocationCause, how: MoveHow) => {
    const base = computeRecord({ id: `${cause} ${how}` as ComputeId })
    const record = { ...base, place: { ...base.place, host: P.id } }
    return {
      leaver: { id: base.id, name: 'i-1', from: P.id, cause, state: 'moving', message: null } as const,
      order: { record, how, level: 1, to: Q.id, toName: 'q', at: NOW },
    }
  }
  const all = [leaving('home', 'anew'), leaving('drain', 'anew'), leaving('drain', 'live')]
  const orders = ordersHome({ leavers: all.map(({ leaver }) => leaver), orders: all.map(({ order }) => order) })
  expect(homecomings([from(P, HOUR), from(P, 1)], orders, NOW)).toEqual([from(P, 1), { from: P.id, at: NOW }])
})

test('a claim tells whether its machine may be replaced', () => {
  const { project, wish } = computeRecord()
  expect(machineClaim({ project, wish: { ...wish, burst: { replaceable: true } } })).toMatchObject({ home: true })
  expect(machineClaim({ project, wish: { ...wish, burst: { never: true } } })).not.toHaveProperty('home')
})

test('where there are more than are looked at in one turn, all come to their turn, wherever it begins and whoever leaves meanwhile', () => {
  const all = Array.from({ length: 450 }, (_, at) => `m-${String(at).padStart(3, '0')}`)
  const seen = new Set<string>()
  let last: string | undefined
  for (let turn = 0; turn < 3; turn += 1) {
    const next = nextOf(all, last, 200)
    expect([next.length, new Set(next).size]).toEqual([200, 200])
    for (const id of next) seen.add(id)
    last = next.at(-1)
  }
  expect(seen.size).toBe(450)
  expect(nextOf(all, 'm-449', 200)[0]).toBe('m-000')
  // The one that was last is home by now.
  expect(nextOf(all.slice(0, 300), 'm-2000', 200)[0]).toBe('m-201')
  expect(nextOf(all.slice(0, 5), 'm-003', 200)).toEqual(all.slice(0, 5))
})
