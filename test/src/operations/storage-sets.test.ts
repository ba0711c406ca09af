/** Volumes by the set: all or none in one script, on a real Redis. */
import type { ComputeId, MixinId, StorageId } from '../../../src/model/ids'
import type { Caller } from '../../../src/operations/context'
import type { Operations } from '../../../src/operations/operations'
import type { DetachOrder } from '../../../src/operations/storage/operations'
import { type Gateways, startGateways } from '../../support/gateways'
import { startRedis, type TestRedis } from '../../support/redis'

let redis: TestRedis
let site: Gateways
let ann: Caller
let bob: Caller
let operations: Operations
let other: Operations

beforeAll(async () => {
  redis = await startRedis()
  site = await startGateways(redis)
  ann = (await site.project('ann')).caller
  bob = (await site.project('bob')).caller
  operations = site.first.operations
  other = site.second.operations
})
afterAll(async () => {
  await site.close()
  await redis.stop()
})

const make = async (...sizes: readonly number[]) =>
  (
    await operations.createStorages(
      ann,
      sizes.map((sizeGiB) => ({ sizeGiB })),
    )
  ).map(({ id }) => id)
const machine = async () => {
  const { computes } = await operations.runComputes(ann, { minCount: 1, maxCount: 1 })
  const [compute] = computes
  if (!compute) throw new Error('not made')
  await site.run(compute.id)
  return compute.id
}
const detach = (order: DetachOrder) => ({ do: 'detach', order }) as const
const remove = (computes: readonly ComputeId[], storages: readonly StorageId[]) =>
  operations.together(ann, [
    ...(computes.length > 0 ? [{ do: 'deleteComputes', order: { ids: computes } } as const] : []),
    { do: 'deleteStorages', order: { ids: storages, goingWith: computes } },
  ])
const wishOf = async (id: StorageId) => (await other.getStorage(ann, id)).record.wish
const count = async () => (await other.listStorages(ann)).filter(({ record }) => record.wish.exists).length
const used = async () => (await site.store.counters(ann.project)).volumeGiB

test('creation counts all of them, and makes none when one cannot be', async () => {
  const [before, gibibytes] = [await count(), (await used()) ?? 0]
  await make(1, 2, 3)
  expect([await count(), await used()]).toEqual([before + 3, gibibytes + 6])
  await expect(make(1, 0)).rejects.toMatchObject({ kind: 'invalid' })
  await expect(make(...Array.from({ length: 1001 }, () => 1))).rejects.toMatchObject({ kind: 'too-large' })
  const { caller: poor } = await site.project('poor', { volumeGiB: 5 })
  const wanted = [3, 3].map((sizeGiB) => ({ sizeGiB }))
  await expect(operations.createStorages(poor, wanted)).rejects.toMatchObject({ kind: 'quota' })
  expect(await other.listStorages(poor)).toEqual([])
  expect([await count(), await used()]).toEqual([before + 3, gibibytes + 6])
})

test('a change of several is one: sizes are counted together, a wrong one leaves all', async () => {
  const [one, two] = (await make(1, 1)) as [StorageId, StorageId]
  const before = (await used()) ?? 0
  await other.changeStorages(ann, [
    { storage: one, sizeGiB: 3, title: 'grown' },
    { storage: two, sizeGiB: 2 },
  ])
  expect([(await wishOf(one)).sizeGiB, (await wishOf(two)).sizeGiB, await used()]).toEqual([3, 2, before + 3])
  const wrong = [
    { storage: one, online: false },
    { storage: two, sizeGiB: 1 },
  ]
  await expect(operations.changeStorages(ann, wrong)).rejects.toMatchObject({ kind: 'invalid' })
  expect((await wishOf(one)).online).toBe(true)
  await expect(operations.changeStorages(bob, [{ storage: one, online: false }])).rejects.toMatchObject({
    kind: 'not-found',
  })
})

describe('attached ones', () => {
  test('are detached together, and are nobody’s afterwards', async () => {
    const compute = await machine()
    const volumes = await make(1, 1)
    for (const storage of volumes) await operations.attachStorage(ann, { storage, compute })
    const orders = volumes.map((storage) => ({ storage, compute }))
    const strange = [...orders, ...(await make(1)).map((storage) => ({ storage, compute }))]
    await expect(operations.together(ann, strange.map(detach))).rejects.toMatchObject({ kind: 'state' })
    for (const id of volumes) expect((await wishOf(id)).holder?.compute).toBe(compute)
    await other.together(ann, orders.map(detach))
    for (const id of volumes) expect(await wishOf(id)).toMatchObject({ holder: null, former: { compute } })
    expect((await other.getCompute(ann, compute)).wish.volumes).toEqual([])
  })

  test('go with their machine, and keep all when it is another’s', async () => {
    const [going, staying] = [await machine(), await machine()]
    const [held, free, foreign] = (await make(1, 1, 1)) as [StorageId, StorageId, StorageId]
    await operations.attachStorage(ann, { storage: held, compute: going })
    await operations.attachStorage(ann, { storage: foreign, compute: staying })
    await expect(remove([going], [held, free, foreign])).rejects.toMatchObject({ kind: 'in-use' })
    expect((await other.getCompute(ann, going)).wish.exists).toBe(true)
    expect([(await wishOf(held)).exists, (await wishOf(free)).exists]).toEqual([true, true])
    await remove([going], [held, free])
    expect((await other.getCompute(ann, going)).wish.exists).toBe(false)
    expect(await wishOf(held)).toMatchObject({ exists: false, holder: null, former: { compute: going } })
    expect(await wishOf(free)).toMatchObject({ exists: false, former: null })
    expect((await wishOf(foreign)).exists).toBe(true)
  })

  test('volumes alone go the same way', async () => {
    const volumes = await make(1, 1)
    await remove([], volumes)
    for (const id of volumes) expect((await wishOf(id)).exists).toBe(false)
  })
})

test('users’ mixins are put on volumes and their links, and another project’s are nobody’s', async () => {
  const order = {
    term: 'blue',
    scheme: 'https://a.example/ann#',
    title: null,
    depends: [],
    applies: [],
    location: '/b/',
  }
  await operations.addMixins(ann, [order])
  await operations.addMixins(bob, [order])
  const mixin = (await operations.listMixins(ann))[0]?.id as MixinId
  const compute = await machine()
  const [storage] = (await make(1)) as [StorageId]
  const { record } = await operations.attachStorage(ann, { storage, compute })
  const members = [
    { kind: 'storage', id: storage },
    { kind: 'compute', id: compute, volume: record.wish.name },
  ] as const
  await operations.associateMixin(ann, { mixin, how: 'add', members })
  expect((await wishOf(storage)).mixins).toEqual([mixin])
  expect((await other.getCompute(ann, compute)).wish.volumes).toMatchObject([{ mixins: [mixin] }])
  await operations.associateMixin(ann, { mixin, how: 'exactly', members: members.slice(0, 1) })
  expect((await other.getCompute(ann, compute)).wish.volumes).toMatchObject([{ mixins: [] }])
  await other.changeStorage(ann, { storage, removeMixins: [mixin] })
  expect((await wishOf(storage)).mixins).toEqual([])
  const bobs = (await operations.listMixins(bob))[0]?.id as MixinId
  await expect(operations.changeStorage(ann, { storage, addMixins: [bobs] })).rejects.toMatchObject({
    kind: 'not-found',
  })
  await expect(operations.createStorage(ann, { sizeGiB: 1, mixins: [bobs] })).rejects.toMatchObject({
    kind: 'not-found',
  })
  const gone = [{ kind: 'storage', id: '99999999-2222-4333-8444-555555555555' as StorageId }] as const
  await expect(operations.associateMixin(ann, { mixin, how: 'add', members: gone })).rejects.toMatchObject({
    kind: 'not-found',
  })
})
