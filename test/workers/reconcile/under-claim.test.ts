/** How a job goes on where its host's guard knows a newer claim, or has other work. */
import { pino } from 'pino'
import { fault } from '../../../src/faults'
import { type Epoch, formatEpoch, parseEpoch } from '../../../src/model/epoch'
import { underClaim } from '../../../workers/reconcile/under-claim'
import type { Next, Work } from '../../../workers/reconcile/work'

const NOW = 5_000
const stale = (held?: string) => fault('stale', 'a newer claim', held === undefined ? {} : { held })

/**
 * A job whose tries come to `tries`; each draws the next number, or what is above the epoch that it is given. `record`: the epoch that the
 * record has once a try has ended, if that is not the try's.
 */
async function run(tries: readonly (Next | Error)[], record?: string) {
  const left = [...tries]
  const claimed: string[] = []
  const asked: (string | undefined)[] = []
  const settled: unknown[] = []
  let epoch: Epoch = { era: 7, number: 0 }
  const store = {
    claim: async (kind: string, id: string, _now: number, above?: Epoch) => {
      asked.push(above && formatEpoch(above))
      epoch = { era: Math.max(epoch.era, above?.era ?? 0), number: Math.max(epoch.number, above?.number ?? 0) + 1 }
      claimed.push(formatEpoch(epoch))
      return { ref: { kind, id }, epoch, record: { wish: { name: 'vol-1' } } }
    },
    read: async () => (record === 'gone' ? undefined : { epoch: parseEpoch(record ?? '') ?? epoch }),
    settle: async (claim: { readonly epoch: Epoch }, at: number | null) => {
      settled.push([formatEpoch(claim.epoch), at])
      return 'settled'
    },
  }
  const log = pino({ level: 'silent' })
  const queue = { add: async () => undefined }
  const work = { store, log, queue, clock: { now: () => NOW }, at: () => undefined } as unknown as Work
  const ended = underClaim(work, 'storage', 'v1', async () => {
    const came = left.shift()
    if (came === undefined) throw new Error('one try too many')
    if (came instanceof Error) throw came
    return came
  })
  const thrown = await ended.then(
    () => undefined,
    (it: unknown) => it,
  )
  return { asked, claimed, settled, thrown }
}

test('what it comes to is settled', async () => {
  expect(await run([{ at: 9 }])).toMatchObject({ asked: [undefined], settled: [['7.1', 9]] })
  expect(await run(['forgotten'])).toMatchObject({ claimed: ['7.1'], settled: [] })
})

test('work of another one is looked at again in a moment', async () => {
  expect((await run([fault('busy', 'a copy')])).settled).toEqual([['7.1', NOW + 500]])
})

test('a newer claim that no record has is gone above, once', async () => {
  const came = await run([stale('7.30'), { at: null }])
  expect(came).toMatchObject({ asked: [undefined, '7.30'], claimed: ['7.1', '7.31'], settled: [['7.31', null]] })
})

test('one that is overtaken again lets the other through first', async () => {
  const came = await run([stale('7.30'), stale('7.40')])
  expect(came).toMatchObject({ claimed: ['7.1', '7.31'], settled: [['7.31', NOW + 500]], thrown: undefined })
})

test.each(['7.30', 'gone'])('nothing more is done where the record is another’s by now: %s', async (record) => {
  expect(await run([stale('7.30')], record)).toMatchObject({ claimed: ['7.1'], settled: [], thrown: undefined })
})

test('all else is thrown, and comes back with its agenda entry', async () => {
  const internal = fault('internal', 'a defect')
  expect(await run([internal])).toMatchObject({ settled: [], thrown: internal })
  expect(await run([stale('7.30'), internal])).toMatchObject({
    claimed: ['7.1', '7.31'],
    settled: [],
    thrown: internal,
  })
})
