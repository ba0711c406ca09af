/**
 * Every way in which a machine ends, with a worker that dies at any arrow on the way: its project gets back what it took, and
 * its addresses and its place in the queue for hosts are free, exactly once; also when the record is forgotten later.
 */
import { lifecycle } from '../../src/model/lifecycle'
import type { ComputeWish } from '../../src/model/records'
import { KEPT_MS } from '../../workers/reconcile/backoff'
import { dieAtEach, openArrows } from '../support/arrows'
import { wrongs } from '../support/invariants'
import { openPump, type Pump } from '../support/pump'
import { startRedis, type TestRedis } from '../support/redis'
import { PROJECT, type Site, startSite } from '../support/site'

let redis: TestRedis
let site: Site
beforeAll(async () => {
  redis = await startRedis()
})
afterAll(() => redis.stop())
beforeEach(async () => {
  site = await startSite({ redis, hosts: 3 })
})
afterEach(() => site.close())

const state = async (id: string) => lifecycle(await site.compute(id))
const gone = (): Partial<ComputeWish> => ({ exists: false })

interface End {
  readonly name: string
  /** Before it is deleted: brings it to where its end begins. */
  readonly before: (pump: Pump, id: string) => Promise<void>
  readonly wish?: () => Partial<ComputeWish>
}

const refuseDown = (verb: string) => site.simulator.admin.refuse({ verb, times: 100, message: 'device busy' })
const ENDS: readonly End[] = [
  { name: 'before it had a place', before: async () => undefined },
  {
    name: 'with a place on which nothing was tried yet',
    before: (pump, id) => pump.until(async () => (await site.compute(id)).place.host !== null, 'a place'),
  },
  { name: 'running', before: (pump, id) => pump.until(async () => (await state(id)) === 'running', 'it to run') },
  {
    name: 'while it is undone on a host that refused it',
    before: async (pump, id) => {
      await site.simulator.admin.refuse({ verb: 'define', times: 3, message: 'no' })
      await pump.until(async () => (await site.compute(id)).journal.avoid.length > 0, 'a refusal')
    },
  },
  {
    name: 'failed everywhere',
    before: async (pump, id) => {
      await site.simulator.admin.refuse({ verb: 'define', times: 9, message: 'no' })
      await pump.until(async () => (await state(id)) === 'failed', 'failure')
    },
  },
  {
    name: 'stuck, and given up by an operator',
    before: async (pump, id) => {
      await pump.until(async () => (await state(id)) === 'running', 'it to run')
      await refuseDown('disk.remove')
      await site.wish(id, gone)
      await pump.until(async () => (await site.compute(id)).journal.stuck !== null, 'it to be stuck')
    },
    wish: () => ({ exists: false, abandoned: true }),
  },
]

/** One machine's end with a death at that arrow after its deletion; answers all that it passed. */
async function end({ before, wish = gone }: End, dieAt: number): Promise<readonly string[]> {
  const arrows = openArrows({ of: ({ kind }) => kind !== 'host' })
  const pump = openPump(site, { at: arrows.at })
  await pump.until(site.answering, 'hosts that answer')
  const [id = ''] = await site.order(1)
  const [address] = (await site.compute(id)).wish.interfaces
  await before(pump, id)
  arrows.count(dieAt)
  await site.wish(id, wish)
  await pump.until(async () => (await state(id)) === 'done', 'the end')
  const passed = arrows.rest()
  const left = async () => ({
    counters: await site.store.counters(PROJECT),
    leases: await site.store.resolve(`leases:${address?.network}`, [address?.address ?? '']),
    waiting: await site.store.waiting(10),
  })
  const nothing = { counters: { instances: 0, cores: 0, memoryMiB: 0, volumeGiB: 0 }, leases: [undefined], waiting: [] }
  expect(await left()).toEqual(nothing)
  await site.simulator.admin.clearFaults()
  pump.clock.advance(KEPT_MS)
  await pump.until(async () => (await site.store.read('compute', id)) === undefined, 'the record to be forgotten')
  expect(await left()).toEqual(nothing)
  expect(await wrongs(site)).toEqual([])
  return passed
}

test.each(ENDS)(
  'deleted $name, a worker dying at any arrow: everything is given back once',
  async (ending) => {
    await dieAtEach((dieAt) => end(ending, dieAt), 5)
  },
  300_000,
)
