/** Key pairs over a real store: names, tenants, the machines that get them, the end of a project. */
import { isShortName } from '../../../../src/model/ids'
import type { Caller } from '../../../../src/operations/context'
import { type Gateways, OPERATOR, startGateways } from '../../../support/gateways'
import { startRedis, type TestRedis } from '../../../support/redis'

const ED25519 = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAICkqSP1zYcGt9CdIRVuqVMkr2uTCBmBK3fvVQHZyYKNq'

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

const one = { minCount: 1, maxCount: 1 }
const bring = (caller: Caller, name: string, more: { tags?: Record<string, string>; dryRun?: boolean } = {}) =>
  site.first.operations.importKeyPair(caller, { name, material: Buffer.from(ED25519), ...more })
const names = async (caller: Caller) =>
  (await site.second.operations.listKeyPairs(caller)).map((record) => record.wish.name)

test('made at one gateway, shown at the other, in order; the private half is nowhere', async () => {
  const { record, privateKey } = await site.first.operations.createKeyPair(ann, { name: 'made', type: 'ed25519' })
  site.clock.at += 1
  await bring(ann, 'brought', { tags: { of: 'ann' } })
  expect(isShortName('keypair', record.wish.pair)).toBe(true)
  expect(await site.second.operations.listKeyPairs(ann)).toMatchObject([
    { wish: record.wish },
    { wish: { name: 'brought', publicKey: ED25519, tags: { of: 'ann' } } },
  ])
  const secret = privateKey.split('\n')[3] ?? ''
  expect(secret.length).toBeGreaterThan(40)
  expect(JSON.stringify(await site.store.readAll('keypair'))).not.toContain(secret)
  const events = await site.store.history({ kind: 'keypair', id: record.id }, 10)
  expect(events.map((event) => event.what)).toEqual(['create-key-pair'])
})

test('a name is taken once in a project, and free in another', async () => {
  await bring(ann, 'once')
  await expect(bring(ann, 'once')).rejects.toMatchObject({ kind: 'exists', detail: { subject: { kind: 'keypair' } } })
  await bring(bob, 'once')
  const both = [site.first, site.second].map(({ operations }) =>
    operations.createKeyPair(ann, { name: 'race', type: 'ed25519' }),
  )
  const ends = await Promise.allSettled(both)
  expect(ends.map((end) => end.status).sort()).toEqual(['fulfilled', 'rejected'])
  expect((await names(ann)).filter((name) => name === 'race')).toHaveLength(1)
})

test("another's key pair does not exist", async () => {
  const theirs = await bring(bob, 'theirs')
  expect(await names(ann)).not.toContain('theirs')
  const choices = [{ name: 'theirs' }, { pair: theirs.wish.pair }]
  for (const choice of choices) expect(await site.first.operations.deleteKeyPair(ann, choice)).toBeUndefined()
  expect(await names(bob)).toContain('theirs')
  await expect(
    site.first.operations.tagResources(ann, { refs: [{ kind: 'keypair', id: theirs.id }], set: { a: '1' } }),
  ).rejects.toMatchObject({ kind: 'not-found' })
  await expect(site.first.operations.runComputes(ann, { ...one, keyName: 'theirs' })).rejects.toMatchObject({
    kind: 'not-found',
    detail: { subject: { kind: 'keypair' } },
  })
})

test('deleted by name or id; again is success; the name is free then', async () => {
  const first = await bring(ann, 'short-lived')
  expect(await site.first.operations.deleteKeyPair(ann, { name: 'short-lived', dryRun: true })).toMatchObject({
    id: first.id,
  })
  expect(await names(ann)).toContain('short-lived')
  expect(await site.first.operations.deleteKeyPair(ann, { name: 'short-lived' })).toMatchObject({ id: first.id })
  expect(await site.second.operations.deleteKeyPair(ann, { name: 'short-lived' })).toBeUndefined()
  const second = await bring(ann, 'short-lived')
  const pair = second.wish.pair
  expect(pair).not.toBe(first.wish.pair)
  await expect(site.first.operations.deleteKeyPair(ann, { name: 'made', pair })).rejects.toMatchObject({
    kind: 'combination',
  })
  await site.second.operations.deleteKeyPair(ann, { pair })
  expect(await names(ann)).not.toContain('short-lived')
})

test.each(['', ' a', 'a ', 'é', 'a\nb', 'x'.repeat(256)])('no name: %j', async (name) => {
  await expect(bring(ann, name)).rejects.toMatchObject({ kind: 'invalid', detail: { field: 'keyName' } })
})

test('names may have spaces and signs inside, and tags are checked', async () => {
  await bring(ann, "ann's key: no. 1/2")
  expect(await names(ann)).toContain("ann's key: no. 1/2")
  await expect(bring(ann, 'tagged', { tags: { 'aws:x': '1' } })).rejects.toMatchObject({ kind: 'invalid' })
})

test('a dry run keeps nothing and refuses what would be refused', async () => {
  await bring(ann, 'dry', { dryRun: true })
  expect(await names(ann)).not.toContain('dry')
  await expect(bring(ann, 'made', { dryRun: true })).rejects.toMatchObject({ kind: 'exists' })
})

test('tags are set and removed', async () => {
  const { id } = await bring(ann, 'to-tag')
  const refs = [{ kind: 'keypair' as const, id }]
  await site.first.operations.tagResources(ann, { refs, set: { a: '1', b: '2' } })
  await site.second.operations.tagResources(ann, { refs, remove: [{ key: 'a', value: null }] })
  expect((await site.store.read('keypair', id))?.wish.tags).toEqual({ b: '2' })
})

test('a machine keeps the public key when its pair is gone, and a repeated order needs the pair no more', async () => {
  await bring(ann, 'for-machines')
  const order = { ...one, keyName: 'for-machines', token: { token: 't-keys', digest: 'd' } }
  const first = await site.first.operations.runComputes(ann, order)
  expect(first.computes[0]?.wish).toMatchObject({ keyName: 'for-machines', publicKey: ED25519 })
  await site.first.operations.deleteKeyPair(ann, { name: 'for-machines' })
  const again = await site.second.operations.runComputes(ann, order)
  expect(again).toMatchObject({ repeated: true, computes: [{ id: first.computes[0]?.id }] })
  await expect(site.first.operations.runComputes(ann, { ...one, keyName: 'for-machines' })).rejects.toMatchObject({
    kind: 'not-found',
  })
})

test("OCCI's key comes with the order: its name needs no pair", async () => {
  const { computes } = await site.first.operations.runComputes(ann, { ...one, keyName: 'mine', publicKey: ED25519 })
  expect(computes[0]?.wish).toMatchObject({ keyName: 'mine', publicKey: ED25519 })
})

test('they end with their project', async () => {
  const { caller } = await site.project('short')
  await bring(caller, 'k')
  expect(await site.first.operations.purgeProject(OPERATOR, 'short')).toEqual({ left: 0, done: true })
  expect((await site.store.readAll('keypair')).filter((record) => record.project === caller.project)).toEqual([])
  expect(await site.store.resolve('names', [`keypair:${caller.project}:k`])).toEqual([undefined])
  await expect(bring(caller, 'again')).rejects.toMatchObject({ kind: 'forbidden' })
})
