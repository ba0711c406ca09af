/** Changing what a machine is, over a real store: sizes with their counters and claims, options, user data. */
import type { ComputeId } from '../../../../src/model/ids'
import type { ComputeRecord } from '../../../../src/model/records'
import { USUAL_OPTIONS } from '../../../../src/model/records'
import type { Caller } from '../../../../src/operations/context'
import type { Operations } from '../../../../src/operations/operations'
import { type Gateways, OPERATOR, startGateways } from '../../../support/gateways'
import { startRedis, type TestRedis } from '../../../support/redis'

let redis: TestRedis
let site: Gateways
let ann: Caller
let bob: Caller
let operations: Operations
let others: Operations
beforeAll(async () => {
  redis = await startRedis()
  site = await startGateways(redis)
  operations = site.first.operations
  others = site.second.operations
  ann = (await site.project('ann')).caller
  bob = (await site.project('bob')).caller
  await site.probeHosts({ cpuHundredths: 6400, memoryMiB: 65_536, diskGiB: 500 })
})
afterAll(async () => {
  await site.close()
  await redis.stop()
})

async function machine(more: object = {}, owner: Caller = ann): Promise<ComputeRecord> {
  const { computes } = await operations.runComputes(owner, { minCount: 1, maxCount: 1, type: 't2.nano', ...more })
  const [record] = computes
  if (!record) throw new Error('no machine')
  await site.run(record.id)
  return record
}

/** A machine that was stopped, as a worker would leave it. */
async function stopped(more: object = {}, owner: Caller = ann): Promise<ComputeRecord> {
  const { id } = await machine(more, owner)
  await operations.setPower(owner, { ids: [id], to: 'off', already: 'accept' })
  await site.observe(id, ({ seen }) => ({
    seen: { ...seen, machine: seen.machine && { ...seen.machine, domain: 'off' } },
  }))
  return read(id)
}

async function read(id: ComputeId): Promise<ComputeRecord> {
  const record = await site.store.read('compute', id)
  if (!record) throw new Error('gone')
  return record
}
const end = (id: ComputeId) => operations.deleteComputes(ann, { ids: [id] })
const claimOf = async ({ id, place }: ComputeRecord) =>
  JSON.parse((await site.store.hostClaims([place.host ?? '']))[0]?.claims[id] ?? 'null')

describe('another size', () => {
  test('changes the wish, the counters and the claim on its host, at once', async () => {
    const before = await stopped()
    const used = await site.store.counters(ann.project)
    const after = await others.resizeCompute(ann, { id: before.id, type: 'm5.large' })
    expect(after.wish).toMatchObject({ size: { type: 'm5.large', cores: 2, memoryMiB: 8192, diskGiB: 8 } })
    expect(await read(before.id)).toMatchObject({ wish: after.wish, generation: before.generation + 1 })
    expect(await claimOf(after)).toEqual(after.wish.size)
    const now = await site.store.counters(ann.project)
    expect({ cores: now.cores, memoryMiB: now.memoryMiB, instances: now.instances }).toEqual({
      cores: (used.cores ?? 0) + 1,
      memoryMiB: (used.memoryMiB ?? 0) + 8192 - 512,
      instances: used.instances,
    })
    expect(site.second.told).toContainEqual({ kind: 'compute', id: before.id })
    const back = await operations.resizeCompute(ann, { id: before.id, type: 't2.nano' })
    expect(back.wish).toMatchObject({ size: before.wish.size })
    expect(await claimOf(back)).toEqual(before.wish.size)
    expect(await site.store.counters(ann.project)).toEqual(used)
    await end(before.id)
  })

  test('the same type again changes nothing', async () => {
    const { id, rev } = await stopped()
    await operations.resizeCompute(ann, { id, type: 't2.nano' })
    expect((await read(id)).rev).toBe(rev)
    await end(id)
  })

  test("sizes of one's own; what is not said stays; a title beside them, in one script", async () => {
    const before = await stopped()
    const size = { type: '', cores: 3, cpuHundredths: 300, memoryMiB: 512, diskGiB: 8 }
    const after = await operations.updateCompute(ann, before.id, { title: 'big', size: { cores: 3 } })
    expect(after.wish).toMatchObject({ title: 'big', size })
    expect(after.generation).toBe(before.generation + 1)
    expect(await claimOf(after)).toEqual(size)
    const more = await operations.updateCompute(ann, before.id, { size: { cores: 3, memoryMiB: 1024 } })
    expect(more.wish).toMatchObject({ size: { ...size, memoryMiB: 1024 } })
    const { rev } = await read(before.id)
    await operations.updateCompute(ann, before.id, { size: { memoryMiB: 1024 } })
    expect((await read(before.id)).rev).toBe(rev)
    const renamed = await operations.updateCompute(ann, before.id, { title: 'two', size: { cores: 3 } })
    expect(renamed.wish).toMatchObject({ title: 'two', size: { cores: 3, memoryMiB: 1024 } })
    await expect(operations.updateCompute(ann, before.id, { size: { cores: 0.5 } })).rejects.toMatchObject({
      kind: 'invalid',
      detail: { field: 'cores' },
    })
    await end(before.id)
  })

  test('what cannot be resized is not renamed either', async () => {
    const { id } = await machine()
    const both = operations.updateCompute(ann, id, { title: 'big', size: { type: 'm5.large' } })
    await expect(both).rejects.toMatchObject({ kind: 'state' })
    const off = await stopped()
    const tooLarge = operations.updateCompute(ann, off.id, { title: 'big', size: { cores: 4096, memoryMiB: 2 ** 31 } })
    await expect(tooLarge).rejects.toMatchObject({ kind: expect.stringMatching('quota|no-capacity') })
    expect([(await read(id)).wish.title, (await read(off.id)).wish.title]).toEqual([null, null])
    await end(id)
    await end(off.id)
  })

  test('a dry run checks all and changes nothing', async () => {
    const { id, rev } = await stopped()
    await operations.resizeCompute(ann, { id, type: 'm5.large', dryRun: true })
    expect((await read(id)).rev).toBe(rev)
    await end(id)
  })

  describe('while it runs', () => {
    /** As a worker leaves one that was defined with 1 core and 512 MiB. */
    const running = async (more: Partial<ComputeRecord['seen']> = {}): Promise<ComputeRecord> => {
      const { id } = await machine()
      const size = { cores: 1, memoryMiB: 512 }
      await site.observe(id, ({ seen }) => ({ seen: { ...seen, sized: { defined: size, now: size }, ...more } }))
      return read(id)
    }
    const resize = (id: ComputeId, size: { readonly cores?: number; readonly memoryMiB?: number }) =>
      operations.updateCompute(ann, id, { size })

    test('it grows at once, with its counters and its claim', async () => {
      const before = await running()
      const used = await site.store.counters(ann.project)
      const after = await resize(before.id, { cores: 2, memoryMiB: 640 })
      expect(after.wish).toMatchObject({ power: 'on', size: { type: '', cores: 2, memoryMiB: 640 } })
      expect(await claimOf(after)).toEqual(after.wish.size)
      const now = await site.store.counters(ann.project)
      expect([now.cores, now.memoryMiB]).toEqual([(used.cores ?? 0) + 1, (used.memoryMiB ?? 0) + 128])
      expect(site.first.told).toContainEqual({ kind: 'compute', id: before.id })
      await end(before.id)
    })

    test.each([
      [{ cores: 3 }, '2 cores at most'],
      [{ memoryMiB: 641 }, '640 MiB of memory at most'],
      [{ memoryMiB: 511 }, 'gives no memory back'],
    ])('%j is refused by name, and nothing changes', async (size, because) => {
      const before = await running()
      await expect(resize(before.id, size)).rejects.toMatchObject({
        kind: 'state',
        message: expect.stringContaining(because),
      })
      expect(await read(before.id)).toEqual(before)
      expect(await claimOf(before)).toEqual(before.wish.size)
      await end(before.id)
    })

    test('memory that is about to be given to it is not taken back', async () => {
      const { id } = await running()
      await resize(id, { memoryMiB: 640 })
      await expect(resize(id, { memoryMiB: 600 })).rejects.toMatchObject({ kind: 'state' })
      expect((await read(id)).wish.size.memoryMiB).toBe(640)
      await end(id)
    })

    test('not before it is known how large it was started, and not where its host changes nothing that runs', async () => {
      const { id } = await machine()
      await expect(resize(id, { cores: 2 })).rejects.toMatchObject({ message: expect.stringContaining('not known') })
      await end(id)
      const other = await running()
      const because = 'it keeps what it was started with'
      await site.probeHosts(
        { cpuHundredths: 6400, memoryMiB: 65_536, diskGiB: 500 },
        { lacks: [{ verb: 'resize', because }] },
      )
      await expect(resize(other.id, { cores: 2 })).rejects.toMatchObject({
        kind: 'unsupported',
        message: expect.stringContaining(because),
      })
      expect(await read(other.id)).toEqual(other)
      await site.probeHosts({ cpuHundredths: 6400, memoryMiB: 65_536, diskGiB: 500 })
      await end(other.id)
    })
  })

  test('only while it is off', async () => {
    const { id } = await machine()
    await expect(operations.resizeCompute(ann, { id, type: 'm5.large' })).rejects.toMatchObject({ kind: 'state' })
    await end(id)
    await expect(operations.resizeCompute(ann, { id, type: 'm5.large' })).rejects.toMatchObject({ kind: 'state' })
  })

  test('no such type, no such machine, another’s machine', async () => {
    const { id } = await stopped()
    const missing = '11111111-0000-4000-8000-000000000000' as ComputeId
    await expect(operations.resizeCompute(ann, { id, type: 'x1.none' })).rejects.toMatchObject({
      kind: 'not-found',
      detail: { subject: { kind: 'type' } },
    })
    for (const [caller, which] of [
      [ann, missing],
      [bob, id],
    ] as const)
      await expect(operations.resizeCompute(caller, { id: which, type: 'm5.large' })).rejects.toMatchObject({
        kind: 'not-found',
        detail: { subject: { kind: 'compute' } },
      })
    await end(id)
  })

  test("beyond the project's limit: refused before anything changes", async () => {
    const { caller } = await site.project('small', { cores: 1 })
    const { id, rev } = await stopped({}, caller)
    const used = await site.store.counters(caller.project)
    await expect(operations.resizeCompute(caller, { id, type: 'm5.large' })).rejects.toMatchObject({
      kind: 'quota',
      detail: { field: 'cores' },
    })
    expect((await read(id)).rev).toBe(rev)
    expect(await site.store.counters(caller.project)).toEqual(used)
    await operations.deleteComputes(caller, { ids: [id] })
  })

  test('where its host has no room: refused before anything changes', async () => {
    await site.probeHosts({ cpuHundredths: 800, memoryMiB: 4096, diskGiB: 500 })
    const before = await stopped()
    const used = await site.store.counters(ann.project)
    await expect(operations.resizeCompute(ann, { id: before.id, type: 'm5.large' })).rejects.toMatchObject({
      kind: 'no-capacity',
      message: expect.stringContaining('no room for m5.large'),
    })
    expect(await read(before.id)).toEqual(before)
    expect(await site.store.counters(ann.project)).toEqual(used)
    expect(await claimOf(before)).toEqual(before.wish.size)
    await site.probeHosts({ cpuHundredths: 6400, memoryMiB: 65_536, diskGiB: 500 })
    await end(before.id)
  })

  test('two gateways at once: both get through, one after the other, and the counters are right', async () => {
    const { id } = await stopped()
    const used = await site.store.counters(ann.project)
    await Promise.all([
      operations.resizeCompute(ann, { id, type: 't2.micro' }),
      others.resizeCompute(ann, { id, type: 't2.small' }),
    ])
    const after = await read(id)
    const now = await site.store.counters(ann.project)
    expect((now.memoryMiB ?? 0) - (used.memoryMiB ?? 0)).toBe(after.wish.size.memoryMiB - 512)
    expect(await claimOf(after)).toEqual(after.wish.size)
    await end(id)
  })
})

describe('protection', () => {
  test('refuses the end, of all that are named, until it is lifted', async () => {
    const kept = await machine({ options: { isProtected: true } })
    const other = await machine()
    await expect(operations.deleteComputes(ann, { ids: [other.id, kept.id] })).rejects.toMatchObject({
      kind: 'forbidden',
      detail: { reason: 'protected' },
    })
    expect((await read(other.id)).wish.exists).toBe(true)
    await others.setOptions(ann, { ids: [kept.id], options: { isProtected: false } })
    await operations.deleteComputes(ann, { ids: [other.id, kept.id] })
    expect((await read(kept.id)).wish.exists).toBe(false)
  })

  test('a purge of the project ends it all the same', async () => {
    const { caller } = await site.project('short')
    const order = { minCount: 1, maxCount: 1, options: { isProtected: true } }
    const { computes } = await operations.runComputes(caller, order)
    expect(await operations.purgeProject(OPERATOR, 'short')).toMatchObject({ done: false })
    expect((await read(computes[0]?.id ?? ('' as ComputeId))).wish.exists).toBe(false)
  })
})

describe('options and user data', () => {
  test('options add up, show at once everywhere, and stay when nothing differs', async () => {
    const { id } = await machine()
    await operations.setOptions(ann, { ids: [id], options: { monitoring: true } })
    const [after] = await others.setOptions(ann, { ids: [id], options: { onShutdown: 'terminate' } })
    const options = { ...USUAL_OPTIONS, onShutdown: 'terminate', monitoring: true }
    expect(after?.wish.options).toEqual(options)
    expect((await operations.getCompute(ann, id)).wish.options).toEqual(options)
    const { rev } = await read(id)
    await operations.setOptions(ann, { ids: [id], options: { monitoring: true } })
    await operations.setOptions(ann, { ids: [id], options: { monitoring: false }, dryRun: true })
    expect((await read(id)).rev).toBe(rev)
    await end(id)
    await expect(operations.setOptions(ann, { ids: [id], options: {} })).rejects.toMatchObject({ kind: 'state' })
    await expect(operations.setOptions(bob, { ids: [id], options: {} })).rejects.toMatchObject({ kind: 'not-found' })
  })

  test('user data of a stopped machine', async () => {
    const { id } = await stopped({ userData: 'b2xk' })
    await operations.setUserData(ann, { id, userData: 'bmV3\n' })
    const after = await read(id)
    expect(after.wish.userData).not.toContain('bmV3')
    expect(others.userDataOf(after)).toBe('bmV3')
    await operations.setUserData(ann, { id, userData: '' })
    expect((await read(id)).wish.userData).toBeNull()
    await expect(operations.setUserData(ann, { id, userData: '!' })).rejects.toMatchObject({ kind: 'invalid' })
    await expect(
      operations.setUserData(ann, { id, userData: Buffer.alloc(17_000).toString('base64') }),
    ).rejects.toMatchObject({ kind: 'too-large' })
    await expect(operations.setUserData(bob, { id, userData: '' })).rejects.toMatchObject({ kind: 'not-found' })
    const running = await machine()
    await expect(operations.setUserData(ann, { id: running.id, userData: 'bmV3' })).rejects.toMatchObject({
      kind: 'state',
    })
    for (const each of [id, running.id]) await end(each)
  })
})

test('another type says anew where a machine is to be, and its host has to meet that', async () => {
  const size = { cores: 1, memoryMiB: 256 }
  await operations.addType(OPERATOR, { name: 'gpu.1', ...size, placement: { requirements: 'GPU = "yes"' } })
  const { id } = await stopped({ placement: { priority: 1 } })
  await expect(operations.resizeCompute(ann, { id, type: 'gpu.1' })).rejects.toMatchObject({
    kind: 'no-capacity',
    message: expect.stringContaining('GPU = "yes"'),
  })
  expect((await read(id)).wish.size.type).toBe('t2.nano')
  for (const host of await operations.listHosts(OPERATOR))
    await operations.setHost(OPERATOR, host.wish.name, { labels: { gpu: 'yes' } })
  const there = await operations.resizeCompute(ann, { id, type: 'gpu.1' })
  expect(there.wish.placement).toEqual({ own: { priority: 1 }, type: { requirements: 'GPU = "yes"' } })
  const back = await operations.resizeCompute(ann, { id, type: 't2.nano' })
  expect(back.wish.placement).toEqual({ own: { priority: 1 } })
  await end(id)
})
