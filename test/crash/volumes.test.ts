/**
 * A worker dies before and after each arrow while volumes are made, attached, grown, detached and removed. A fresh one takes
 * over. At the end each volume is as its owner asked, once, and each effect was brought about once.
 */
import { dieAtEach, openArrows } from '../support/arrows'
import { wrongs } from '../support/invariants'
import { openPump } from '../support/pump'
import { startRedis, type TestRedis } from '../support/redis'
import { type Site, startSite } from '../support/site'
import { caller, openVolumes, type Volumes } from '../support/volumes'

const HOSTS = 2
let redis: TestRedis
let site: Site
let volumes: Volumes
beforeAll(async () => {
  redis = await startRedis()
})
afterAll(() => redis.stop())
beforeEach(async () => {
  site = await startSite({ redis, hosts: HOSTS })
  volumes = await openVolumes(site)
})
afterEach(async () => {
  await volumes.close()
  await site.close()
})

interface Ground {
  readonly compute: string
  readonly storage: string
}
interface Story {
  readonly name: string
  /** Power of the machine: hot or cold. */
  readonly power: 'on' | 'off'
  /** Attached before the story begins. */
  readonly attached: boolean
  readonly deleteOnTermination?: boolean
  wish(ground: Ground): Promise<unknown>
  readonly effects: {
    readonly volume: Readonly<Record<string, number>>
    readonly machine: Readonly<Record<string, number>>
  }
}

const attach = ({ compute, storage }: Ground, deleteOnTermination = false) =>
  volumes.operations.attachStorage(caller, {
    storage: storage as never,
    compute: compute as never,
    deleteOnTermination,
  })
const detach = ({ storage }: Ground) => volumes.operations.detachStorage(caller, { storage: storage as never })

const STORIES: readonly Story[] = [
  {
    name: 'a first attachment while the machine runs',
    power: 'on',
    attached: false,
    wish: attach,
    effects: { volume: { 'disk.ensure': 1 }, machine: { 'disk.attach': 1 } },
  },
  {
    name: 'a first attachment while the machine is off',
    power: 'off',
    attached: false,
    wish: attach,
    effects: { volume: { 'disk.ensure': 1 }, machine: { 'disk.attach': 1 } },
  },
  {
    name: 'a detachment',
    power: 'on',
    attached: true,
    wish: detach,
    effects: { volume: { 'disk.ensure': 1 }, machine: { 'disk.attach': 1, 'disk.detach': 1 } },
  },
  {
    name: 'a volume that grows while attached',
    power: 'on',
    attached: true,
    wish: ({ storage }) => volumes.operations.changeStorage(caller, { storage: storage as never, sizeGiB: 5 }),
    effects: { volume: { 'disk.ensure': 1, 'disk.grow': 1 }, machine: { 'disk.attach': 1 } },
  },
  {
    name: 'a machine that is deleted and leaves its volume',
    power: 'on',
    attached: true,
    wish: ({ compute }) => volumes.terminate(compute),
    effects: { volume: { 'disk.ensure': 1 }, machine: { 'disk.attach': 1, 'disk.detach': 1 } },
  },
  {
    name: 'a machine that is deleted with its volume',
    power: 'on',
    attached: true,
    deleteOnTermination: true,
    wish: ({ compute }) => volumes.terminate(compute),
    effects: { volume: { 'disk.ensure': 1, 'disk.remove': 1 }, machine: { 'disk.attach': 1, 'disk.detach': 1 } },
  },
  {
    name: 'a machine that is deleted while its volume is being attached',
    power: 'on',
    attached: false,
    deleteOnTermination: true,
    wish: async (ground) => {
      await attach(ground, true)
      await volumes.terminate(ground.compute)
    },
    effects: { volume: {}, machine: {} },
  },
]

async function effectsOf(name: string, verbs: readonly string[]): Promise<Record<string, number>> {
  const { hosts } = await site.simulator.admin.snapshot()
  const sum: Record<string, number> = {}
  for (const host of hosts)
    for (const [effect, times] of Object.entries(host.resources[name]?.effects ?? {}))
      if (verbs.includes(effect)) sum[effect] = (sum[effect] ?? 0) + times
  return sum
}

/** Lives through a story with a death at that arrow of its last part; answers all that it passed. */
async function live(story: Story, dieAt: number): Promise<readonly string[]> {
  const arrows = openArrows()
  const pump = openPump(site, { at: arrows.at })
  await pump.until(async () => (await site.store.readAll('host')).every((host) => host.seen.contact === 'ok'), 'hosts')
  const [compute = ''] = await site.order(1, { power: story.power, starts: story.power === 'on' ? 1 : 0 })
  const settled = async () => {
    const gone = (await site.store.readAll('compute')).filter(({ seen }) => seen.goneAt !== null).length
    return (await site.store.agendaSize()) === HOSTS + gone
  }
  const atRest = async () =>
    (await settled()) && (await volumes.wrongs()).length === 0 && (await wrongs(site)).length === 0
  await pump.until(atRest, 'a machine')
  const record = await volumes.operations.createStorage(caller, { sizeGiB: 3 })
  const ground: Ground = { compute, storage: record.id }
  if (story.attached) {
    await attach(ground, story.deleteOnTermination)
    await pump.until(atRest, 'an attached volume')
  }
  const machine = (await site.compute(compute)).wish.name
  arrows.count(dieAt)
  await story.wish(ground)
  await pump.until(atRest, `${story.name} to end`)
  const passed = arrows.rest()
  expect(await effectsOf(record.wish.name, ['disk.ensure', 'disk.grow', 'disk.remove'])).toEqual(story.effects.volume)
  expect(await effectsOf(machine, ['disk.attach', 'disk.detach'])).toEqual(story.effects.machine)
  await clear(ground, pump)
  await pump.until(atRest, 'everything to be gone')
  expect(await site.store.readAll('storage')).toEqual([])
  return passed
}

/** Everything goes: no volume stays behind on any host. */
async function clear({ compute, storage }: Ground, pump: ReturnType<typeof openPump>): Promise<void> {
  await volumes.terminate(compute)
  await pump.until(async () => (await site.compute(compute)).seen.goneAt !== null, 'the end of the machine')
  if (await volumes.storage(storage)) await volumes.operations.deleteStorages(caller, { ids: [storage as never] })
}

test.each(STORIES)(
  'a worker that dies at any arrow of $name loses and doubles nothing',
  async (story) => {
    await dieAtEach((dieAt) => live(story, dieAt), 5)
  },
  300_000,
)
