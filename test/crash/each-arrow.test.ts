import type { Lifecycle } from '../../src/model/lifecycle'
import type { ComputeWish } from '../../src/model/records'
import { dieAtEach, openArrows } from '../support/arrows'
import { wrongs } from '../support/invariants'
import { openPump } from '../support/pump'
import { startRedis, type TestRedis } from '../support/redis'
import { type Site, startSite } from '../support/site'

const HOSTS = 2
let redis: TestRedis
let site: Site
beforeAll(async () => {
  redis = await startRedis()
})
afterAll(() => redis.stop())
beforeEach(async () => {
  site = await startSite({ redis, hosts: HOSTS })
})
afterEach(() => site.close())

type Wish = (wish: ComputeWish) => Partial<ComputeWish>
interface Story {
  readonly name: string
  /** What happens to a running machine; none: it is only created. */
  readonly wish?: Wish
  readonly ends: Lifecycle
  /** Effects that changed something on its host, in all. */
  readonly effects: Readonly<Record<string, number>>
}

const MADE = { 'disk.ensure': 1, define: 1, 'power.on': 1 }
const STORIES: readonly Story[] = [
  { name: 'create', ends: 'running', effects: MADE },
  { name: 'stop', wish: () => ({ power: 'off' }), ends: 'poweroff', effects: { ...MADE, 'power.off': 1 } },
  { name: 'suspend', wish: () => ({ power: 'suspended' }), ends: 'suspended', effects: { ...MADE, save: 1 } },
  { name: 'restart', wish: () => ({ boots: 1 }), ends: 'running', effects: { ...MADE, 'power.reboot': 1 } },
  { name: 'reset', wish: () => ({ resets: 1 }), ends: 'running', effects: { ...MADE, 'power.reset': 1 } },
  {
    name: 'resize',
    wish: ({ size }) => ({ size: { ...size, cores: 2, memoryMiB: 640 } }),
    ends: 'running',
    effects: { ...MADE, resize: 1 },
  },
  {
    name: 'delete',
    wish: () => ({ exists: false }),
    ends: 'done',
    effects: { ...MADE, 'power.off': 1, undefine: 1, 'disk.remove': 1 },
  },
]

/** Everything done to a machine, on whatever host. */
async function effectsOn(name: string): Promise<Record<string, number>> {
  const { hosts } = await site.simulator.admin.snapshot()
  const sum: Record<string, number> = {}
  for (const host of hosts)
    for (const [effect, times] of Object.entries(host.resources[name]?.effects ?? {}))
      sum[effect] = (sum[effect] ?? 0) + times
  delete sum['network.ensure']
  return sum
}

/** Lives through a story with a death at that arrow of its last part; answers all that it passed. */
async function live(story: Story, dieAt: number): Promise<readonly string[]> {
  const arrows = openArrows()
  const pump = openPump(site, { at: arrows.at })
  const started = async () => (await site.store.readAll('host')).every((host) => host.seen.contact === 'ok')
  await pump.until(started, 'hosts that answer')
  if (!story.wish) arrows.count(dieAt)
  const [id = ''] = await site.order(1)
  const wish = story.wish
  if (wish) {
    await pump.until(site.is(id, 'running'), 'a running machine')
    arrows.count(dieAt)
    await site.wish(id, wish)
  }
  const { name } = (await site.compute(id)).wish
  const restarted = async () => {
    const { seen, wish: wanted } = await site.compute(id)
    return seen.boots >= wanted.boots && seen.resets >= wanted.resets
  }
  await pump.until(async () => (await site.is(id, story.ends)()) && (await restarted()), `${story.name} to end`)
  // Until nothing is left to do, a crash may still come.
  const gone = async () => (await site.store.readAll('compute')).filter(({ seen }) => seen.goneAt !== null).length
  const settled = async () => (await site.store.agendaSize()) === HOSTS + (await gone())
  await pump.until(settled, 'an agenda of hosts and of what is to be forgotten')
  expect(await wrongs(site)).toEqual([])
  expect(await effectsOn(name)).toEqual(story.effects)
  const passed = arrows.rest()
  if (story.ends !== 'done') {
    await site.wish(id, () => ({ exists: false }))
    await pump.until(site.is(id, 'done'), 'the end')
    expect(await wrongs(site)).toEqual([])
  }
  return passed
}

test.each(STORIES)(
  'a worker that dies at any arrow of $name loses and doubles nothing',
  async (story) => {
    await dieAtEach((dieAt) => live(story, dieAt), 9)
  },
  300_000,
)
