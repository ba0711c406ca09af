/**
 * Volumes of machines at EC2, through everything that becomes of them, while a worker dies the first time that it comes to each point of each
 * part: at the provider there is one volume or none, it hangs where it should, and what others do to it there is told.
 */
import { randomUUID } from 'node:crypto'
import {
  CreateVolumeCommand,
  DeleteVolumeCommand,
  DescribeVolumesCommand,
  DetachVolumeCommand,
  TerminateInstancesCommand,
  type Volume,
} from '@aws-sdk/client-ec2'
import type { ComputeId, StorageId } from '../../src/model/ids'
import { lifecycle } from '../../src/model/lifecycle'
import { monthEnd } from '../../src/model/providers/money'
import { isAttached, type StorageWish, storageMessage } from '../../src/model/storage'
import { openStorageOperations } from '../../src/operations/storage'
import { NOBODY } from '../../src/store/store'
import { dyingOnce } from '../support/arrows'
import { type Ec2Site, NANO, openEc2Site } from '../support/ec2-site'
import { asks } from '../support/ec2-stage'
import { OPERATOR } from '../support/gateways'
import { type Partner, startPartner } from '../support/partner'
import type { PumpOptions } from '../support/pump'
import { startRedis, type TestRedis } from '../support/redis'
import { caller, openVolumes, type Volumes } from '../support/volumes'

// Each waits out some minutes of the workers' clock, job by job, on machines that are shared.
jest.setTimeout(180_000)

let redis: TestRedis
let partner: Partner
let stage: Ec2Site
let volumes: Volumes
let at: NonNullable<PumpOptions['at']> = () => undefined
beforeAll(async () => {
  ;[redis, partner] = await Promise.all([startRedis(), startPartner()])
})
afterAll(async () => {
  await partner.close()
  await redis.stop()
})
beforeEach(async () => {
  at = () => undefined
  stage = await openEc2Site(redis, partner, { at: (...point) => at(...point), patienceMs: 90_000 })
  volumes = await openVolumes(stage.site)
})
afterEach(async () => {
  await volumes.close()
  await stage.close()
})

async function machine(): Promise<ComputeId> {
  const [id = '' as ComputeId] = await stage.site.order(1)
  await stage.until(async () => lifecycle(await stage.site.compute(id)) === 'running', 'a machine there')
  return id
}
const volume = async (sizeGiB = 2) => (await volumes.operations.createStorage(caller, { sizeGiB })).id
const attach = (storage: StorageId, compute: ComputeId, deleteOnTermination = false) =>
  volumes.operations.attachStorage(caller, { storage, compute, deleteOnTermination })
const storageOf = async (id: StorageId) => {
  const record = await volumes.storage(id)
  if (!record) throw new Error(`no volume ${id}`)
  return record
}
const hangs = (storage: StorageId, compute: ComputeId) => async () =>
  isAttached(await stage.site.compute(compute), (await storageOf(storage)).wish.name)
const isGone = (storage: StorageId) => async () => (await volumes.storage(storage)) === undefined

/** What the provider has of ours. */
async function there(): Promise<readonly Volume[]> {
  const Filters = [{ Name: 'tag:occi-gateway.site', Values: [stage.site.name] }]
  const { Volumes = [] } = await stage.stranger.send(new DescribeVolumesCommand({ Filters }))
  return Volumes.filter(({ State }) => State !== 'deleting')
}
const objectOf = async (compute: ComputeId): Promise<string> =>
  (await stage.site.compute(compute)).seen.machine?.given?.object ?? ''

/** From now on a worker dies the first time that it comes to each point at which something is written or done. */
function dieEverywhere(): ReadonlySet<string> {
  const dying = dyingOnce(['storage', 'compute'])
  at = dying.at
  return dying.died
}

test('made, hung on, grown, taken off and deleted, each once, whatever dies on the way', async () => {
  const compute = await machine()
  const storage = await volume()
  const { name } = (await storageOf(storage)).wish
  const hanging = async () => [{ InstanceId: await objectOf(compute), State: 'attached' }]

  const died = dieEverywhere()
  await attach(storage, compute)
  await stage.until(hangs(storage, compute), 'it to hang there')
  expect([...died]).toEqual(expect.arrayContaining(['before:act storage', 'after:act storage', 'after:act compute']))
  expect(await there()).toMatchObject([{ Size: 2, VolumeType: 'gp2', Attachments: await hanging() }])
  expect((await there())[0]?.Tags).toContainEqual({ Key: 'occi-gateway.volume', Value: name })
  expect((await storageOf(storage)).place).toMatchObject({ hostName: 'sim-2' })
  expect((await storageOf(storage)).seen.zoneThere).toBe((await there())[0]?.AvailabilityZone)

  dieEverywhere()
  await volumes.operations.changeStorage(caller, { storage, sizeGiB: 5 })
  await stage.until(async () => (await storageOf(storage)).seen.sizeGiB === 5, 'it to have grown')
  expect(await there()).toMatchObject([{ Size: 5, Attachments: await hanging() }])

  dieEverywhere()
  await volumes.operations.detachStorage(caller, { storage })
  await stage.until(async () => !(await hangs(storage, compute)()), 'it to be off')
  expect(await there()).toMatchObject([{ Size: 5, State: 'available' }])

  dieEverywhere()
  await volumes.operations.deleteStorages(caller, { ids: [storage] })
  await stage.until(isGone(storage), 'it to be gone')
  expect(await there()).toEqual([])
  expect(lifecycle(await stage.site.compute(compute))).toBe('running')
  const asked = stage.wire.requests.filter(({ body }) => body.includes('Action=CreateVolume'))
  expect(new Set(asked.map(({ body }) => new URLSearchParams(body).get('ClientToken'))).size).toBe(1)
})

test('a machine that ends leaves its volume, or takes it along where its owner says so', async () => {
  const compute = await machine()
  const [kept, ended] = [await volume(1), await volume(1)]
  await attach(kept, compute)
  await attach(ended, compute, true)
  await stage.until(async () => (await hangs(kept, compute)()) && (await hangs(ended, compute)()), 'both to hang there')
  dieEverywhere()
  await volumes.terminate(compute)
  await stage.until(isGone(ended), 'that one to be gone')
  const { name } = (await storageOf(kept)).wish
  await stage.until(async () => (await there()).every(({ State }) => State === 'available'), 'the other to be free')
  expect((await there()).map(({ Tags = [] }) => Tags.find(({ Key }) => Key === 'Name')?.Value)).toEqual([name])

  const next = await machine()
  await attach(kept, next)
  await stage.until(hangs(kept, next), 'it to hang on the next machine')
})

test('one that is deleted before its provider shows it is removed there as soon as it is shown', async () => {
  const compute = await machine()
  const storage = await volume()
  const nothing = { kind: 'answer', status: 200, body: '<DescribeVolumesResponse/>' } as const
  stage.wire.next(nothing, asks('DescribeVolumes'), 1_000_000)
  await attach(storage, compute, true)
  await stage.until(async () => (await there()).length === 1, 'it to be made there')
  await volumes.terminate(compute)
  expect((await storageOf(storage)).wish.exists).toBe(false)
  for (let turn = 0; turn < 5; turn += 1) {
    stage.pump.clock.advance(1000)
    await stage.pump.turn()
  }
  expect(await isGone(storage)()).toBe(false)
  stage.wire.calm()
  await stage.until(isGone(storage), 'it to be gone')
  expect(await there()).toEqual([])
})

describe('what others do there', () => {
  test('a machine that is terminated gives its volume back', async () => {
    const compute = await machine()
    const storage = await volume()
    await attach(storage, compute)
    await stage.until(hangs(storage, compute), 'it to hang there')
    await stage.stranger.send(new TerminateInstancesCommand({ InstanceIds: [await objectOf(compute)] }))
    await stage.until(async () => lifecycle(await stage.site.compute(compute)) === 'failed', 'it to have failed')
    await volumes.operations.detachStorage(caller, { storage })
    const next = await machine()
    await attach(storage, next)
    await stage.until(hangs(storage, next), 'it to hang on the next machine')
    expect(await there()).toHaveLength(1)
  })

  test('a volume that is taken off is hung on again, for its owner wants it there', async () => {
    const compute = await machine()
    const storage = await volume()
    await attach(storage, compute)
    await stage.until(hangs(storage, compute), 'it to hang there')
    const [object] = await there()
    await stage.stranger.send(new DetachVolumeCommand({ VolumeId: object?.VolumeId ?? '' }))
    await stage.until(async () => !(await hangs(storage, compute)()), 'it to be seen off')
    await stage.until(hangs(storage, compute), 'it to hang there again')
  })

  test('a volume that is deleted is told, and none is made in its stead', async () => {
    const compute = await machine()
    const storage = await volume()
    await attach(storage, compute)
    await stage.until(hangs(storage, compute), 'it to hang there')
    await volumes.operations.detachStorage(caller, { storage })
    await stage.until(async () => !(await hangs(storage, compute)()), 'it to be off')
    const [object] = await there()
    await stage.stranger.send(new DeleteVolumeCommand({ VolumeId: object?.VolumeId ?? '' }))
    await stage.until(async () => (await there()).length === 0, 'it to be deleted there')
    await attach(storage, compute)
    await stage.until(async () => (await storageOf(storage)).journal.stuck !== null, 'it to be told')
    expect(storageMessage(await storageOf(storage))).toMatch(/gone/)
    expect(await there()).toEqual([])
  })
})

describe('what a GiB costs there', () => {
  const GIB = 1_000
  const priced = async (budget: number | null): Promise<void> => {
    const { provider } = (await stage.site.host('sim-2')).wish
    const change = provider && { ...provider, prices: { diskGiB: GIB }, budget }
    await stage.site.setHost('sim-2', change ? { provider: change } : {})
  }
  const spent = async () => (await stage.site.host('sim-2')).seen.spending?.total ?? 0
  /** At the workers' time. */
  const grow = async (storage: StorageId, sizeGiB: number): Promise<void> => {
    const context = { ...volumes.context, clock: stage.pump.clock }
    await openStorageOperations(context, context).changeStorage(caller, { storage, sizeGiB })
  }

  test('is spent of its budget from when the volume came there, at its size, until it is deleted', async () => {
    const compute = await machine()
    await priced(null)
    const storage = await volume(4)
    await attach(storage, compute)
    await stage.until(hangs(storage, compute), 'it to hang there')
    expect((await storageOf(storage)).place.gib).toEqual({ price: GIB, currency: 'USD' })
    const hours = async (count: number): Promise<number> => {
      const before = await spent()
      const from = stage.pump.clock.now()
      stage.pump.clock.advance(count * 3_600_000)
      await stage.until(async () => (await stage.site.host('sim-2')).seen.at >= from + count * 3_600_000, 'a look')
      // The machine's own hours beside.
      return (await spent()) - before - count * NANO.price
    }
    const [less, more] = [4 * GIB * 2, 4 * GIB * 2.2]
    const first = await hours(2)
    expect([first >= less, first < more]).toEqual([true, true])
    await grow(storage, 8)
    await stage.until(async () => (await storageOf(storage)).seen.sizeGiB === 8, 'it to have grown')
    const second = await hours(2)
    expect([second >= 2 * less, second < 2 * more]).toEqual([true, true])
  })

  test('keeps a volume from being made, or from growing, that the month’s budget does not allow', async () => {
    const compute = await machine()
    const rest = (monthEnd(stage.pump.clock.now()) - stage.pump.clock.now()) / 3_600_000
    // The machine, a volume of 3 GiB, and less than another GiB.
    await priced(Math.ceil(rest * (NANO.price + 3.5 * GIB)))
    const [large, small] = [await volume(4), await volume(3)]
    await attach(large, compute)
    await stage.until(async () => (await storageOf(large)).journal.trouble !== null, 'it to be told')
    expect(storageMessage(await storageOf(large))).toMatch(/of the month's budget of its provider is left/)
    expect(await there()).toEqual([])
    await attach(small, compute)
    await stage.until(hangs(small, compute), 'the smaller one to hang there')
    await grow(small, 4)
    await stage.until(async () => (await storageOf(small)).journal.trouble !== null, 'its growth to be told')
    expect((await there()).map(({ Size }) => Size)).toEqual([3])
    // A larger budget is all that it takes.
    await priced(null)
    await stage.until(hangs(large, compute), 'the large one to hang there')
    await stage.until(async () => (await there()).every(({ Size }) => Size === 4), 'the other one to grow')
  })
})

test('one whose disk nobody removes there is forgotten once an operator says so, and told should it be shown again', async () => {
  const compute = await machine()
  const storage = await volume()
  const { name } = (await storageOf(storage)).wish
  await attach(storage, compute)
  await stage.until(hangs(storage, compute), 'it to hang there')
  await volumes.operations.detachStorage(caller, { storage })
  await stage.until(async () => !(await hangs(storage, compute)()), 'it to be off')
  stage.wire.next({ kind: 'cut-before' }, asks('DeleteVolume'), 99)
  await expect(volumes.operations.giveUpStorage(OPERATOR, name)).rejects.toMatchObject({ kind: 'state' })
  await volumes.operations.deleteStorages(caller, { ids: [storage] })
  await stage.until(async () => (await storageOf(storage)).journal.trouble !== null, 'it to be refused')
  await volumes.operations.giveUpStorage(OPERATOR, name)
  await stage.until(isGone(storage), 'it to be forgotten')
  const [claims] = await stage.site.store.hostClaims([(await stage.site.host('sim-2')).id])
  expect(Object.keys(claims?.claims ?? {})).not.toContain(storage)
  await expect(volumes.operations.giveUpStorage(OPERATOR, name)).rejects.toMatchObject({ kind: 'not-found' })
  await stage.until(async () => (await stage.site.host('sim-2')).seen.orphans.includes(name), 'it to be told')
  stage.wire.calm()
})

test('a volume of ours without a record is told to the operator with its cost, and not touched', async () => {
  const lost = 'vol-00000000000000abc'
  const tags = [
    { Key: 'occi-gateway.site', Value: stage.site.name },
    { Key: 'occi-gateway.volume', Value: lost },
  ]
  const TagSpecifications = [{ ResourceType: 'volume' as const, Tags: tags }]
  const zone = { AvailabilityZone: `${partner.region}a` }
  const { VolumeId = '' } = await stage.stranger.send(new CreateVolumeCommand({ ...zone, Size: 1, TagSpecifications }))
  await stage.until(async () => (await stage.site.host('sim-2')).seen.orphans.includes(lost), 'it to be told')
  const told = async () => (await stage.site.host('sim-2')).seen.strays?.[lost]
  const volumeThere = { object: VolumeId, type: 'volume of 1 GiB', since: null }
  expect(await told()).toEqual({ ...volumeThere, price: null })
  const { provider } = (await stage.site.host('sim-2')).wish
  await stage.site.setHost('sim-2', provider ? { provider: { ...provider, prices: { diskGiB: 7 } } } : {})
  await stage.until(async () => (await told())?.price === 7, 'its cost to be told')
  expect(await there()).toMatchObject([{ VolumeId, State: 'available' }])
})

test('a machine that is ordered with a new empty volume goes there, and the volume is made beside it', async () => {
  const [wanted, filled] = [await volume(2), await volume(2)]
  const ordered = async (storage: StorageId, change?: Partial<StorageWish>): Promise<ComputeId> => {
    const { id: _id, wish, generation, project } = await storageOf(storage)
    const volumes = [{ storage, name: wish.name, device: '/dev/sdf', deleteOnTermination: true, since: 1 }]
    const [compute = '' as ComputeId] = await stage.site.order(1, { volumes })
    const { name: computeName } = (await stage.site.compute(compute)).wish
    const holder = { compute, computeName, device: '/dev/sdf', deleteOnTermination: true, since: 1, mountpoint: null }
    const update = { ref: { kind: 'storage', id: storage } as const, project, generation, raisePhase: true, wake: true }
    const updates = [{ ...update, wish: { ...wish, ...change, holder } }]
    await stage.site.store.change({ operationId: randomUUID(), actor: NOBODY, what: 'order', updates }, 1)
    return compute
  }
  const died = dieEverywhere()
  const compute = await ordered(wanted)
  await stage.until(hangs(wanted, compute), 'it to hang there')
  expect(died.has('after:act storage')).toBe(true)
  expect(await there()).toMatchObject([{ Size: 2, Attachments: [{ InstanceId: await objectOf(compute) }] }])

  // One with contents of the image store stays at home, and says why.
  const source = { blank: false } as NonNullable<StorageWish['source']>
  const stays = await ordered(filled, { source })
  const reasons = async () => (await stage.site.compute(stays)).place.waiting?.reasons ?? {}
  await stage.until(async () => 'it hangs on what is here alone' in (await reasons()), 'the reason to be told')
  expect((await stage.site.compute(stays)).place.host).toBeNull()
  expect(await there()).toHaveLength(1)
})
