import { pino } from 'pino'
import type { Epoch } from '../../../../src/model/epoch'
import type { WatchSighting } from '../../../../src/model/fencing'
import type { Claim } from '../../../../src/store/store'
import { riseAbove } from '../../../../workers/reconcile/fencing/rise-above'
import type { Work } from '../../../../workers/reconcile/work'

const epoch = (number: number, era = 500): Epoch => ({ era, number })
const watch = (held?: Epoch): WatchSighting => ({
  uptimeMs: 1,
  isOn: true,
  endsMs: null,
  ...(held === undefined ? {} : { epoch: held }),
})

/** What a job that claimed by 500.10 did: epochs it went above, and what it warned of. `now`: the epoch that the record has meanwhile. */
async function rising(sighting: WatchSighting | undefined, now: Epoch = epoch(10), drawn: Epoch = epoch(1, 900)) {
  const above: (Epoch | undefined)[] = []
  const warned: unknown[] = []
  const store = {
    read: async () => ({ epoch: now }),
    claim: async (_kind: string, _id: string, _now: number, held: Epoch | undefined) => {
      above.push(held)
      return { epoch: drawn }
    },
  }
  const log = Object.assign(pino({ level: 'silent' }), { warn: (fields: unknown) => warned.push(fields) })
  const work = { store, log, clock: { now: () => 900 }, at: () => undefined } as unknown as Work
  await riseAbove(work, { ref: { kind: 'host', id: 'h1' }, epoch: epoch(10) } as Claim<'host'>, sighting)
  return { above, warned }
}

test('above what the host goes by, told once', async () => {
  const { above, warned } = await rising(watch(epoch(70)))
  expect(above).toEqual([epoch(70)])
  expect(warned).toEqual([{ kind: 'host', id: 'h1', held: '500.70', epoch: '900.1' }])
})

test('another worker that began the era first has told it', async () => {
  const { above, warned } = await rising(watch(epoch(70)), epoch(10), epoch(2, 900))
  expect([above.length, warned.length]).toEqual([1, 0])
})

test.each<[string, WatchSighting | undefined, Epoch]>([
  ['it has no watch', undefined, epoch(10)],
  ['its watch was never ordered', watch(), epoch(10)],
  ['it took the order', watch(epoch(10)), epoch(10)],
  ['its watch goes by an older one', watch(epoch(9)), epoch(10)],
  ['it goes by a newer one, of a claim that took this one’s place', watch(epoch(11)), epoch(11)],
])('nothing is done where %s', async (_why, sighting, now) => {
  expect(await rising(sighting, now)).toEqual({ above: [], warned: [] })
})
