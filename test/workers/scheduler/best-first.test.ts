import fc from 'fast-check'
import { BestFirst } from '../../../workers/scheduler/best-first'

const HOSTS = 20
const ALL = Array.from({ length: HOSTS }, (_, host) => host)
/** What is done to it: one is put in with a rank, taken out, or the best is put in with a lower rank. */
const stepArb = fc.oneof(
  fc.record({
    do: fc.constant('set' as const),
    host: fc.nat(HOSTS - 1),
    rank: fc.oneof(fc.integer({ min: -5, max: 5 }), fc.constant(Number.NEGATIVE_INFINITY)),
  }),
  fc.record({ do: fc.constant('remove' as const), host: fc.nat(HOSTS - 1) }),
  fc.record({ do: fc.constant('sink' as const), by: fc.integer({ min: 1, max: 8 }) }),
  fc.record({ do: fc.constant('drop' as const) }),
)

/** The best by looking at all. */
function bestOf(ranks: ReadonlyMap<number, number>): number | undefined {
  const all = [...ranks].sort(([a, first], [b, second]) => (first === second ? a - b : first > second ? -1 : 1))
  return all[0]?.[0]
}

test('whatever is done to it, the best is the best and each host has its rank', () => {
  const filled = fc
    .uniqueArray(fc.nat(HOSTS - 1))
    .chain((hosts) => fc.tuple(...hosts.map((host) => fc.tuple(fc.constant(host), fc.integer({ min: -5, max: 5 })))))
  fc.assert(
    fc.property(filled, fc.array(stepArb, { maxLength: 40 }), fc.boolean(), (start, steps, isAsked) => {
      const [heap, ranks] = [new BestFirst(HOSTS), new Map(start)]
      heap.fill([...ranks.keys()], (host) => ranks.get(host) ?? 0)
      for (const step of steps) {
        const top = heap.top()
        if (step.do === 'set') {
          heap.set(step.host, step.rank)
          ranks.set(step.host, step.rank)
        } else if (step.do === 'remove') {
          heap.remove(step.host)
          ranks.delete(step.host)
        } else if (top !== undefined && step.do === 'drop') {
          heap.remove(top)
          ranks.delete(top)
        } else if (top !== undefined && step.do === 'sink') {
          const rank = (ranks.get(top) ?? 0) - step.by
          heap.set(top, rank)
          ranks.set(top, rank)
        }
        expect(heap.top()).toBe(bestOf(ranks))
        // Asked for at every step, or at the end alone: where hosts are is noted from the first time on.
        if (isAsked) expect(ALL.map((host) => heap.rankOf(host))).toEqual(ALL.map((host) => ranks.get(host)))
      }
      expect(ALL.map((host) => heap.rankOf(host))).toEqual(ALL.map((host) => ranks.get(host)))
    }),
  )
})
