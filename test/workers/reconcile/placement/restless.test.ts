/** A machine that others change faster than it is placed: it holds up nobody, and the placement job comes to its end. */
import type { ComputeWish } from '../../../../src/model/records'
import type { Store } from '../../../../src/store/store'
import { reconcile } from '../../../../workers/reconcile/dispatch'
import { openPump, type Pump } from '../../../support/pump'
import { startRedis, type TestRedis } from '../../../support/redis'
import { type Site, startSite } from '../../../support/site'

let redis: TestRedis
let site: Site
let pump: Pump
beforeAll(async () => {
  redis = await startRedis()
})
afterAll(() => redis.stop())
beforeEach(async () => {
  site = await startSite({ redis, capacity: { cpuHundredths: 400, memoryMiB: 2048, diskGiB: 100 } })
  pump = openPump(site)
  await pump.until(async () => (await site.host('sim-1')).seen.capacity !== null, 'a look at the host')
})
afterEach(() => site.close())

interface Pass {
  /** Scripts that were tried. */
  readonly scripts: number
  /** ms until it comes again; null: not by itself. */
  readonly next: number | null
}

/** The placement job, on a clock that stands still while one machine's own job claims its record before each script. */
function placement(restless: () => string | undefined) {
  const now = pump.clock.now()
  let scripts = 0
  let next: number | null = null
  const work = site.work({
    clock: { now: () => now },
    queue: { add: async () => undefined },
    at: async (point) => {
      if (point !== 'before:place') return
      scripts += 1
      const id = restless()
      if (id !== undefined) await site.store.claim('compute', id, now)
    },
  })
  const settle: Store['settle'] = (claim, at, then) => {
    next = at === null ? null : at - then
    return site.store.settle(claim, at, then)
  }
  return async (): Promise<Pass> => {
    scripts = 0
    await reconcile({ ...work, store: { ...work.store, settle } }, { kind: 'placement', id: 'site' })
    return { scripts, next }
  }
}

const hostOf = async (id: string) => (await site.compute(id)).place.hostName

test.each<[string, Partial<ComputeWish>]>([
  ['without terms', {}],
  ['that has terms', { lease: { seconds: 3600 } }],
])('one %s holds up nobody, is tried later and later, and has its place once it is left alone', async (_name, wish) => {
  const [moving = ''] = await site.order(1, wish)
  const [other = ''] = await site.order(1, wish)
  let restless: string | undefined = moving
  const pass = placement(() => restless)
  expect((await pass()).next).toBe(0)
  expect(await hostOf(other)).toMatch(/^sim-/)
  const tries: Pass[] = []
  for (let times = 0; times < 5; times += 1) tries.push(await pass())
  expect(tries.map(({ next }) => next)).toEqual([1000, 2000, 4000, 5000, 5000])
  for (const { scripts } of tries) expect(scripts).toBeLessThanOrEqual(6)
  expect(await hostOf(moving)).toBeNull()
  restless = undefined
  await pass()
  expect(await hostOf(moving)).toMatch(/^sim-/)
  const [last = ''] = await site.order(1, wish)
  restless = last
  expect((await pass()).next).toBe(1000)
})
