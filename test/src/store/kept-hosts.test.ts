import { openStore } from '../../../src/store'
import type { Store } from '../../../src/store/store'
import { startRedis, type TestRedis } from '../../support/redis'
import { changeOf, createOf, hostRef, make, openTestSite, P1, ref, type TestSite } from '../../support/store'
import { until } from '../../support/until'

let redis: TestRedis
let site: TestSite
beforeAll(async () => {
  redis = await startRedis()
})
afterAll(() => redis.stop())
beforeEach(async () => {
  site = await openTestSite(redis)
  await addHosts('h1', 'h2', 'h3')
})
afterEach(() => site.close())

async function addHosts(...ids: readonly string[]): Promise<void> {
  const creates = ids.map((id) => createOf(id, { ref: hostRef(id), project: null, wish: { name: id }, wake: false }))
  await site.store.change(changeOf({ creates }), 1)
}
const kept = async () => new Map((await site.store.kept.hosts()).map((host) => [host.id as string, host]))
const nameOf = async (id: string) => (await kept()).get(id)?.wish.name

/** A machine gets its place there. */
async function placeOn(host: string, machine: string, store: Store = site.store): Promise<void> {
  await make(store, machine)
  const [placement, record, [held]] = [
    await store.claim('placement', 'site', 1),
    await store.read('compute', machine),
    await store.hostClaims([host]),
  ]
  if (!placement || !record || !held) throw new Error('nothing to place')
  const { epoch, rev } = record
  const placing = {
    ref: ref(machine),
    project: P1,
    epoch,
    rev,
    place: { host },
    raisePhase: true,
    on: { host, claim: '{}' },
  }
  const { state } = await store.place(placement, [held], [placing], 1)
  expect(state).toBe('done')
}

describe('hosts', () => {
  test('that did not change are the same objects, and those that did are read anew', async () => {
    const before = await kept()
    expect([...before.keys()].sort()).toEqual(['h1', 'h2', 'h3'])
    const update = {
      ref: hostRef('h2'),
      project: null,
      generation: 1,
      wish: { name: 'other' },
      raisePhase: false,
      wake: false,
    }
    await site.store.change(changeOf({ updates: [update] }), 2)
    const after = await kept()
    expect(after.get('h2')?.wish.name).toBe('other')
    expect(after.get('h1')).toBe(before.get('h1'))
    expect(after.get('h3')).toBe(before.get('h3'))
  })

  test('have the epoch of their last claim and are as awake as they are', async () => {
    await kept()
    const claim = await site.store.claim('host', 'h1', 2)
    await site.store.wake([hostRef('h1')], 2)
    expect((await kept()).get('h1')).toEqual(await site.store.read('host', 'h1'))
    expect((await kept()).get('h1')).toMatchObject({ epoch: claim?.epoch, wakes: 1 })
  })

  test('that come are there, and those that go are not', async () => {
    await kept()
    await site.store.change(changeOf({ removals: [{ ref: hostRef('h1'), project: null, generation: 1 }] }), 2)
    await addHosts('h4')
    expect([...(await kept()).keys()].sort()).toEqual(['h2', 'h3', 'h4'])
  })

  test('one that went and came anew under its id is the new one', async () => {
    await kept()
    await site.store.change(changeOf({ removals: [{ ref: hostRef('h1'), project: null, generation: 1 }] }), 2)
    const create = createOf('h1', { ref: hostRef('h1'), project: null, wish: { name: 'anew' }, wake: false })
    await site.store.change(changeOf({ creates: [create] }), 3)
    expect(await nameOf('h1')).toBe('anew')
  })

  test('of a site without any are none', async () => {
    const empty = await openTestSite(redis)
    expect(await empty.store.kept.hosts()).toEqual([])
    expect(await empty.store.kept.claims([])).toEqual([])
    await empty.close()
  })
})

describe('claims', () => {
  test('are those of the store, read anew only where one began or ended', async () => {
    const ids = ['h1', 'h2', 'h3']
    const before = await site.store.kept.claims(ids)
    await placeOn('h2', 'c1')
    const after = await site.store.kept.claims(ids)
    expect(after).toEqual(await site.store.hostClaims(ids))
    expect(after[1]?.claims).toEqual({ c1: '{}' })
    expect(after[0]).toBe(before[0])
    expect(after[2]).toBe(before[2])
  })

  test('that the store wrote itself are known without reading them, and as they are', async () => {
    const ids = ['h1', 'h2', 'h3']
    await placeOn('h2', 'c1')
    await site.store.kept.claims(ids)
    await placeOn('h2', 'c2')
    const kept = await site.store.hostClaims(ids)
    // Whoever read it would find this.
    await site.raw.hset(site.keys.claims('h2'), 'c3', '{"cores":3}')
    expect(await site.store.kept.claims(ids)).toEqual(kept)
    await site.raw.hincrby(site.keys.claimRevisions, 'h2', 1)
    expect((await site.store.kept.claims(ids))[1]?.claims).toEqual({ c1: '{}', c2: '{}', c3: '{"cores":3}' })
  })

  test('that somebody else wrote on top of ours are read', async () => {
    const ids = ['h1', 'h2', 'h3']
    await site.store.kept.claims(ids)
    await placeOn('h2', 'c1')
    const other = openStore({ site: site.store.site, redis: redis.address })
    await placeOn('h2', 'c2', other)
    await other.close()
    await placeOn('h2', 'c3')
    expect(await site.store.kept.claims(ids)).toEqual(await site.store.hostClaims(ids))
  })

  test('are told in the order asked, of those asked for alone', async () => {
    await placeOn('h3', 'c1')
    await site.store.kept.claims(['h1', 'h2', 'h3'])
    const some = await site.store.kept.claims(['h3', 'h1'])
    expect(some.map(({ host }) => host)).toEqual(['h3', 'h1'])
    expect(some[0]?.claims).toEqual({ c1: '{}' })
  })
})

test('behind a new connection nothing is believed: the server may have been put back to an earlier state', async () => {
  const ids = ['h1']
  await placeOn('h1', 'c1')
  await kept()
  await site.store.kept.claims(ids)
  await redis.kill()
  await redis.restart()
  await until(() =>
    site.store.ping().then(
      () => true,
      () => false,
    ),
  )
  // What a restored server may show: the marks as before, the rest not.
  await site.raw.hset(site.keys.record('host', 'h1'), 'wish', '{"name":"restored"}')
  await site.raw.hset(site.keys.claims('h1'), 'c1', '{"cores":2}')
  expect(await nameOf('h1')).toBe('restored')
  expect((await site.store.kept.claims(ids))[0]?.claims).toEqual({ c1: '{"cores":2}' })
})
