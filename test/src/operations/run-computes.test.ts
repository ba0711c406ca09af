import { randomUUID } from 'node:crypto'
import type { ComputeId, ImageId } from '../../../src/model/ids'
import { lifecycle } from '../../../src/model/lifecycle'
import type { ComputeRecord } from '../../../src/model/records'
import type { Caller } from '../../../src/operations/context'
import type { RunOrder } from '../../../src/operations/operations'
import { closed, connectBlocking } from '../../../src/store/connect'
import { unseal } from '../../../src/store/sealed'
import { type Gateways, startGateways } from '../../support/gateways'
import { startRedis, type TestRedis } from '../../support/redis'

let redis: TestRedis
let site: Gateways
let ann: Caller
let bob: Caller

beforeAll(async () => {
  redis = await startRedis()
  site = await startGateways(redis)
  ann = (await site.project('ann')).caller
  bob = (await site.project('bob')).caller
})
afterAll(async () => {
  await site.close()
  await redis.stop()
})

/** All texts that a Redis holds: hashes (records, tokens), strings (answers), the event stream. */
async function everythingIn({ address }: TestRedis): Promise<string> {
  const raw = connectBlocking(address, 'test')
  const read: Readonly<Record<string, (key: string) => Promise<unknown>>> = {
    hash: (key) => raw.hgetall(key),
    string: (key) => raw.get(key),
    stream: (key) => raw.xrange(key, '-', '+'),
  }
  const keys = await raw.keys('*')
  const values = await Promise.all(keys.map(async (key) => read[await raw.type(key)]?.(key)))
  await closed(raw)
  return JSON.stringify(values)
}

const one: RunOrder = { minCount: 1, maxCount: 1 }
const run = (order: RunOrder, caller = ann) => site.first.operations.runComputes(caller, order)

describe('an order', () => {
  it('gets the defaults of the site: debian-12 on t2.nano, waiting for a place', async () => {
    const { computes, repeated } = await run(one)
    expect(repeated).toBe(false)
    const [record] = computes
    expect(record?.wish).toMatchObject({
      exists: true,
      power: 'on',
      starts: 1,
      size: { type: 't2.nano', cores: 1, cpuHundredths: 100, memoryMiB: 512, diskGiB: 8 },
      zone: null,
      createdBy: 'ann',
      createdAt: site.clock.now(),
    })
    expect(record?.wish.name).toMatch(/^i-[0-9a-f]{17}$/)
    expect(record?.wish.reservation).toMatch(/^r-[0-9a-f]{17}$/)
    expect(record?.wish.disks).toEqual([
      expect.objectContaining({ device: '/dev/sda1', sizeGiB: 8, volume: expect.stringMatching(/^vol-[0-9a-f]{17}$/) }),
    ])
    expect(record?.wish.interfaces).toEqual([
      expect.objectContaining({
        mac: expect.stringMatching(/^02(:[0-9a-f]{2}){5}$/),
        address: expect.stringMatching(/^10\.0\.\d+\.\d+$/),
        name: expect.stringMatching(/^eni-[0-9a-f]{17}$/),
      }),
    ])
    expect(record && lifecycle(record)).toBe('pending')
  })

  it('answers with the record as the store has it', async () => {
    const { computes } = await run({ ...one, tags: { a: '1' }, title: 'web' })
    const stored = await site.store.read('compute', computes[0]?.id ?? '')
    expect(stored).toEqual(computes[0])
  })

  it('is seen at once by another gateway, by id, by name and in the list', async () => {
    const { computes } = await run({ minCount: 3, maxCount: 3 })
    const { operations } = site.second
    const listed = await operations.listComputes(ann)
    for (const { id, wish } of computes) {
      expect(listed.map((record) => record.id)).toContain(id)
      expect((await operations.getCompute(ann, id)).wish.name).toBe(wish.name)
      expect((await operations.namedComputes(ann, [wish.name]))[0]?.id).toBe(id)
    }
    expect(new Set(computes.map(({ wish }) => wish.reservation)).size).toBe(1)
    expect(computes.map(({ wish }) => wish.launchIndex)).toEqual([0, 1, 2])
  })

  it('puts its machines before placement and tells the queue so', async () => {
    site.first.told.length = 0
    const { computes } = await run({ minCount: 2, maxCount: 2 })
    const waiting = await site.store.waiting(10_000)
    expect(waiting).toEqual(expect.arrayContaining(computes.map(({ id }) => id)))
    expect(site.first.told).toEqual([
      { kind: 'securitygroup', id: ann.project },
      { kind: 'placement', id: 'site' },
    ])
  })

  it('leases each address once, even to orders at the same time from two gateways', async () => {
    const orders = Array.from({ length: 12 }, (_, index) =>
      (index % 2 ? site.first : site.second).operations.runComputes(ann, { minCount: 7, maxCount: 7 }),
    )
    const computes = (await Promise.all(orders)).flatMap((ran) => ran.computes)
    const addresses = computes.flatMap(({ wish }) => wish.interfaces.map(({ address }) => address))
    expect(new Set(addresses).size).toBe(84)
    expect(new Set(computes.map(({ wish }) => wish.name)).size).toBe(84)
    expect(addresses).not.toContain('10.0.0.1')
  })

  it('takes what it names: type, image, zone, words of its own', async () => {
    const tiny = (await site.first.operations.listImages(ann)).find((image) => image.wish.name === 'tiny')
    const userData = Buffer.from('#!/bin/sh\n').toString('base64')
    const { computes } = await run({
      ...one,
      image: tiny?.id ?? ('' as ImageId),
      type: 'm5.large',
      zone: `${site.site}b`,
      title: 'db',
      summary: 'a data base',
      hostname: 'db.example.com',
      tags: { Name: 'db' },
      keyName: 'ann',
      publicKey: 'ssh-ed25519 AAAA',
      userData,
    })
    expect(computes[0]?.wish).toMatchObject({
      size: { type: 'm5.large', cores: 2, memoryMiB: 8192, diskGiB: 1 },
      zone: `${site.site}b`,
      title: 'db',
      summary: 'a data base',
      hostname: 'db.example.com',
      tags: { Name: 'db' },
      keyName: 'ann',
      publicKey: 'ssh-ed25519 AAAA',
    })
    expect(site.second.operations.userDataOf(computes[0] as ComputeRecord)).toBe(userData)
  })

  it('keeps user data sealed under the machine: nowhere in Redis, and worth nothing in another record', async () => {
    const secret = `#!/bin/sh\necho ${randomUUID()}\n`
    const userData = Buffer.from(secret).toString('base64')
    const { computes } = await run({ minCount: 2, maxCount: 2, userData, token: { token: 't', digest: 'd' } })
    const [first, second] = computes as [ComputeRecord, ComputeRecord]
    const again = await run({ minCount: 2, maxCount: 2, userData, token: { token: 't', digest: 'd' } })
    expect(again.computes.map((record) => site.first.operations.userDataOf(record))).toEqual([userData, userData])
    expect(() => unseal(site.ring, second.id, first.wish.userData ?? '')).toThrow('cannot be opened')
    const kept = await everythingIn(redis)
    expect(kept).toContain(first.wish.userData)
    for (const text of [secret, userData, userData.slice(8, -4)]) expect(kept).not.toContain(text)
  })

  it('has none where none was given', async () => {
    const { computes } = await run(one)
    expect(computes[0]?.wish.userData).toBeNull()
    expect(site.first.operations.userDataOf(computes[0] as ComputeRecord)).toBeNull()
  })

  it('may bring sizes of its own instead of a type', async () => {
    const { computes } = await run({ ...one, cores: 3, memoryMiB: 700 })
    expect(computes[0]?.wish.size).toEqual({ type: '', cores: 3, cpuHundredths: 300, memoryMiB: 700, diskGiB: 8 })
  })
})

describe('a refused order', () => {
  const text = (length: number) => 'x'.repeat(length)
  const tags = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`k${i}`, 'v']))
  it.each<[string, Partial<RunOrder>, string, string]>([
    ['no machine', { minCount: 0 }, 'invalid', 'minCount'],
    ['half a machine', { maxCount: 1.5 }, 'invalid', 'maxCount'],
    ['more than 1000', { maxCount: 1001 }, 'invalid', 'maxCount'],
    ['least above most', { minCount: 3, maxCount: 2 }, 'combination', 'minCount'],
    ['an unknown type', { type: 't9.huge' }, 'invalid', 'type'],
    ['an unknown image', { image: randomUUID() as ImageId }, 'not-found', 'image'],
    ['an unknown zone', { zone: 'mars-1a' }, 'invalid', 'zone'],
    ['user data that is no base64', { userData: 'a*b' }, 'invalid', 'userData'],
    ['too much user data', { userData: Buffer.alloc(16_385).toString('base64') }, 'too-large', 'userData'],
    ['too many tags', { tags: tags(51) }, 'too-large', 'tags'],
    ['a long key', { tags: { [text(129)]: '' } }, 'invalid', 'tags'],
    ['an empty key', { tags: { '': 'x' } }, 'invalid', 'tags'],
    ['a long value', { tags: { a: text(257) } }, 'invalid', 'tags'],
    ['a reserved key', { tags: { 'aws:x': '' } }, 'invalid', 'tags'],
    ['a long title', { title: text(256) }, 'invalid', 'title'],
    ['a long summary', { summary: text(1025) }, 'invalid', 'summary'],
    ['a hostname with a blank', { hostname: 'a b' }, 'invalid', 'hostname'],
    ['no cores', { cores: 0 }, 'invalid', 'cores'],
    ['a long token', { token: { token: text(65), digest: 'd' } }, 'invalid', 'token'],
    ['an id that is no UUID', { id: 'web' as ComputeId }, 'invalid', 'id'],
    ['one id for two', { id: randomUUID() as ComputeId, maxCount: 2 }, 'combination', 'id'],
  ])('%s', async (_name, parts, kind, field) => {
    const before = (await site.first.operations.listComputes(ann)).length
    await expect(run({ ...one, ...parts })).rejects.toMatchObject({ kind, detail: { field } })
    expect(await site.first.operations.listComputes(ann)).toHaveLength(before)
  })

  it('takes exactly what the limits allow', async () => {
    const { computes } = await run({
      ...one,
      userData: Buffer.alloc(16_384).toString('base64'),
      tags: { ...tags(49), [text(128)]: text(256) },
      title: text(255),
    })
    expect(Object.keys(computes[0]?.wish.tags ?? {})).toHaveLength(50)
  })

  it('is only checked in a dry run', async () => {
    const before = (await site.first.operations.listComputes(ann)).length
    expect((await run({ ...one, dryRun: true })).computes).toEqual([])
    await expect(run({ ...one, dryRun: true, type: 'none' })).rejects.toMatchObject({ kind: 'invalid' })
    expect(await site.first.operations.listComputes(ann)).toHaveLength(before)
  })
})

describe('an id of the caller’s own (OCCI PUT)', () => {
  it('is taken; again it exists; deleted it is in conflict until it is gone', async () => {
    const id = randomUUID() as ComputeId
    expect((await run({ ...one, id })).computes[0]?.id).toBe(id)
    await expect(run({ ...one, id })).rejects.toMatchObject({ kind: 'exists' })
    await site.first.operations.deleteComputes(ann, { ids: [id] })
    await expect(run({ ...one, id })).rejects.toMatchObject({ kind: 'conflict' })
  })

  it('is refused in the same words when it is another project’s or no UUID', async () => {
    const id = randomUUID() as ComputeId
    await run({ ...one, id }, bob)
    const refusal = (given: ComputeId) =>
      run({ ...one, id: given }).then(
        () => '',
        (thrown: Error) => thrown.message,
      )
    const words = await refusal(id)
    expect(words).toBe(await refusal('no-uuid' as ComputeId))
    expect(words).not.toBe('')
  })

  it('goes to one of two who ask at the same time', async () => {
    const id = randomUUID() as ComputeId
    const asked = [site.first, site.second].map(({ operations }) => operations.runComputes(ann, { ...one, id }))
    const results = await Promise.allSettled(asked)
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(results.find((result) => result.status === 'rejected')).toMatchObject({ reason: { kind: 'exists' } })
  })
})
