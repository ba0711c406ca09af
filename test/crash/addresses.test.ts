/**
 * A worker dies before and after each arrow while public addresses are led to machines, from one to another, away, and along with a
 * machine that moves. A fresh one takes over. At no moment does an address lead to two machines, and at the end each leads where
 * its owner asked.
 */
import { lifecycle } from '../../src/model/lifecycle'
import type { Driver } from '../../workers/drivers/driver'
import { type Addresses, openSiteAddresses } from '../support/addresses'
import { dieAtEach, openArrows } from '../support/arrows'
import { wrongs } from '../support/invariants'
import { openPump, type Pump, type PumpOptions } from '../support/pump'
import { startRedis, type TestRedis } from '../support/redis'
import { type Site, startSite } from '../support/site'
import { caller, openVolumes, type Volumes } from '../support/volumes'

const HOSTS = 2
let redis: TestRedis
let site: Site
let volumes: Volumes
let addresses: Addresses
beforeAll(async () => {
  redis = await startRedis()
})
afterAll(() => redis.stop())
beforeEach(async () => {
  site = await startSite({ redis, hosts: HOSTS })
  volumes = await openVolumes(site)
  addresses = await openSiteAddresses(site, volumes)
})
afterEach(async () => {
  await volumes.close()
  await site.close()
})

type Address = Awaited<ReturnType<Addresses['allocate']>>
interface Ground {
  readonly one: string
  readonly two: string
  readonly address: Address
  /** The host that the first machine is not on. */
  readonly elsewhere: string
}
interface Story {
  readonly name: string
  /** It leads to the first machine before the story begins. */
  readonly associated: boolean
  wish(ground: Ground): Promise<unknown>
  readonly ends: 'one' | 'two' | 'nowhere'
}

const free = ({ address }: Ground) => addresses.operations.disassociateAddress(caller, { address: address.record.id })

const STORIES: readonly Story[] = [
  {
    name: 'an association',
    associated: false,
    wish: ({ address, one }) => addresses.associate(address, one),
    ends: 'one',
  },
  { name: 'a disassociation', associated: true, wish: free, ends: 'nowhere' },
  {
    name: 'a way to another machine',
    associated: true,
    wish: ({ address, two }) => addresses.associate(address, two),
    ends: 'two',
  },
  {
    name: 'a way there and back',
    associated: true,
    wish: async ({ address, one, two }) => {
      await addresses.associate(address, two)
      await addresses.associate(address, one)
    },
    ends: 'one',
  },
  {
    name: 'an end of its machine, and another one that has it next',
    associated: true,
    wish: async ({ address, one, two }) => {
      await volumes.terminate(one)
      await addresses.associate(address, two)
    },
    ends: 'two',
  },
  {
    name: 'an address that is taken down and stays linked',
    associated: true,
    wish: ({ address }) => addresses.operations.levelAddress(caller, { address: address.record.id, up: false }),
    ends: 'nowhere',
  },
  {
    name: 'an address that is taken down and up again',
    associated: true,
    wish: async ({ address }) => {
      await addresses.operations.levelAddress(caller, { address: address.record.id, up: false })
      await addresses.operations.levelAddress(caller, { address: address.record.id, up: true })
    },
    ends: 'one',
  },
  {
    name: 'an address that is linked while it is down, and then up',
    associated: false,
    wish: async ({ address, one }) => {
      await addresses.operations.levelAddress(caller, { address: address.record.id, up: false })
      await addresses.associate(address, one)
      await addresses.operations.levelAddress(caller, { address: address.record.id, up: true })
    },
    ends: 'one',
  },
  {
    name: 'a machine that moves to another host',
    associated: true,
    wish: ({ one, elsewhere }) => move(one, elsewhere),
    ends: 'one',
  },
]

async function move(id: string, to: string): Promise<void> {
  const host = await site.host(to)
  await site.wish(id, ({ move: before }) => ({
    move: { level: (before?.level ?? 0) + 1, to: host.id, how: 'live' as const },
  }))
}

async function atRest(): Promise<boolean> {
  const gone = (await site.store.readAll('compute')).filter(({ seen }) => seen.goneAt !== null).length
  if ((await site.store.agendaSize()) !== HOSTS + gone) return false
  return (await wrongs(site)).length === 0 && (await addresses.wrongs()).length === 0
}

async function grounded(pump: Pump, associated: boolean): Promise<Ground> {
  await pump.until(site.answering, 'hosts')
  const [one = '', two = ''] = await site.order(2)
  await pump.until(atRest, 'machines')
  const address = await addresses.allocate()
  if (associated) {
    await addresses.associate(address, one)
    await pump.until(atRest, 'an address')
  }
  const { place } = await site.compute(one)
  return { one, two, address, elsewhere: place.hostName === 'sim-1' ? 'sim-2' : 'sim-1' }
}

/** Lives through a story with a death at that arrow of its last part; answers all that it passed. */
async function live(story: Story, dieAt: number): Promise<readonly string[]> {
  const arrows = openArrows({ check: async () => expect(await addresses.doubled()).toEqual([]) })
  const pump = openPump(site, { hosts: 'age', at: arrows.at })
  const ground = await grounded(pump, story.associated)
  const { one, two, address } = ground
  arrows.count(dieAt)
  await story.wish(ground)
  await pump.until(atRest, `${story.name} to end`)
  const passed = arrows.rest()
  const { ip } = address.record.wish
  const ends = story.ends === 'nowhere' ? [] : [await site.compute(story.ends === 'one' ? one : two)]
  expect(await addresses.leadsTo(ip)).toEqual(ends.map(({ place, wish }) => `${place.hostName} ${wish.name}`))
  await free(ground)
  await volumes.terminate(one)
  await volumes.terminate(two)
  await pump.until(atRest, 'everything to be gone')
  await addresses.operations.releaseAddress(caller, { address: address.record.id })
  expect(await site.store.resolve(`leases:${address.record.wish.pool}`, [ip])).toEqual([undefined])
  return passed
}

test.each(STORIES)(
  'a worker that dies at any arrow of $name loses and doubles nothing',
  async (story) => {
    await dieAtEach((dieAt) => live(story, dieAt), 5)
  },
  300_000,
)

describe('with one worker', () => {
  const open = async (options: PumpOptions = {}, associated = true) => {
    const pump = openPump(site, { hosts: 'age', ...options })
    return { pump, ...(await grounded(pump, associated)) }
  }
  const leads = (address: Address, to: string) => async () =>
    (await addresses.leadsTo(address.record.wish.ip)).some((at) => at.endsWith(to))
  const nameOf = async (id: string) => (await site.compute(id)).wish.name

  test('the next machine waits until the former one was seen without it, and a release as well', async () => {
    const { pump, one, two, address } = await open()
    await site.simulator.admin.vanish((await site.compute(one)).place.hostName ?? '')
    await addresses.associate(address, two)
    for (let turns = 0; turns < 40; turns += 1) {
      await pump.turn()
      pump.clock.advance(1000)
    }
    expect(await addresses.leadsTo(address.record.wish.ip)).toEqual([expect.stringContaining(await nameOf(one))])
    await addresses.operations.disassociateAddress(caller, { address: address.record.id })
    expect((await addresses.operations.getAddress(caller, address.record.id)).state).toBe('disassociating')
    const release = addresses.operations.releaseAddress(caller, { address: address.record.id })
    await expect(release).rejects.toMatchObject({ kind: 'in-use', message: expect.stringContaining(await nameOf(one)) })
    await addresses.associate(address, two)
    await site.simulator.admin.giveBack((await site.compute(one)).place.hostName ?? '')
    await pump.until(leads(address, await nameOf(two)), 'the next machine')
    expect(await addresses.doubled()).toEqual([])
  }, 60_000)

  test('a host that was given up holds no address back', async () => {
    const { pump, one, two, address } = await open()
    const host = (await site.compute(one)).place.hostName ?? ''
    await site.simulator.admin.vanish(host)
    await pump.until(async () => lifecycle(await site.compute(one)) === 'unknown', 'a silent host')
    await addresses.associate(address, two)
    // As a host that is off: it leads nothing anywhere.
    await site.simulator.admin.giveBack(host, 'restarted')
    await site.simulator.admin.vanish(host)
    await pump.turn()
    expect(await addresses.leadsTo(address.record.wish.ip)).toEqual([])
    await site.setHost(host, { fence: { level: 1, how: 'confirmed', at: 1, by: 'operator' } })
    await pump.until(leads(address, await nameOf(two)), 'the next machine')
    expect((await site.compute(one)).place.hostName).toBe(host)
  }, 60_000)

  test('a release waits for the machine that lets go of it', async () => {
    const { pump, address } = await open()
    await addresses.operations.disassociateAddress(caller, { address: address.record.id })
    const releasing = addresses.operations.releaseAddress(caller, { address: address.record.id })
    await pump.until(atRest, 'the machine to let go')
    await releasing
    expect(await addresses.record(address)).toBeUndefined()
  })

  test('it leads to its machine again after the host restarted', async () => {
    const { pump, one, address } = await open()
    const host = (await site.compute(one)).place.hostName ?? ''
    await site.simulator.admin.vanish(host)
    await site.simulator.admin.giveBack(host, 'restarted')
    expect(await addresses.leadsTo(address.record.wish.ip)).toEqual([])
    await pump.until(leads(address, await nameOf(one)), 'the address')
    await pump.until(async () => lifecycle(await site.compute(one)) === 'running', 'the machine')
  })

  test('an answer that was lost: what may be published is held to be', async () => {
    const { pump, one, two, address } = await open({}, false)
    await site.simulator.admin.loseAnswer({ verb: 'network.publish', times: 1 })
    await addresses.associate(address, one)
    await pump.until(leads(address, await nameOf(one)), 'the address')
    // Its job was told nothing: the record does not show the address, only that it was tried.
    expect((await site.compute(one)).seen.machine?.publics).toBeUndefined()
    await addresses.associate(address, two)
    const { wish } = (await addresses.record(address)) ?? fail()
    expect(wish.formers).toEqual([one])
    await pump.until(leads(address, await nameOf(two)), 'the next machine')
    expect(await addresses.doubled()).toEqual([])
    await pump.until(atRest, 'rest')
  })

  test('a host that refuses is told of, holds up neither start nor volumes, and is tried again', async () => {
    const { pump, address } = await open({}, false)
    await site.simulator.admin.refuse({ verb: 'network.publish', times: 7, message: 'no such bridge on sim-1' })
    const [id = ''] = await site.order(1)
    await addresses.associate(address, id)
    const { id: storage } = await volumes.operations.createStorage(caller, { sizeGiB: 1 })
    await volumes.operations.attachStorage(caller, { storage, compute: id as never })
    await pump.until(async () => lifecycle(await site.compute(id)) === 'running', 'it to run')
    const volume = async () => (await site.compute(id)).seen.machine?.disks.some(({ name }) => name.startsWith('vol-'))
    await pump.until(async () => (await volume()) === true, 'its volume')
    await pump.until(async () => (await site.compute(id)).journal.trouble?.step === 'publish', 'the trouble')
    const told = await addresses.operations.getAddress(caller, address.record.id)
    expect([told.state, told.message]).toEqual(['associating', expect.stringContaining('no such bridge')])
    await pump.until(atRest, 'the address')
    expect((await addresses.operations.getAddress(caller, address.record.id)).state).toBe('associated')
  })

  test('an interface has one address: another one takes its place; what is asked twice is done once', async () => {
    const orders: string[] = []
    const between = (driver: Driver): Driver => ({
      ...driver,
      network: {
        ...driver.network,
        publish: (host, ticket, mac, publics) => {
          orders.push(publics.map(({ ip }) => ip).join(','))
          return driver.network.publish(host, ticket, mac, publics)
        },
      },
    })
    const { pump, one, address } = await open({ between })
    const other = await addresses.allocate()
    const first = await addresses.associate(other, one)
    const again = await addresses.associate(other, one)
    expect(again.record.wish.holder).toEqual(first.record.wish.holder)
    await pump.until(atRest, 'the other address')
    expect(orders).toEqual([address, other].map(({ record }) => record.wish.ip))
    expect((await addresses.record(address))?.wish.holder).toBeNull()
  })

  test('a machine that ends by itself leaves its address and its volume', async () => {
    const { pump, address } = await open({}, false)
    const [id = ''] = await site.order(1, { options: { onShutdown: 'terminate' } })
    const { id: storage } = await volumes.operations.createStorage(caller, { sizeGiB: 1 })
    await volumes.operations.attachStorage(caller, { storage, compute: id as never })
    await addresses.associate(address, id)
    await pump.until(async () => (await atRest()) && (await volumes.wrongs()).length === 0, 'rest')
    const { place, wish } = await site.compute(id)
    await site.simulator.admin.guestStops(place.hostName ?? '', wish.name)
    await pump.until(async () => lifecycle(await site.compute(id)) === 'done', 'its end')
    expect((await addresses.record(address))?.wish.holder).toBeNull()
    expect((await volumes.storage(storage))?.wish.holder).toBeNull()
    await addresses.operations.releaseAddress(caller, { address: address.record.id })
    await volumes.operations.deleteStorages(caller, { ids: [storage] })
  })
})

const fail = (): never => {
  throw new Error('nothing there')
}
