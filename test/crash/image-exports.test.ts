/**
 * Workers that die, freeze and wake up late while an image is on its way to a provider, which has no guard: what arrives is the file, once, and
 * what was cancelled stays away.
 */

import type { ImageRecord } from '../../src/model/records'
import { reconcile } from '../../workers/reconcile/dispatch'
import type { Point, Work } from '../../workers/reconcile/work'
import { type ElasticSite, openElasticSite } from '../support/elastic-site'
import { openFreezer } from '../support/freezer'
import { OPERATOR } from '../support/gateways'
import { BIG, contentsOf, type Exporting, openExporting, PROVIDER } from '../support/image-exports'
import { Crash, type PumpOptions } from '../support/pump'
import { startRedis, type TestRedis } from '../support/redis'

let redis: TestRedis
let stage: ElasticSite
let exporting: Exporting
let image: ImageRecord
let crashAt: NonNullable<PumpOptions['at']> = () => undefined

beforeAll(async () => {
  redis = await startRedis()
})
afterAll(() => redis.stop())
beforeEach(async () => {
  crashAt = () => undefined
  stage = await openElasticSite(redis, (...point) => crashAt(...point))
  exporting = await openExporting(stage)
  image = await exporting.bring()
})
afterEach(async () => {
  await exporting.close()
  await stage.close()
})

const order = () => ({ image: image.wish.ami, provider: PROVIDER })
const state = async () => (await exporting.operations.imageAtProvider(OPERATOR, order())).record?.seen.state
const until = (wanted: string) => stage.pump.until(async () => (await state()) === wanted, wanted)

async function isThereOnce(): Promise<void> {
  const [drive, ...more] = exporting.drives()
  if (!drive) throw new Error('no drive')
  expect(more).toEqual([])
  expect(contentsOf(drive).equals(BIG)).toBe(true)
  expect(await exporting.registered(image.id)).toBe(drive.id)
}

const POINTS: readonly Point[] = [
  'after:claim',
  'before:look',
  'after:look',
  'before:act',
  'after:act',
  'before:result',
  'after:result',
  'before:place',
  'after:place',
  'before:settle',
]
const CASES = POINTS.flatMap((point) => [1, 2].map((time) => [point, time] as const))

test.each(CASES)('a worker dies %s, time %i: another one goes on with it', async (point, time) => {
  let left = time
  crashAt = (here, ref) => {
    if (here !== point || ref.kind !== 'imageexport') return
    left -= 1
    if (left === 0) throw new Crash()
  }
  await exporting.operations.sendImage(OPERATOR, order())
  await until('completed')
  await isThereOnce()
})

/** A worker that freezes in the job. */
async function frozenAt(point: Point, time: number, which: 'is ordered' | 'goes on' = 'is ordered') {
  const { operations } = exporting
  const { record } = await (which === 'is ordered'
    ? operations.sendImage(OPERATOR, order())
    : operations.imageAtProvider(OPERATOR, order()))
  const freezer = openFreezer(point, 'imageexport', time)
  const plain = stage.site.work({ at: freezer.at, clock: stage.pump.clock })
  const work: Work = { ...plain, driver: (kind) => (kind === 'elastichosts' ? stage.driver : plain.driver(kind)) }
  const job = reconcile(work, { kind: 'imageexport', id: record?.id ?? '' })
  const first = await Promise.race([freezer.frozen.then(() => 'frozen'), job.then(() => 'through')])
  expect(first).toBe('frozen')
  return { thaw: freezer.thaw, job }
}

test.each([
  ['before:look', 1],
  ['after:look', 1],
  ['before:act', 1],
  ['after:act', 2],
  ['before:place', 1],
] as const)('frozen %s, time %i, and awake when all is done: it is there once', async (point, time) => {
  const { thaw, job } = await frozenAt(point, time)
  await until('completed')
  thaw()
  await job
  await stage.onward()
  await stage.onward()
  await isThereOnce()
})

test.each([
  ['before:look', 1],
  ['before:act', 2],
  ['before:place', 1],
] as const)(
  'frozen %s, time %i, and awake when it was cancelled: nothing is registered, and nothing stays',
  async (point, time) => {
    const { thaw, job } = await frozenAt(point, time)
    await exporting.operations.cancelSending(OPERATOR, order())
    await until('cancelled')
    thaw()
    await job
    await stage.onward()
    await stage.onward()
    expect(await exporting.registered(image.id)).toBeUndefined()
    expect(exporting.drives()).toEqual([])
  },
)

test('frozen when all was sent, and awake when that was removed there and sent anew: what is there stays', async () => {
  const { thaw, job } = await frozenAt('after:act', 4)
  const [first] = exporting.drives()
  stage.zone.world.drives.delete(first?.id ?? '')
  await until('completed')
  thaw()
  await job
  await stage.onward()
  await isThereOnce()
  expect(exporting.drives()[0]?.id).not.toBe(first?.id)
})

test('frozen while it removes what was cancelled, and awake when it was ordered again and is there: it stays', async () => {
  const { thaw, job } = await frozenAt('before:act', 2)
  await exporting.operations.cancelSending(OPERATOR, order())
  const cancelling = await frozenAt('before:act', 1, 'goes on')
  await exporting.operations.sendImage(OPERATOR, order())
  await until('completed')
  for (const one of [cancelling, { thaw, job }]) {
    one.thaw()
    await one.job
  }
  await stage.onward()
  await isThereOnce()
})
