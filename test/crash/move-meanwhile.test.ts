/** What happens to a move while it is under way: its worker dies or freezes, it is deleted, a host goes away. Never two running copies, never none. */
import { ec2State, lifecycle, occiState } from '../../src/model/lifecycle'
import { reconcile } from '../../workers/reconcile/dispatch'
import type { Point } from '../../workers/reconcile/work'
import { openFreezer } from '../support/freezer'
import { wrongs } from '../support/invariants'
import { Crash, openPump, type Pump, type PumpOptions } from '../support/pump'
import { startRedis, type TestRedis } from '../support/redis'
import { type Site, startSite } from '../support/site'
import { caller, openVolumes, type Volumes } from '../support/volumes'

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

interface Ground {
  readonly pump: Pump
  readonly id: string
  readonly name: string
  readonly from: string
  readonly to: string
}

async function running(options: PumpOptions = {}): Promise<Ground> {
  const pump = openPump(site, options)
  await pump.until(async () => (await site.store.readAll('host')).every((host) => host.seen.contact === 'ok'), 'hosts')
  const [id = ''] = await site.order(1)
  await pump.until(async () => (await settled(id)) && lifecycle(await site.compute(id)) === 'running', 'a machine')
  const { wish, place } = await site.compute(id)
  const from = place.hostName ?? ''
  return { pump, id, name: wish.name, from, to: from === 'sim-1' ? 'sim-2' : 'sim-1' }
}
const settled = async (id: string) => (await site.compute(id)).journal.intent?.outcome === 'done'
const where = async (id: string) => (await site.compute(id)).place.hostName
const through =
  (id: string, level = 1) =>
  async () =>
    (await site.compute(id)).seen.moves === level && (await wrongs(site)).length === 0
const order = async ({ id, to }: Ground, how: 'live' | 'cold' = 'live', level = 1) => {
  const host = (await site.host(to)).id
  await site.wish(id, () => ({ move: { level, to: host, how } }))
}
const workOf = async ({ name }: Ground) =>
  (await site.found(name)).map(({ sighting }) => sighting.work).find((work) => work !== null)
const moves = async ({ name }: Ground) =>
  (await site.simulator.admin.snapshot()).hosts.reduce(
    (sum, { resources }) => sum + (resources[name]?.effects.move ?? 0),
    0,
  )
const goOn = async ({ pump }: Ground, ms: number) => {
  await site.simulator.admin.advance(ms)
  pump.clock.advance(ms)
}
/** Slow moves, and the machine on its way. */
async function underWay(how: 'live' | 'cold' = 'live', options: PumpOptions = {}): Promise<Ground> {
  const ground = await running(options)
  await site.simulator.admin.duration({ verb: 'move', ms: 60_000 })
  await order(ground, how)
  await ground.pump.until(async () => (await workOf(ground)) !== undefined, 'a move under way')
  return ground
}

test.each(['live', 'cold'] as const)(
  'a %s move under way: it is shown as running, holds room at both, is adopted',
  async (how) => {
    let acts = 0
    const ground = await underWay(how, {
      at: (point, ref) => {
        if (point !== 'after:act' || ref.kind !== 'compute') return
        acts += 1
        // disk, network, define, power on, then the move.
        if (acts === 5) throw new Crash(point)
      },
    })
    const { pump, id } = ground
    const key = (await workOf(ground))?.key
    await pump.turn()
    const record = await site.compute(id)
    expect([lifecycle(record), occiState(record), ec2State(record).name]).toEqual(['migrating', 'active', 'running'])
    const ids = (await site.store.readAll('host')).map((host) => host.id)
    const claims = await site.store.hostClaims(ids)
    expect(claims.every((held) => held.claims[id] !== undefined)).toBe(true)
    const { epoch } = record
    await pump.until(async () => (await site.compute(id)).epoch.number > epoch.number, 'a newer claim')
    expect((await workOf(ground))?.key).toBe(key)
    await goOn(ground, 60_000)
    await pump.until(through(id), 'the end of the move')
    expect(await where(id)).toBe(ground.to)
    expect(await moves(ground)).toBe(1)
  },
)
test.each(['live', 'cold'] as const)(
  'deleted during a %s move: it is cancelled, and nothing is left on either host',
  async (how) => {
    const ground = await underWay(how)
    await site.wish(ground.id, () => ({ exists: false }))
    await ground.pump.until(site.is(ground.id, 'done'), 'the end')
    expect(await wrongs(site)).toEqual([])
    expect(await site.found(ground.name)).toEqual([])
  },
)

test('deleted when it has just arrived: it is gone from both', async () => {
  const ground = await underWay()
  await site.simulator.admin.advance(60_000)
  await site.wish(ground.id, () => ({ exists: false }))
  await ground.pump.until(site.is(ground.id, 'done'), 'the end')
  expect(await wrongs(site)).toEqual([])
})

test('another order takes its place: the first move is ended, and the machine goes where the second says', async () => {
  const ground = await underWay('cold')
  await order({ ...ground, to: ground.from }, 'cold', 2)
  await ground.pump.until(through(ground.id, 2), 'the second order')
  expect(await where(ground.id)).toBe(ground.from)
  expect(await moves(ground)).toBe(0)
  expect(lifecycle(await site.compute(ground.id))).toBe('running')
  expect((await site.compute(ground.id)).journal.trouble).toBeNull()
})

test('the other host goes away during the move: it stays where it is and runs', async () => {
  const ground = await underWay('cold')
  await site.simulator.admin.vanish(ground.to)
  await goOn(ground, 60_000)
  await ground.pump.until(through(ground.id), 'the end of the order')
  expect(await where(ground.id)).toBe(ground.from)
  const record = await site.compute(ground.id)
  expect(lifecycle(record)).toBe('running')
  expect(record.journal.trouble?.message).toMatch(/^it was not moved: the other host went away/)
  expect(record.journal.trouble?.message).not.toContain('sim-')
})

test('its own host goes away during the move: unknown until it answers, then moved', async () => {
  const ground = await underWay()
  await site.simulator.admin.vanish(ground.from)
  await ground.pump.until(site.is(ground.id, 'unknown'), 'silence')
  await goOn(ground, 60_000)
  await site.simulator.admin.giveBack(ground.from)
  await ground.pump.until(through(ground.id), 'the end of the move')
  expect(await where(ground.id)).toBe(ground.to)
  expect(await moves(ground)).toBe(1)
})

/** As an operator who saw that the host is off. */
async function fence(name: string): Promise<void> {
  const { id } = await site.host(name)
  const claim = await site.store.claim('host', id, 1)
  if (!claim) throw new Error(`no host ${name}`)
  const fenced = { how: 'confirmed', at: 1, boot: null } as const
  await site.store.observe(claim, { seen: { ...claim.record.seen, contact: 'lost', fenced }, what: 'host-fenced' }, 1)
}

test('its own host is given up when it had arrived: it goes on there, and runs once', async () => {
  const ground = await underWay()
  await goOn(ground, 60_000)
  await site.simulator.admin.snapshot()
  await site.simulator.admin.vanish(ground.from)
  await ground.pump.until(site.is(ground.id, 'unknown'), 'silence')
  await fence(ground.from)
  const arrived = async () =>
    (await where(ground.id)) === ground.to && lifecycle(await site.compute(ground.id)) === 'running'
  await ground.pump.until(arrived, 'its arrival')
  expect((await site.compute(ground.id)).place.moving).toBeUndefined()
  expect(await moves(ground)).toBe(1)
})

test('its own host is given up before anything arrived: the room there is free, and it stays unknown', async () => {
  const ground = await underWay()
  await site.simulator.admin.vanish(ground.from)
  await ground.pump.until(site.is(ground.id, 'unknown'), 'silence')
  await fence(ground.from)
  await ground.pump.until(async () => (await site.compute(ground.id)).place.moving === undefined, 'the end of the move')
  const [held] = await site.store.hostClaims([(await site.host(ground.to)).id])
  expect(held?.claims[ground.id]).toBeUndefined()
  expect(await where(ground.id)).toBe(ground.from)
  expect(lifecycle(await site.compute(ground.id))).toBe('unknown')
})

test('a host that cannot move says so by name, and nothing is claimed', async () => {
  const ground = await running()
  await site.simulator.admin.lack(ground.from, [
    { verb: 'move-live', because: 'paravirtual guests cannot be moved live' },
  ])
  const lacks = async () => ((await site.host(ground.from)).seen.capabilities?.lacks ?? []).length > 0
  await ground.pump.until(lacks, 'a host that was asked')
  await order(ground)
  await ground.pump.until(through(ground.id), 'the end of the order')
  expect((await site.compute(ground.id)).journal.trouble?.message).toBe(
    'it was not moved: it cannot be moved live: paravirtual guests cannot be moved live',
  )
  expect(await where(ground.id)).toBe(ground.from)
})

test('an order waits until the machine is as its owner wants it', async () => {
  const ground = await running()
  await site.wish(ground.id, () => ({ power: 'off' }))
  await order(ground, 'cold')
  await ground.pump.until(through(ground.id), 'the end of the move')
  expect(await where(ground.id)).toBe(ground.to)
  expect(lifecycle(await site.compute(ground.id))).toBe('poweroff')
  await site.wish(ground.id, ({ starts }) => ({ power: 'on', starts: starts + 1 }))
  await ground.pump.until(site.is(ground.id, 'running'), 'a start')
  expect(await wrongs(site)).toEqual([])
})

describe('a worker that froze in the middle wakes when all is over', () => {
  const POINTS: readonly Point[] = [
    'after:claim',
    'before:place',
    'after:look',
    'after:intent',
    'before:act',
    'after:act',
    'before:result',
    'before:settle',
  ]

  /** The order, and a worker that freezes at that point of it. */
  async function frozen(point: Point, jobs: number) {
    const ground = await running()
    await order(ground)
    const freezer = openFreezer(point, 'compute')
    const work = site.work({ at: freezer.at, clock: ground.pump.clock })
    const job = (async () => {
      for (let at = 0; at < jobs; at += 1) await reconcile(work, { kind: 'compute', id: ground.id })
    })()
    await Promise.race([freezer.frozen, job])
    return { ground, thaw: freezer.thaw, job }
  }

  test.each(POINTS)('frozen %s: moved by another, and once', async (point) => {
    const { ground, thaw, job } = await frozen(point, 4)
    await ground.pump.until(through(ground.id), 'the end of the move')
    thaw()
    await job
    await ground.pump.until(through(ground.id), 'rest')
    expect(await where(ground.id)).toBe(ground.to)
    expect(await moves(ground)).toBe(1)
  })

  test.each(POINTS)('frozen %s: moved there, and back again by others', async (point) => {
    const { ground, thaw, job } = await frozen(point, 4)
    await ground.pump.until(through(ground.id), 'the end of the move')
    await order({ ...ground, to: ground.from }, 'live', 2)
    await ground.pump.until(through(ground.id, 2), 'the way back')
    thaw()
    await job
    await ground.pump.until(through(ground.id, 2), 'rest')
    expect(await where(ground.id)).toBe(ground.from)
    expect(await moves(ground)).toBe(2)
  })

  test.each(POINTS)('frozen %s: deleted meanwhile, it stays deleted', async (point) => {
    const { ground, thaw, job } = await frozen(point, 4)
    await site.wish(ground.id, () => ({ exists: false }))
    await ground.pump.until(site.is(ground.id, 'done'), 'the end')
    thaw()
    await job
    for (let turns = 0; turns < 10; turns += 1) {
      await ground.pump.turn()
      ground.pump.clock.advance(1000)
    }
    expect(await wrongs(site)).toEqual([])
    expect(await site.found(ground.name)).toEqual([])
  })
})

describe('with a volume', () => {
  let volumes: Volumes
  beforeEach(async () => {
    volumes = await openVolumes(site)
  })
  afterEach(() => volumes.close())

  /** A machine with a volume of 3 GiB. */
  async function withVolume() {
    const ground = await running()
    const { id: storage } = await volumes.operations.createStorage(caller, { sizeGiB: 3 })
    await volumes.operations.attachStorage(caller, { storage, compute: ground.id as never })
    await ground.pump.until(async () => (await volumes.wrongs()).length === 0, 'a volume')
    return { ground, storage }
  }

  test('a volume that is to grow meanwhile grows when it is there', async () => {
    const { ground, storage } = await withVolume()
    await site.simulator.admin.duration({ verb: 'move', ms: 60_000 })
    await order(ground)
    await ground.pump.until(async () => (await workOf(ground)) !== undefined, 'a move under way')
    await volumes.operations.changeStorage(caller, { storage, sizeGiB: 5 })
    for (let turns = 0; turns < 5; turns += 1) {
      await ground.pump.turn()
      ground.pump.clock.advance(1000)
    }
    expect((await volumes.storage(storage))?.journal.intent?.step).toBe('disk')
    await goOn(ground, 60_000)
    const isWhole = async () => (await through(ground.id)()) && (await volumes.wrongs()).length === 0
    await ground.pump.until(isWhole, 'the end of the move, and a larger volume')
    expect(await volumes.storage(storage)).toMatchObject({ place: { hostName: ground.to }, seen: { sizeGiB: 5 } })
  })

  test('a volume that is being changed cannot go along: told by its name, and nothing moves', async () => {
    const { ground, storage } = await withVolume()
    await site.simulator.admin.refuse({ verb: 'disk.grow', host: ground.from, times: 999 })
    await volumes.operations.changeStorage(caller, { storage, sizeGiB: 5 })
    await ground.pump.until(async () => ((await volumes.storage(storage))?.journal.failures ?? 0) > 0, 'a refusal')
    await order(ground)
    await ground.pump.until(through(ground.id), 'the end of the order')
    expect((await site.compute(ground.id)).journal.trouble?.message).toMatch(
      /^it was not moved: its volume vol-\w+ is being changed/,
    )
    expect(await where(ground.id)).toBe(ground.from)
  })

  test('what the other host has no room for stays, and says how much is lacking', async () => {
    const { ground } = await withVolume()
    await site.simulator.admin.addForeign(ground.to, {
      name: 'other',
      size: {
        type: '',
        cores: 0,
        cpuHundredths: 0,
        memoryMiB: 0,
        diskGiB: (await site.host(ground.to)).seen.capacity?.diskGiB ?? 0,
      },
    })
    await ground.pump.until(async () => (await site.host(ground.to)).seen.foreign.length > 0, 'a full host')
    await order(ground)
    await ground.pump.until(through(ground.id), 'the end of the order')
    expect((await site.compute(ground.id)).journal.trouble?.message).toBe(
      'it was not moved: the other host needs 4 GiB of disk, has 0 GiB free',
    )
  })
})
