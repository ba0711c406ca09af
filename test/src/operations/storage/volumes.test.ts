/** Wishes about volumes over a real store: what one gateway acknowledges, the other shows; limits, names, all or nothing. */
import type { ComputeId, StorageId } from '../../../../src/model/ids'
import type { Caller } from '../../../../src/operations/context'
import type { Operations } from '../../../../src/operations/operations'
import { type Gateways, startGateways } from '../../../support/gateways'
import { startRedis, type TestRedis } from '../../../support/redis'

let redis: TestRedis
let site: Gateways
let ann: Caller
let operations: Operations
let other: Operations
beforeAll(async () => {
  redis = await startRedis()
  site = await startGateways(redis)
  ann = (await site.project('ann')).caller
  operations = site.first.operations
  other = site.second.operations
})
afterAll(async () => {
  await site.close()
  await redis.stop()
})

const make = async (sizeGiB = 2): Promise<StorageId> => (await operations.createStorage(ann, { sizeGiB })).id
async function machine(order: Partial<Parameters<Operations['runComputes']>[1]> = {}): Promise<ComputeId> {
  const { computes } = await operations.runComputes(ann, { minCount: 1, maxCount: 1, ...order })
  const id = computes[0]?.id
  if (!id) throw new Error('no machine')
  return id
}
const counters = () => site.store.counters(ann.project)
const stored = (id: StorageId) => site.store.read('storage', id)

test('created: another gateway shows it, its name leads to it, it is counted', async () => {
  const before = await counters()
  const id = await make(7)
  const view = await other.getStorage(ann, id)
  expect(view).toMatchObject({
    record: { wish: { sizeGiB: 7, exists: true }, place: { host: null } },
    attachment: undefined,
  })
  expect(await other.namedStorages(ann, [view.record.wish.name])).toMatchObject([{ record: { id } }])
  const after = await counters()
  expect([(after.volumes ?? 0) - (before.volumes ?? 0), (after.volumeGiB ?? 0) - (before.volumeGiB ?? 0)]).toEqual([
    1, 7,
  ])
})

test('attached: one script writes both wishes and wakes both jobs', async () => {
  const [id, compute] = [await make(), await machine()]
  site.first.told.length = 0
  const view = await operations.attachStorage(ann, { storage: id, compute })
  expect(view.attachment).toMatchObject({ state: 'attaching', holder: { compute, device: '/dev/sdf' } })
  expect(await stored(id)).toMatchObject({ generation: 2, wish: { holder: { compute } } })
  expect((await site.store.read('compute', compute))?.wish.volumes).toMatchObject([{ storage: id, device: '/dev/sdf' }])
  expect(site.first.told).toEqual(
    expect.arrayContaining([
      { kind: 'storage', id },
      { kind: 'compute', id: compute },
    ]),
  )
  await expect(other.attachStorage(ann, { storage: id, compute })).rejects.toMatchObject({ kind: 'in-use' })
  await expect(other.deleteStorages(ann, { ids: [id] })).rejects.toMatchObject({ kind: 'in-use' })
})

test('two gateways want one volume for two machines: one gets it', async () => {
  const id = await make()
  const machines = [await machine(), await machine()]
  const tries = machines.map((compute, at) =>
    (at === 0 ? operations : other).attachStorage(ann, { storage: id, compute }),
  )
  const came = await Promise.allSettled(tries)
  expect(came.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  expect(came.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { kind: 'in-use' } })
})

test('two volumes want one device of one machine at a time: both come, on two devices', async () => {
  const compute = await machine()
  const [first, second] = [await make(), await make()]
  await Promise.all([
    operations.attachStorage(ann, { storage: first, compute }),
    other.attachStorage(ann, { storage: second, compute }),
  ])
  const volumes = (await site.store.read('compute', compute))?.wish.volumes ?? []
  expect(volumes.map(({ device }) => device).toSorted()).toEqual(['/dev/sdf', '/dev/sdg'])
})

test('detached: the machine is told; until it was seen without it, nobody else gets it', async () => {
  const [id, compute] = [await make(), await machine()]
  await site.run(compute)
  const { attachment } = await operations.attachStorage(ann, { storage: id, compute })
  const { wish } = (await stored(id)) ?? {}
  const disks = [{ name: wish?.name, sizeGiB: 2, attached: true }]
  await site.observe(compute, ({ seen }) => ({ seen: { ...seen, machine: { ...seen.machine, disks } } }))
  expect((await other.getStorage(ann, id)).attachment?.state).toBe('attached')
  await operations.detachStorage(ann, { storage: id })
  expect((await site.store.read('compute', compute))?.wish.volumes).toEqual([])
  expect((await other.getStorage(ann, id)).attachment).toEqual({ holder: attachment?.holder, state: 'detaching' })
  await expect(other.attachStorage(ann, { storage: id, compute: await machine() })).rejects.toMatchObject({
    kind: 'in-use',
  })
  expect(await operations.detachStorage(ann, { storage: id })).toMatchObject({ attachment: { state: 'detaching' } })
  await site.observe(compute, ({ seen }) => ({ seen: { ...seen, machine: { ...seen.machine, disks: [] } } }))
  expect((await other.getStorage(ann, id)).attachment).toBeUndefined()
  await other.deleteStorages(ann, { ids: [id] })
  await expect(operations.deleteStorages(ann, { ids: [id] })).rejects.toMatchObject({ kind: 'not-found' })
})

test('a machine that is deleted lets go of its volumes, or takes them with it', async () => {
  const [stays, goes, compute] = [await make(), await make(), await machine()]
  await operations.attachStorage(ann, { storage: stays, compute })
  await other.attachStorage(ann, { storage: goes, compute, deleteOnTermination: true })
  await operations.deleteComputes(ann, { ids: [compute] })
  expect((await stored(stays))?.wish).toMatchObject({ exists: true, holder: null, former: { compute } })
  expect((await stored(goes))?.wish).toMatchObject({ exists: false, holder: null, former: { compute } })
})

describe('machines that are ordered with volumes', () => {
  test('empty ones are made with each of them, all or nothing', async () => {
    const newVolumes = [{ sizeGiB: 3, device: '/dev/sdb', deleteOnTermination: true, tags: { a: 'b' } }]
    const order = { minCount: 2, maxCount: 2, rootGiB: 30, rootType: 'gp3', newVolumes } as const
    const { computes } = await operations.runComputes(ann, order)
    for (const { id, wish } of computes) {
      expect([wish.disks[0]?.sizeGiB, wish.disks[0]?.volumeType, wish.size.diskGiB]).toEqual([30, 'gp3', 30])
      const [volume] = wish.volumes ?? []
      const record = volume && (await stored(volume.storage))
      expect(record?.wish).toMatchObject({ sizeGiB: 3, tags: { a: 'b' }, holder: { compute: id, device: '/dev/sdb' } })
    }
  })
  test('own ones hang on it from the start', async () => {
    const id = await make()
    const compute = await machine({ attach: [{ storage: id, device: '/dev/vdb' }] })
    expect((await other.getStorage(ann, id)).attachment).toMatchObject({ holder: { compute, device: '/dev/vdb' } })
    await expect(machine({ attach: [{ storage: id }] })).rejects.toMatchObject({ kind: 'in-use' })
  })
  test('what cannot be is refused, and no machine is made', async () => {
    const before = (await operations.listComputes(ann)).length
    const twice = [1, 2].map((sizeGiB) => ({ sizeGiB, device: '/dev/sdb', deleteOnTermination: true }))
    await expect(machine({ newVolumes: twice })).rejects.toMatchObject({ kind: 'invalid' })
    await expect(machine({ rootGiB: 1 })).rejects.toMatchObject({ kind: 'invalid', detail: { field: 'rootGiB' } })
    const attach = [{ storage: '99999999-2222-4333-8444-555555555555' as StorageId }]
    await expect(machine({ attach })).rejects.toMatchObject({ kind: 'not-found' })
    expect(await operations.listComputes(ann)).toHaveLength(before)
  })
})

describe('a change', () => {
  test('larger is counted, smaller is refused, the same is nothing', async () => {
    const id = await make(2)
    const before = await counters()
    await operations.changeStorage(ann, { storage: id, sizeGiB: 5 })
    expect(((await counters()).volumeGiB ?? 0) - (before.volumeGiB ?? 0)).toBe(3)
    await expect(other.changeStorage(ann, { storage: id, sizeGiB: 4 })).rejects.toMatchObject({ kind: 'invalid' })
    const { generation } = (await stored(id)) ?? {}
    await other.changeStorage(ann, { storage: id, sizeGiB: 5 })
    expect((await stored(id))?.generation).toBe(generation)
  })
  test('of a volume that is deleted is refused', async () => {
    const id = await make()
    await operations.deleteStorages(ann, { ids: [id] })
    await expect(other.changeStorage(ann, { storage: id, title: 'x' })).rejects.toMatchObject({ kind: 'state' })
  })
})

describe('limits', () => {
  test('of volumes and of GiB, for orders and for growth', async () => {
    const { caller } = await site.project('small', { volumes: 2, volumeGiB: 10 })
    const one = await operations.createStorage(caller, { sizeGiB: 4 })
    await expect(operations.createStorage(caller, { sizeGiB: 7 })).rejects.toMatchObject({
      kind: 'quota',
      detail: { field: 'volumeGiB' },
    })
    await operations.createStorage(caller, { sizeGiB: 1 })
    await expect(operations.createStorage(caller, { sizeGiB: 1 })).rejects.toMatchObject({
      detail: { field: 'volumes' },
    })
    await expect(operations.changeStorage(caller, { storage: one.id, sizeGiB: 10 })).rejects.toMatchObject({
      kind: 'quota',
    })
    const newVolumes = [{ sizeGiB: 1, device: '/dev/sdb', deleteOnTermination: true }]
    await expect(operations.runComputes(caller, { minCount: 1, maxCount: 1, newVolumes })).rejects.toMatchObject({
      kind: 'quota',
    })
    expect(await operations.listComputes(caller)).toEqual([])
  })
})

test("another project's volume does not exist", async () => {
  const { caller } = await site.project('bob')
  const id = await make()
  await expect(other.getStorage(caller, id)).rejects.toMatchObject({ kind: 'not-found' })
  await expect(other.deleteStorages(caller, { ids: [id] })).rejects.toMatchObject({ kind: 'not-found' })
  await expect(other.createStorage(caller, { sizeGiB: 1, id })).rejects.toMatchObject({ kind: 'invalid' })
  await expect(operations.createStorage(ann, { sizeGiB: 1, id })).rejects.toMatchObject({ kind: 'exists' })
  expect(await other.listStorages(caller)).toEqual([])
})

test('the same client token gives the first volume, also through another gateway', async () => {
  const token = { token: 'once', digest: 'd' }
  const first = await operations.createStorage(ann, { sizeGiB: 1, token })
  expect((await other.createStorage(ann, { sizeGiB: 1, token })).id).toBe(first.id)
  const changed = { sizeGiB: 2, token: { ...token, digest: 'e' } }
  await expect(other.createStorage(ann, changed)).rejects.toMatchObject({ kind: 'idempotency' })
})

test('what was ordered once is answered once more, even where it could no longer be had', async () => {
  const token = { token: 'had', digest: 'd' }
  const nowhere = { sizeGiB: 1, zone: 'mars', token }
  await expect(other.createStorage(ann, nowhere)).rejects.toMatchObject({ kind: 'invalid' })
  expect(await other.createdBefore(ann, token)).toBeUndefined()
  const first = await operations.createStorage(ann, { sizeGiB: 1, token })
  for (const again of [() => other.createStorage(ann, nowhere), () => other.createdBefore(ann, token)])
    expect((await again())?.id).toBe(first.id)
  await expect(other.createdBefore(ann, { ...token, digest: 'e' })).rejects.toMatchObject({ kind: 'idempotency' })
  // A dry run is not that order.
  await expect(other.createStorage(ann, { ...nowhere, dryRun: true })).rejects.toMatchObject({ kind: 'invalid' })
  // Orders of another sort have tokens of their own.
  expect((await site.second.operations.runComputes(ann, { minCount: 1, maxCount: 1, token })).repeated).toBe(false)
})

test('are listed in the order in which they were made', async () => {
  const { caller } = await site.project('in-order')
  const made: string[] = []
  for (let count = 0; count < 6; count += 1) {
    site.clock.at += 1
    made.push((await operations.createStorage(caller, { sizeGiB: 1 })).id)
  }
  expect((await other.listStorages(caller)).map(({ record }) => record.id)).toEqual(made)
})

test('a machine has as many volumes at its launch as can be attached to it', async () => {
  const volumes = (count: number) =>
    Array.from({ length: count }, (_, at) => ({
      ...({ sizeGiB: 1, type: 'gp2', deleteOnTermination: true } as const),
      device: `/dev/xvd${String.fromCharCode(98 + at)}`,
    }))
  const [kept] = [await make(1)]
  await expect(machine({ newVolumes: volumes(25) })).rejects.toMatchObject({ kind: 'too-large' })
  const both = { newVolumes: volumes(24), attach: [{ storage: kept }] }
  await expect(machine(both)).rejects.toMatchObject({ kind: 'too-large', detail: { field: 'volumes' } })
  const id = await machine({ newVolumes: volumes(24) })
  expect((await operations.getCompute(ann, id)).wish.volumes).toHaveLength(24)
})

test('tags of a volume', async () => {
  const id = await make()
  await operations.tagResources(ann, { refs: [{ kind: 'storage', id }], set: { a: '1' } })
  expect((await other.getStorage(ann, id)).record.wish.tags).toEqual({ a: '1' })
})
