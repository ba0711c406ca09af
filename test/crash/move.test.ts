/**
 * A worker dies before and after each arrow while a machine is moved to another host, is refused there, or is deleted on the way. A
 * fresh one takes over. At the end the machine is on one host, as its owner asked, and each effect was brought about once.
 */
import { lifecycle } from '../../src/model/lifecycle'
import { dieAtEach, openArrows } from '../support/arrows'
import { wrongs } from '../support/invariants'
import { openPump, type Pump } from '../support/pump'
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

interface Story {
  readonly name: string
  readonly power: 'on' | 'off' | 'suspended'
  readonly how: 'live' | 'cold'
  readonly withVolume?: boolean
  /** What happens beside the order. */
  readonly also?: (ground: Ground) => Promise<unknown>
  readonly ends: 'there' | 'here' | 'gone'
  /** How often the machine's move was done. */
  readonly moves: number
}
interface Ground {
  readonly id: string
  readonly from: string
  readonly to: string
}

const STORIES: readonly Story[] = [
  { name: 'a live move', power: 'on', how: 'live', ends: 'there', moves: 1 },
  { name: 'a live move with a volume', power: 'on', how: 'live', withVolume: true, ends: 'there', moves: 1 },
  { name: 'a cold move of one that runs', power: 'on', how: 'cold', ends: 'there', moves: 1 },
  { name: 'a cold move of one that is off', power: 'off', how: 'cold', ends: 'there', moves: 1 },
  { name: 'a cold move of one that is suspended', power: 'suspended', how: 'cold', ends: 'there', moves: 1 },
  {
    name: 'a move that is refused',
    power: 'on',
    how: 'live',
    withVolume: true,
    also: ({ from }) => site.simulator.admin.refuse({ verb: 'move', host: from, times: 99 }),
    ends: 'here',
    moves: 0,
  },
  {
    name: 'a move to a host that has no room',
    power: 'on',
    how: 'cold',
    also: ({ to }) => site.setHost(to, { enabled: false }),
    ends: 'here',
    moves: 0,
  },
]

async function atRest(): Promise<boolean> {
  const gone = (await site.store.readAll('compute')).filter(({ seen }) => seen.goneAt !== null).length
  if ((await site.store.agendaSize()) !== HOSTS + gone) return false
  return (await wrongs(site)).length === 0 && (await volumes.wrongs()).length === 0
}

/** A machine at rest, and the name of the host that it is not on. */
async function grounded(pump: Pump, { power, withVolume }: Pick<Story, 'power' | 'withVolume'>): Promise<Ground> {
  await pump.until(site.answering, 'hosts')
  const [id = ''] = await site.order(1, power === 'off' ? { power, starts: 0 } : {})
  await pump.until(atRest, 'a machine')
  if (withVolume) {
    const { id: storage } = await volumes.operations.createStorage(caller, { sizeGiB: 3 })
    await volumes.operations.attachStorage(caller, { storage, compute: id as never })
    await pump.until(atRest, 'a volume')
  }
  if (power === 'suspended') {
    await site.wish(id, () => ({ power }))
    await pump.until(atRest, 'a suspended machine')
  }
  const from = (await site.compute(id)).place.hostName ?? ''
  return { id, from, to: from === 'sim-1' ? 'sim-2' : 'sim-1' }
}

const order = async ({ id, to }: Ground, how: 'live' | 'cold', level = 1) => {
  const host = (await site.host(to)).id
  await site.wish(id, () => ({ move: { level, to: host, how } }))
}

/** How often the move was really done. */
async function movesOf(name: string): Promise<number> {
  const { hosts } = await site.simulator.admin.snapshot()
  return hosts.reduce((sum, host) => sum + (host.resources[name]?.effects.move ?? 0), 0)
}

async function live(story: Story, dieAt: number): Promise<readonly string[]> {
  const arrows = openArrows()
  const pump = openPump(site, { at: arrows.at })
  const ground = await grounded(pump, story)
  const before = await site.compute(ground.id)
  await story.also?.(ground)
  arrows.count(dieAt)
  await order(ground, story.how)
  const isThrough = async () => ((await site.compute(ground.id)).seen.moves ?? 0) === 1 && (await atRest())
  await pump.until(isThrough, `${story.name} to end`)
  const passed = arrows.rest()
  const after = await site.compute(ground.id)
  expect(after.place.hostName).toBe(story.ends === 'there' ? ground.to : ground.from)
  expect(after.place.moving).toBeUndefined()
  expect(lifecycle(after)).toBe({ on: 'running', off: 'poweroff', suspended: 'suspended' }[story.power])
  expect(after.seen.startedAt).toBe(before.seen.startedAt)
  expect(await movesOf(after.wish.name)).toBe(story.moves)
  if (story.ends === 'here') expect(after.journal.trouble?.message).toMatch(/^it was not moved: .*(refused|disabled)/)
  await site.simulator.admin.clearFaults()
  await volumes.terminate(ground.id)
  const gone = async () => (await site.compute(ground.id)).seen.goneAt !== null && (await atRest())
  await pump.until(gone, 'the end of the machine')
  return passed
}

test.each(STORIES)(
  'a worker that dies at any arrow of $name loses and doubles nothing',
  async (story) => {
    await dieAtEach((dieAt) => live(story, dieAt), 5)
  },
  300_000,
)
