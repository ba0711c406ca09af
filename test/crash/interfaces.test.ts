/**
 * A worker dies before and after each arrow while machines are linked to a network and unlinked, hot and cold. A fresh one takes over.
 * At the end each machine is connected to what its owner asked for, each effect was brought about once, and what was leased is
 * leased once or free again.
 */
import type { ComputeId, NetworkId } from '../../src/model/ids'
import { dieAtEach, openArrows } from '../support/arrows'
import { wrongs } from '../support/invariants'
import { caller, type Nets, openNets } from '../support/networks'
import { Crash, openPump } from '../support/pump'
import { startRedis, type TestRedis } from '../support/redis'
import { type Site, startSite } from '../support/site'

const HOSTS = 2
let redis: TestRedis
let site: Site
let nets: Nets
beforeAll(async () => {
  redis = await startRedis()
})
afterAll(() => redis.stop())
beforeEach(async () => {
  site = await startSite({ redis, hosts: HOSTS })
  nets = await openNets(site)
})
afterEach(async () => {
  await nets.close()
  await site.close()
})

interface Ground {
  readonly compute: ComputeId
  readonly network: NetworkId
  /** Of the interface that was linked before the story. */
  readonly name: string
}
interface Story {
  readonly name: string
  /** Power of the machine: hot or cold. */
  readonly power: 'on' | 'off'
  /** Linked before the story begins. */
  readonly linked: boolean
  wish(ground: Ground): Promise<unknown>
  readonly effects: Readonly<Record<string, number>>
}

const ADDRESSES = ['10.9.0.50', '10.9.0.51'] as const
const link = ({ compute, network }: Pick<Ground, 'compute' | 'network'>, address: string = ADDRESSES[0]) =>
  nets.operations.connectInterface(caller, { compute, network, address })
const unlink = ({ compute, name }: Ground) => nets.operations.disconnectInterface(caller, { compute, name })

const STORIES: readonly Story[] = [
  {
    name: 'a link while the machine runs',
    power: 'on',
    linked: false,
    wish: link,
    effects: { 'network.attach': 1 },
  },
  {
    // It is defined anew.
    name: 'a link while the machine is off',
    power: 'off',
    linked: false,
    wish: link,
    effects: {},
  },
  {
    name: 'an unlinking while the machine runs',
    power: 'on',
    linked: true,
    wish: unlink,
    effects: { 'network.attach': 1, 'network.detach': 1 },
  },
  {
    name: 'an unlinking while the machine is off',
    power: 'off',
    linked: true,
    wish: unlink,
    effects: {},
  },
  {
    name: 'one interface for another',
    power: 'on',
    linked: true,
    wish: async (ground) => {
      await unlink(ground)
      await link(ground, ADDRESSES[1])
    },
    effects: { 'network.attach': 2, 'network.detach': 1 },
  },
  {
    name: 'a machine that is deleted while an interface leaves',
    power: 'on',
    linked: true,
    wish: async (ground) => {
      await unlink(ground)
      await nets.terminate(ground.compute)
    },
    effects: { 'network.attach': 1 },
  },
]

async function effectsOf(name: string): Promise<Record<string, number>> {
  const { hosts } = await site.simulator.admin.snapshot()
  const sum: Record<string, number> = {}
  for (const host of hosts)
    for (const [effect, times] of Object.entries(host.resources[name]?.effects ?? {}))
      if (effect === 'network.attach' || effect === 'network.detach') sum[effect] = (sum[effect] ?? 0) + times
  return sum
}

/** Lives through a story with a death at that arrow of its last part; answers all that it passed. */
async function live(story: Story, dieAt: number): Promise<readonly string[]> {
  const arrows = openArrows({ of: ({ kind }) => kind === 'compute' })
  const pump = openPump(site, { at: arrows.at })
  await pump.until(async () => (await site.store.readAll('host')).every((host) => host.seen.contact === 'ok'), 'hosts')
  const { id: network, wish } = await nets.operations.createNetwork(caller, { cidr: '10.9.0.0/24' })
  await pump.until(async () => (await site.store.read('network', network))?.seen.state === 'active', 'the network')
  const [compute = '' as ComputeId] = await site.order(1, { power: story.power, starts: story.power === 'on' ? 1 : 0 })
  const settled = async () => {
    const gone = (await site.store.readAll('compute')).filter(({ seen }) => seen.goneAt !== null).length
    return (await site.store.agendaSize()) <= HOSTS + gone
  }
  const atRest = async () =>
    (await settled()) && (await nets.wrongs(network, ADDRESSES)).length === 0 && (await wrongs(site)).length === 0
  await pump.until(atRest, 'a machine')
  const ground = { compute, network, name: story.linked ? (await link({ compute, network })).made.name : '' }
  await pump.until(atRest, 'its interface')
  const machine = (await site.compute(compute)).wish.name
  arrows.count(dieAt)
  await story.wish(ground)
  await pump.until(atRest, `${story.name} to end`)
  const passed = arrows.rest()
  const effects = await effectsOf(machine)
  if (Object.keys(effects).length > 0 || (await site.compute(compute)).wish.exists)
    expect(effects).toEqual(story.effects)
  if ((await site.compute(compute)).wish.exists) await nets.terminate(compute)
  await pump.until(async () => (await site.compute(compute)).seen.goneAt !== null, 'the end of the machine')
  expect(await site.store.resolve(`leases:${network}`, ADDRESSES)).toEqual([undefined, undefined])
  await nets.operations.deleteNetworks(caller, { ids: [network] })
  await pump.until(async () => (await site.store.read('network', network)) === undefined, 'the end of the network')
  expect(await nets.having(wish.subnet)).toEqual([])
  return passed
}

test.each(STORIES)(
  'a worker that dies at any arrow of $name loses and doubles nothing',
  async (story) => {
    await dieAtEach((dieAt) => live(story, dieAt), 5)
  },
  300_000,
)

test('a host that refuses an interface is told on the machine, holds up nothing else, and is asked again', async () => {
  const pump = openPump(site)
  const { id: network } = await nets.operations.createNetwork(caller, { cidr: '10.9.0.0/24' })
  const [compute = '' as ComputeId] = await site.order(1)
  await pump.until(async () => (await site.compute(compute)).seen.machine?.domain === 'running', 'running')
  const { hostName } = (await site.compute(compute)).place
  await site.simulator.admin.refuse({ verb: 'network.attach', host: hostName ?? '', times: 3, message: 'no bridge' })
  await link({ compute, network })
  await pump.until(async () => (await site.compute(compute)).journal.trouble !== null, 'the refusal')
  expect((await site.compute(compute)).journal.trouble).toMatchObject({ step: 'connect', message: 'no bridge' })
  await pump.until(async () => (await site.compute(compute)).seen.machine?.interfaces.length === 2, 'the interface')
  expect((await site.compute(compute)).journal.trouble).toBeNull()
})

test('a project’s network: active when a host has it, inactive when none has, error while hosts refuse', async () => {
  const pump = openPump(site)
  const seen = async () => (await site.store.read('network', id))?.seen
  for (const host of ['sim-1', 'sim-2'])
    await site.simulator.admin.refuse({ verb: 'network.ensure', host, times: 1, message: 'no uplink' })
  const { id, wish } = await nets.operations.createNetwork(caller, { cidr: '10.9.0.0/24' })
  await pump.until(async () => (await seen())?.refusals !== undefined, 'a refusal')
  expect(await seen()).toMatchObject({ state: 'inactive', refusals: { message: expect.stringContaining('no uplink') } })
  await pump.until(async () => (await seen())?.state === 'active', 'active')
  expect(await nets.having(wish.subnet)).toHaveLength(1)
  expect((await seen())?.refusals).toBeUndefined()
  await nets.operations.changeNetwork(caller, { network: id, up: false })
  await pump.until(async () => (await seen())?.state === 'inactive', 'inactive')
  expect(await nets.having(wish.subnet)).toEqual([])
  await nets.operations.changeNetwork(caller, { network: id, up: true })
  await pump.until(async () => (await seen())?.state === 'active', 'active again')
  expect(await nets.having(wish.subnet)).toHaveLength(1)
})

test('deleted: off all hosts first, then its VLAN, its label and its place among the limit are free', async () => {
  let armed = 0
  const pump = openPump(site, {
    at: (point, about) => {
      if (about.kind !== 'network' || armed === 0) return
      armed -= 1
      if (armed % 3 === 0) throw new Crash(point)
    },
  })
  const { id, wish } = await nets.operations.createNetwork(caller, { label: 'back' })
  await pump.until(async () => (await site.store.read('network', id))?.seen.state === 'active', 'active')
  const [before] = [await site.store.counters(caller.project)]
  expect(before.networks).toBe(1)
  armed = 24
  await nets.operations.deleteNetworks(caller, { ids: [id] })
  await pump.until(async () => (await site.store.read('network', id)) === undefined, 'its end')
  expect(armed).toBeLessThan(24)
  expect(await nets.having(wish.subnet)).toEqual([])
  expect(await site.store.resolve('vlans', [`br0:${wish.vlan}`])).toEqual([undefined])
  expect((await site.store.counters(caller.project)).networks).toBe(0)
  await nets.operations.createNetwork(caller, { label: 'back' })
})
