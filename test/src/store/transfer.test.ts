/** A machine's place, what it claims on both hosts and the places of its volumes change together or not at all. */
import type { Claim, Transfer } from '../../../src/store/store'
import { startRedis, type TestRedis } from '../../support/redis'
import { changeOf, claimed, createOf, hostRef, make, openTestSite, P1, type TestSite } from '../../support/store'

let redis: TestRedis
let site: TestSite
let claim: Claim<'compute'>
beforeAll(async () => {
  redis = await startRedis()
})
afterAll(() => redis.stop())
beforeEach(async () => {
  site = await openTestSite(redis)
  const hosts = ['h1', 'h2'].map((id) => createOf(id, { ref: hostRef(id), project: null, wake: false }))
  const volume = createOf('v1', { ref: { kind: 'storage', id: 'v1' }, wake: false })
  await site.store.change(changeOf({ creates: [...hosts, volume] }), 1_000)
  await make(site.store, 'c1')
  claim = await claimed(site.store, 'c1')
})
afterEach(() => site.close())

const held = async (host: string) => {
  const [found] = await site.store.hostClaims([host])
  if (!found) throw new Error('no claims')
  return found
}
const parts = { seen: { at: 5 }, journal: { intent: 1 }, what: 'test-move' }
async function set(more: Partial<Transfer> = {}, by = claim) {
  const { revision } = await held('h2')
  const claims = [
    { id: 'c1', claim: '{"cores":1}' },
    { id: 'v1', claim: '{"diskGiB":3}' },
  ]
  const transfer = { ...parts, place: { host: 'h1', moving: true }, take: { host: 'h2', revision, claims }, ...more }
  return site.store.transfer(by, transfer, 2_000)
}
const arrive = () =>
  site.store.transfer(
    claim,
    {
      ...parts,
      place: { host: 'h2' },
      leave: { host: 'h1', ids: ['c1', 'v1'] },
      volumes: [{ id: 'v1', place: { host: 'h2' } }],
    },
    3_000,
  )

test('sets out: claims on the other host, a higher generation and phase, due at once', async () => {
  const before = await held('h2')
  expect(await set({ generation: claim.generation, phase: claim.record.phase })).toBe('done')
  expect(await held('h2')).toEqual({
    host: 'h2',
    revision: before.revision + 1,
    claims: { c1: '{"cores":1}', v1: '{"diskGiB":3}' },
  })
  expect(await site.store.read('compute', 'c1')).toMatchObject({
    place: { host: 'h1', moving: true },
    seen: { at: 5 },
    journal: { intent: 1 },
    generation: 2,
    phase: 1,
    rev: 2,
  })
  expect(await site.store.settle(claim, null, 2_000)).toBe('due')
  const [event] = await site.store.history({ kind: 'compute', id: 'c1' }, 1)
  expect(event).toMatchObject({ what: 'test-move', revisions: { [P1]: expect.any(Number) } })
})

test('arrives: the claims on the former host end, its volumes are where it is, placement is told', async () => {
  await set()
  const [placement, volume] = [await site.store.claim('placement', 'site', 1), await site.store.read('storage', 'v1')]
  expect(await arrive()).toBe('done')
  expect((await held('h1')).claims).toEqual({})
  expect((await held('h2')).claims).toMatchObject({ c1: expect.any(String), v1: expect.any(String) })
  expect(await site.store.read('compute', 'c1')).toMatchObject({ place: { host: 'h2' } })
  const after = await site.store.read('storage', 'v1')
  expect(after).toMatchObject({ place: { host: 'h2' }, generation: volume?.generation })
  expect(after?.wakes).toBe((volume?.wakes ?? 0) + 1)
  expect((await site.store.read('placement', 'site'))?.wakes ?? 0).toBeGreaterThanOrEqual(placement?.wakes ?? 0)
})

test('stays: what was claimed on the other host ends', async () => {
  await set()
  const leave = { host: 'h2', ids: ['c1', 'v1'] }
  expect(await site.store.transfer(claim, { ...parts, place: { host: 'h1' }, leave }, 3_000)).toBe('done')
  expect((await held('h2')).claims).toEqual({})
  expect(await site.store.read('storage', 'v1')).toMatchObject({ place: { host: null } })
})

test.each<[string, Partial<Transfer>]>([
  ['another wish', { generation: 99 }],
  ['another place by placement', { phase: 99 }],
  ['other claims on that host', { take: { host: 'h2', revision: 99, claims: [{ id: 'c1', claim: '{}' }] } }],
  ['no such host', { take: { host: 'h9', revision: 0, claims: [{ id: 'c1', claim: '{}' }] } }],
])('moved: %s; nothing is written', async (_what, more) => {
  expect(await set(more)).toBe('moved')
  expect((await held('h2')).claims).toEqual({})
  expect(await site.store.read('compute', 'c1')).toMatchObject({ rev: 1, generation: 1, place: { host: null } })
})

test('superseded by a newer claim; nothing is written', async () => {
  const older = claim
  claim = await claimed(site.store, 'c1')
  expect(await set({}, older)).toBe('superseded')
  expect((await held('h2')).claims).toEqual({})
})

test('a volume that is gone meanwhile is not made again', async () => {
  await set()
  const volumes = [{ id: 'v9', place: { host: 'h2' } }]
  expect(await site.store.transfer(claim, { ...parts, place: { host: 'h2' }, volumes }, 3_000)).toBe('done')
  expect(await site.store.read('storage', 'v9')).toBeUndefined()
})

test('placement that read the other host before is refused afterwards', async () => {
  const { revision } = await held('h2')
  const placement = await site.store.claim('placement', 'site', 1)
  if (!placement) throw new Error('no placement')
  await set()
  expect(await site.store.place(placement, [{ host: 'h2', revision }], [], 2_000)).toEqual({
    state: 'moved',
    host: 'h2',
  })
})

test('one that waited has its place with its arrival, and not with what it claims before', async () => {
  const queue = () => site.store.waiting(10)
  await site.store.observe(claim, { waits: true, what: '' }, 1_500)
  await set()
  expect(await queue()).toEqual(['c1'])
  const leave = { host: 'h1', ids: ['c1'] }
  await site.store.transfer(claim, { ...parts, place: { host: 'h2' }, leave }, 3_000)
  expect(await queue()).toEqual(['c1'])
  await site.store.transfer(claim, { ...parts, place: { host: 'h2' }, leave, waits: false }, 3_000)
  expect(await queue()).toEqual([])
})

test('one that is to give its place back is put before placement with its arrival, once', async () => {
  await set()
  const leave = { host: 'h1', ids: ['c1'] }
  for (const _time of ['first', 'again'])
    await site.store.transfer(claim, { ...parts, place: { host: 'h2' }, leave, waits: true }, 3_000)
  expect(await site.store.waiting(10)).toEqual(['c1'])
  expect((await site.store.read('compute', 'c1'))?.place).toEqual({ host: 'h2' })
})
