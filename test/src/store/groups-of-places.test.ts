/** Placement groups in the scripts that begin claims: nobody comes into a group between its reading and the writing. */
import type { PlacedGroup, Placing } from '../../../src/store/store'
import { startRedis, type TestRedis } from '../../support/redis'
import { changeOf, claimed, createOf, hostRef, make, openTestSite, P1, ref, type TestSite } from '../../support/store'

let redis: TestRedis
let site: TestSite
beforeAll(async () => {
  redis = await startRedis()
})
afterAll(() => redis.stop())
beforeEach(async () => {
  site = await openTestSite(redis)
  await make(site.store, 'c1', 'c2', 'c3')
  await site.store.change(changeOf({ waiting: ['c1', 'c2', 'c3'] }), 1_000)
  const hosts = ['h1', 'h2'].map((id) => createOf(id, { ref: hostRef(id), project: null, wake: false }))
  await site.store.change(changeOf({ creates: hosts }), 1_000)
})
afterEach(() => site.close())

async function placing(id: string, host: string, group?: string): Promise<Placing> {
  const record = await site.store.read('compute', id)
  if (!record) throw new Error(`${id} is gone`)
  const { epoch, rev } = record
  const on = { host, claim: `{"machine":"${id}"}`, ...(group === undefined ? {} : { group }) }
  return { ref: ref(id), project: P1, epoch, rev, place: { host }, raisePhase: true, on }
}
async function placed(placings: readonly Placing[], groups: readonly PlacedGroup[]): Promise<unknown> {
  const claim = await site.store.claim('placement', 'site', 1_000)
  if (!claim) throw new Error('no placement record')
  const hosts = (await site.store.hostClaims(['h1', 'h2'])).map(({ host, revision }) => ({ host, revision }))
  return site.store.place(claim, hosts, placings, 2_000, groups)
}
const revision = async (group: string) => (await site.store.groupRevisions([group]))[0] ?? -1
const read = async (group: string, more: Partial<PlacedGroup> = {}) => ({
  group,
  revision: await revision(group),
  ...more,
})
const done = (...ids: string[]) => ({ state: 'done', placed: ids })

/** Another of the group sets out for a host. */
async function moves(id: string, group: PlacedGroup): Promise<string> {
  const claim = await claimed(site.store, id)
  const [held] = await site.store.hostClaims(['h2'])
  const take = { host: 'h2', revision: held?.revision ?? 0, claims: [{ id, claim: '{}' }], group }
  return site.store.transfer(claim, { place: {}, seen: {}, journal: {}, take, what: 'test' }, 3_000)
}

test('a group that got a machine has another revision, and no other group has', async () => {
  const groups = [await read('g1'), await read('g2')]
  expect(await placed([await placing('c1', 'h1', 'g1'), await placing('c2', 'h2')], groups)).toEqual(done('c1', 'c2'))
  expect(await site.store.groupRevisions(['g1', 'g2', 'g3'])).toEqual([1, 0, 0])
  expect(await site.store.groupRevisions([])).toEqual([])
})

test('who came into the group by a move meanwhile leaves all of its machines out, and no others', async () => {
  const [g1, g2] = [await read('g1'), await read('g2')]
  expect(await moves('c3', g1)).toBe('done')
  const placings = [await placing('c1', 'h1', 'g1'), await placing('c2', 'h1', 'g2')]
  expect(await placed(placings, [g1, g2])).toEqual(done('c2'))
  expect(await site.store.waiting(10)).toEqual(['c1', 'c3'])
  expect(await placed([await placing('c1', 'h1', 'g1')], [await read('g1')])).toEqual(done('c1'))
})

test('a move is refused when placement gave a machine of the group a place meanwhile', async () => {
  const before = await read('g1')
  await placed([await placing('c1', 'h1', 'g1')], [before])
  expect(await moves('c3', before)).toBe('moved')
  expect(await moves('c3', await read('g1'))).toBe('done')
  expect(await revision('g1')).toBe(2)
})

test('all or nothing: one machine that moved leaves the others of its set out', async () => {
  const whole = await read('g1', { whole: true })
  const placings = [await placing('c1', 'h1', 'g1'), await placing('c2', 'h1', 'g1'), await placing('c3', 'h1')]
  await claimed(site.store, 'c2')
  expect(await placed(placings, [whole])).toEqual(done('c3'))
  const again = [await placing('c1', 'h1', 'g1'), await placing('c2', 'h1', 'g1')]
  expect(await placed(again, [whole])).toEqual(done('c1', 'c2'))
})

test('another group of a machine that has its place is refused when somebody came into it meanwhile', async () => {
  const before = await read('g1')
  await placed([await placing('c1', 'h1', 'g1')], [before])
  expect(await site.store.change(changeOf({ groups: [before] }), 4_000)).toEqual({
    state: 'moved',
    ref: { kind: 'placementgroup', id: 'g1' },
  })
  expect(await site.store.change(changeOf({ groups: [await read('g1')] }), 4_000)).toMatchObject({ state: 'done' })
  expect(await revision('g1')).toBe(2)
})

test('a group that a machine was ordered into is not removed; afterwards its revision goes with it', async () => {
  const group = { kind: 'placementgroup', id: 'g1' } as const
  await site.store.change(changeOf({ creates: [createOf('g1', { ref: group, wake: false })] }), 1_000)
  await site.store.change(changeOf({ takes: [{ hash: 'members:g1', field: 'c1', value: 'compute:c1' }] }), 1_000)
  await placed([await placing('c1', 'h1', 'g1')], [await read('g1')])
  const removals = [{ ref: group, project: P1, generation: 1 }]
  expect(await site.store.change(changeOf({ removals }), 2_000)).toEqual({ state: 'moved', ref: group })
  await site.store.change(changeOf({ releases: [{ hash: 'members:g1', field: 'c1' }] }), 2_000)
  expect(await site.store.change(changeOf({ removals }), 2_000)).toMatchObject({ state: 'done' })
  expect([await site.store.read('placementgroup', 'g1'), await revision('g1')]).toEqual([undefined, 0])
})
