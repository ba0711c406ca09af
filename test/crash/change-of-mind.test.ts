/** Wishes that come while a job is under way: they stop the next effect, lose no result, and are never slept over. */
import { lifecycle } from '../../src/model/lifecycle'
import type { ComputeWish } from '../../src/model/records'
import type { Point } from '../../workers/reconcile/work'
import { wrongs } from '../support/invariants'
import { openPump, type PumpOptions } from '../support/pump'
import { startRedis, type TestRedis } from '../support/redis'
import { type Site, startSite } from '../support/site'

let redis: TestRedis
let site: Site
beforeAll(async () => {
  redis = await startRedis()
})
afterAll(() => redis.stop())
beforeEach(async () => {
  site = await startSite({ redis, hosts: 2 })
})
afterEach(() => site.close())

/** Makes a wish the n-th time that any machine's job comes to this point. */
function wishing(
  point: Point,
  time: number,
  wish: (wish: ComputeWish) => Partial<ComputeWish>,
  options: Pick<PumpOptions, 'onwardMs'> = { onwardMs: 0 },
) {
  let left = time
  return openPump(site, {
    ...options,
    at: async (here, ref) => {
      if (here !== point || ref.kind !== 'compute') return
      left -= 1
      if (left === 0) await site.wish(ref.id, wish)
    },
  })
}

const POINTS: readonly Point[] = [
  'after:claim',
  'after:look',
  'before:intent',
  'after:intent',
  'after:act',
  'after:result',
  'before:settle',
  'after:settle',
]

describe.each(POINTS)('deleted %s', (point) => {
  test.each([1, 2, 3, 4])('of job %i of its creation: nothing of it is left', async (time) => {
    const pump = wishing(point, time, () => ({ exists: false }))
    const [id = ''] = await site.order(1)
    await pump.until(async () => lifecycle(await site.compute(id)) === 'done', 'its end')
    expect(await wrongs(site)).toEqual([])
  })
})

describe.each(['before:intent', 'after:intent', 'after:act', 'after:result'] satisfies Point[])(
  'deleted %s, in one job',
  (point) => {
    test.each([1, 2, 3, 4])('of step %i of its creation: nothing of it is left', async (time) => {
      const pump = wishing(point, time, () => ({ exists: false }), {})
      const [id = ''] = await site.order(1)
      await pump.until(async () => lifecycle(await site.compute(id)) === 'done', 'its end')
      expect(await wrongs(site)).toEqual([])
    })
  },
)

test('a delete wished before the intent stops the effect', async () => {
  const pump = wishing('before:intent', 1, () => ({ exists: false }))
  const [id = ''] = await site.order(1)
  await pump.until(async () => lifecycle(await site.compute(id)) === 'done', 'its end')
  const { hosts } = await site.simulator.admin.snapshot()
  const { name } = (await site.compute(id)).wish
  expect(hosts.flatMap((host) => Object.keys(host.resources[name]?.effects ?? {}))).toEqual([])
})

test.each(POINTS)('stopped %s of its last job: it ends off', async (point) => {
  const pump = wishing(point, 4, () => ({ power: 'off', how: 'hard' }))
  const [id = ''] = await site.order(1)
  await pump.until(async () => {
    const { wish, seen } = await site.compute(id)
    return wish.power === 'off' && seen.machine?.domain === 'off'
  }, 'power off')
  expect(await wrongs(site)).toEqual([])
})

test('a wake during settling leaves the machine due now', async () => {
  const { store } = site
  let woken = 0
  const pump = openPump(site, {
    queue: 'loses-all',
    at: async (point, ref) => {
      if (point !== 'before:settle' || ref.kind !== 'compute' || woken > 0) return
      woken = pump.clock.now()
      await store.wake([ref], woken)
    },
  })
  const [id = ''] = await site.order(1)
  await pump.until(async () => woken > 0, 'a settling')
  const due = await store.sweep(pump.clock.now(), 100)
  expect(due).toContainEqual({ kind: 'compute', id })
})

test('a queue that loses every job delays, and loses nothing', async () => {
  const pump = openPump(site, { queue: 'loses-all' })
  const ids = await site.order(5)
  const running = async () =>
    (await Promise.all(ids.map((id) => site.compute(id)))).every((record) => lifecycle(record) === 'running')
  await pump.until(running, 'five running machines')
  expect(await wrongs(site)).toEqual([])
})
