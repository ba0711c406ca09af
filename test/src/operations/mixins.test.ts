import type { ComputeId, MixinId } from '../../../src/model/ids'
import type { Caller } from '../../../src/operations/context'
import type { Operations } from '../../../src/operations/operations'
import { type Gateways, OPERATOR, startGateways } from '../../support/gateways'
import { startRedis, type TestRedis } from '../../support/redis'
import { runEach } from '../../support/run-each'

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

let drawn = 0
const fresh = () => {
  drawn += 1
  const term = `tag${drawn}`
  return { term, scheme: 'https://a.example/ann#', title: null, depends: [], applies: [], location: `/tags/${term}/` }
}
async function mixin(caller = ann, order = fresh()): Promise<MixinId> {
  await operations.addMixins(caller, [order])
  const found = (await operations.listMixins(caller)).find(({ wish }) => wish.term === order.term)
  if (!found) throw new Error('not made')
  return found.id
}
async function machines(count = 1, order = {}): Promise<ComputeId[]> {
  const { computes } = await operations.runComputes(ann, { minCount: count, maxCount: count, ...order })
  return computes.map(({ id }) => id)
}
const worn = async (id: ComputeId) => (await other.getCompute(ann, id)).wish.mixins ?? []
const members = (ids: readonly ComputeId[]) => ids.map((id) => ({ kind: 'compute', id }) as const)

describe('mixins that users make', () => {
  it('another gateway shows one at once; the same words again are nothing new', async () => {
    const order = fresh()
    const id = await mixin(ann, order)
    await other.addMixins(ann, [order, order])
    expect((await other.listMixins(ann)).filter(({ wish }) => wish.term === order.term).map((one) => one.id)).toEqual([
      id,
    ])
    expect(other.mixin(id)?.wish).toMatchObject({ scheme: order.scheme, location: order.location })
  })

  it('identity and location are unique in a project, and each project has its own', async () => {
    const order = fresh()
    await mixin(ann, order)
    const rivals = [
      { ...order, title: 'other' },
      { ...order, location: '/elsewhere/' },
      { ...order, term: 'elsewhere' },
    ]
    for (const rival of rivals)
      await expect(other.addMixins(ann, [fresh(), rival])).rejects.toMatchObject({ kind: 'exists' })
    await expect(operations.addMixins(bob, [{ ...order, title: 'bob’s' }])).resolves.toBeUndefined()
    expect((await operations.listMixins(bob)).map(({ wish }) => wish.title)).toEqual(['bob’s'])
    await expect(operations.removeMixins(bob, ['https://a.example/ann#tag1'])).rejects.toMatchObject({
      kind: 'not-found',
    })
  })

  it('two gateways that make the same at once make one', async () => {
    const order = fresh()
    await Promise.all([operations.addMixins(ann, [order]), other.addMixins(ann, [order])])
    expect((await operations.listMixins(ann)).filter(({ wish }) => wish.term === order.term)).toHaveLength(1)
  })

  it('of two at once that share a location one is refused', async () => {
    const [one, two] = [fresh(), fresh()]
    const results = await Promise.allSettled([
      operations.addMixins(ann, [one]),
      other.addMixins(ann, [{ ...two, location: one.location }]),
    ])
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  })

  it('all or nothing, and too long or contradicting ones are refused', async () => {
    const [one, two] = [fresh(), fresh()]
    await expect(operations.addMixins(ann, [one, { ...two, location: one.location }])).rejects.toMatchObject({
      kind: 'combination',
    })
    await expect(operations.addMixins(ann, [one, { ...two, title: 'x'.repeat(256) }])).rejects.toMatchObject({
      kind: 'invalid',
    })
    expect((await operations.listMixins(ann)).some(({ wish }) => wish.term === one.term)).toBe(false)
  })

  it('deleting one frees its names; one made anew has no members', async () => {
    const order = fresh()
    const id = await mixin(ann, order)
    const [machine = '' as ComputeId] = await machines(1, { mixins: [id] })
    expect(await worn(machine)).toEqual([id])
    await expect(
      operations.removeMixins(ann, [`${order.scheme}${order.term}`, 'https://a.example/ann#none']),
    ).rejects.toMatchObject({ kind: 'not-found' })
    await operations.removeMixins(ann, [order.scheme + order.term])
    expect(other.mixin(id)).toBeDefined()
    await other.listMixins(ann)
    expect(other.mixin(id)).toBeUndefined()
    const again = await mixin(ann, order)
    expect(again).not.toBe(id)
    expect(await worn(machine)).not.toContain(again)
  })
})

describe('members', () => {
  it('add, exactly and remove, and what is deleted meanwhile is left out', async () => {
    const [blue, red] = [await mixin(), await mixin()]
    const ids = await machines(3)
    const [one, two, three] = ids as [ComputeId, ComputeId, ComputeId]
    const set = (how: 'add' | 'exactly' | 'remove', ...some: ComputeId[]) =>
      operations.associateMixin(ann, { mixin: blue, how, members: members(some) })
    await set('add', one, two)
    await operations.associateMixin(ann, { mixin: red, how: 'add', members: members([one]) })
    expect(await Promise.all(ids.map(worn))).toEqual([[blue, red], [blue], []])
    await set('exactly', two, three)
    expect(await Promise.all(ids.map(worn))).toEqual([[red], [blue], [blue]])
    await set('remove', two)
    await set('add', one)
    expect(await Promise.all(ids.map(worn))).toEqual([[red, blue], [], [blue]])
    const gone = (await operations.listMixins(ann)).find(({ id }) => id === red)
    await operations.removeMixins(ann, [`${gone?.wish.scheme}${gone?.wish.term}`])
    await set('exactly')
    await set('add', one)
    expect(await worn(one)).toEqual([blue])
  })

  it('interfaces have their own', async () => {
    const blue = await mixin()
    const [id = '' as ComputeId] = await machines(1)
    const name = (await other.getCompute(ann, id)).wish.interfaces[0]?.name ?? ''
    await operations.associateMixin(ann, {
      mixin: blue,
      how: 'exactly',
      members: [{ kind: 'compute', id, interface: name }],
    })
    const { wish } = await other.getCompute(ann, id)
    expect([wish.mixins ?? [], wish.interfaces[0]?.mixins]).toEqual([[], [blue]])
  })

  it('neither a stranger nor too many change anything', async () => {
    const blue = await mixin()
    const [id = '' as ComputeId] = await machines(1)
    const theirs = (await operations.runComputes(bob, { minCount: 1, maxCount: 1 })).computes[0]?.id as ComputeId
    const add = (some: readonly ComputeId[], caller = ann) =>
      operations.associateMixin(caller, { mixin: blue, how: 'add', members: members(some) })
    await expect(add([id, theirs])).rejects.toMatchObject({ kind: 'not-found' })
    await expect(add([theirs], bob)).rejects.toMatchObject({ kind: 'not-found' })
    await expect(add(Array(1001).fill(id))).rejects.toMatchObject({ kind: 'too-large' })
    expect(await worn(id)).toEqual([])
  })

  it('a machine is not ordered with a mixin of another project', async () => {
    const blue = await mixin()
    const order = { minCount: 1, maxCount: 1, mixins: [blue] }
    await expect(operations.runComputes(bob, order)).rejects.toMatchObject({ kind: 'not-found' })
  })
})

describe('update-compute', () => {
  it('changes what is given, in every state, and a purge takes the mixins along', async () => {
    const { caller } = await site.project('carl')
    const blue = await mixin(caller)
    const { computes } = await operations.runComputes(caller, {
      minCount: 1,
      maxCount: 1,
      publicKey: 'ssh-ed25519 AAAA me',
    })
    const id = computes[0]?.id as ComputeId
    await operations.updateCompute(caller, id, {
      title: 'web',
      hostname: 'web.example.org',
      share: 3,
      addMixins: [blue],
    })
    const after = await other.updateCompute(caller, id, { title: null, summary: 'text' })
    expect(after.wish).toMatchObject({
      title: null,
      summary: 'text',
      hostname: 'web.example.org',
      share: 3,
      mixins: [blue],
    })
    expect((await site.store.read('compute', id))?.wish.publicKey).toBe('ssh-ed25519 AAAA me')
    const same = await operations.updateCompute(caller, id, { summary: 'text', removeMixins: [] })
    expect(same.rev).toBe(after.rev)
    await expect(operations.updateCompute(caller, id, { hostname: 'no name' })).rejects.toMatchObject({
      kind: 'invalid',
    })
    await expect(operations.updateCompute(ann, id, { title: 'x' })).rejects.toMatchObject({ kind: 'not-found' })
    await operations.deleteComputes(caller, { ids: [id] })
    await expect(operations.updateCompute(caller, id, { title: 'x' })).rejects.toMatchObject({ kind: 'not-found' })
    await site.observe(id, (record) => ({ seen: { ...record.seen, goneAt: 1 } }))
    expect(await operations.purgeProject(OPERATOR, 'carl')).toEqual({ left: 0, done: true })
    expect(await site.store.read('mixin', blue)).toBeUndefined()
    expect(await site.store.resolve('names', [`mixin:${caller.project}:https://a.example/ann#tag${drawn}`])).toEqual([
      undefined,
    ])
  })
})

describe('several orders at once', () => {
  it('each gets what it asked for and an address of its own', async () => {
    const made = await runEach(operations, ann, [{ title: 'a' }, { title: 'b', cores: 2, memoryMiB: 700 }])
    expect(made.map(({ wish }) => [wish.title, wish.size.cores])).toEqual([
      ['a', 1],
      ['b', 2],
    ])
    expect(new Set(made.map(({ wish }) => wish.interfaces[0]?.address)).size).toBe(2)
    const known = await other.listComputes(ann)
    expect(made.every(({ id }) => known.some((one) => one.id === id))).toBe(true)
  })

  it('one that is wrong, or a limit, leaves none behind', async () => {
    const { caller } = await site.project('dora', { instances: 2 })
    await expect(runEach(operations, caller, [{}, { type: 'nonsense' }])).rejects.toMatchObject({ kind: 'invalid' })
    await expect(runEach(operations, caller, [{}, {}, {}])).rejects.toMatchObject({ kind: 'quota' })
    await expect(runEach(operations, caller, Array(1001).fill({}))).rejects.toMatchObject({ kind: 'too-large' })
    expect(await operations.listComputes(caller)).toEqual([])
    expect(await runEach(operations, caller, [{}, {}])).toHaveLength(2)
  })
})
