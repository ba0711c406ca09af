import type { Finding, Placing } from '../../../src/store/store'
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
  await make(site.store, 'c1', 'c2')
  await site.store.change(changeOf({ waiting: ['c1', 'c2'] }), 1_000)
  const hosts = ['h1', 'h2'].map((id) => createOf(id, { ref: hostRef(id), project: null, wake: false }))
  await site.store.change(changeOf({ creates: hosts }), 1_000)
})
afterEach(() => site.close())

async function placement() {
  const claim = await site.store.claim('placement', 'site', 1_000)
  if (!claim) throw new Error('no placement record')
  return claim
}
async function placing(id: string, host: string | null, parts: Partial<Placing> = {}): Promise<Placing> {
  const record = await site.store.read('compute', id)
  if (!record) throw new Error(`${id} is gone`)
  return {
    ref: ref(id),
    project: P1,
    epoch: record.epoch,
    rev: record.rev,
    place: { host },
    raisePhase: true,
    on: host === null ? null : { host, claim: `{"machine":"${id}"}` },
    ...parts,
  }
}
const hosts = async (...names: string[]) =>
  (await site.store.hostClaims(names)).map(({ host, revision }) => ({ host, revision }))
const claims = async (host: string) => (await site.store.hostClaims([host]))[0]?.claims

describe('placing', () => {
  test('writes places and claims, ends the waiting and wakes the machines', async () => {
    const [claim, read] = [await placement(), await hosts('h1', 'h2')]
    const placings = [await placing('c1', 'h1'), await placing('c2', 'h2')]
    expect(await site.store.place(claim, read, placings, 4_000)).toEqual({ state: 'done', placed: ['c1', 'c2'] })
    expect(await site.store.read('compute', 'c1')).toMatchObject({ rev: 2, phase: 1, wakes: 2, place: { host: 'h1' } })
    expect(await claims('h1')).toEqual({ c1: '{"machine":"c1"}' })
    expect(await site.store.waiting(10)).toEqual([])
  })

  test('raises the revision of the hosts that got something, and of no other', async () => {
    const [claim, read] = [await placement(), await hosts('h1', 'h2')]
    await site.store.place(claim, read, [await placing('c1', 'h1'), await placing('c2', 'h1')], 1)
    const after = await hosts('h1', 'h2')
    expect(after.map(({ revision }, i) => revision - (read[i]?.revision ?? 0))).toEqual([1, 0])
  })

  test('is superseded by a newer placement claim, and nothing is written', async () => {
    const old = await placement()
    await placement()
    const placings = [await placing('c1', 'h1')]
    expect(await site.store.place(old, await hosts('h1'), placings, 1)).toEqual({ state: 'superseded' })
    expect(await claims('h1')).toEqual({})
    expect(await site.store.waiting(10)).toEqual(['c1', 'c2'])
  })

  test('is refused as a whole when a host changed since it was read', async () => {
    const [claim, read] = [await placement(), await hosts('h1', 'h2')]
    await site.store.place(claim, read, [await placing('c1', 'h2')], 1)
    const stale = [await placing('c2', 'h1')]
    expect(await site.store.place(claim, read, stale, 1)).toEqual({ state: 'moved', host: 'h2' })
    expect(await claims('h1')).toEqual({})
    expect(await site.store.place(claim, await hosts('h1', 'h2'), stale, 1)).toMatchObject({ placed: ['c2'] })
  })

  test('is refused when a host was disabled or removed since', async () => {
    const [claim, read] = [await placement(), await hosts('h1')]
    const update = { ref: hostRef('h1'), project: null, generation: 1, wish: {}, raisePhase: false, wake: false }
    await site.store.change(changeOf({ updates: [update] }), 1)
    expect(await site.store.place(claim, read, [await placing('c1', 'h1')], 1)).toMatchObject({ state: 'moved' })
    const again = await hosts('h1')
    await site.store.change(changeOf({ removals: [{ ref: hostRef('h1'), project: null, generation: 2 }] }), 1)
    expect(await site.store.place(claim, again, [await placing('c1', 'h1')], 1)).toMatchObject({ state: 'moved' })
  })

  test('leaves out a machine that was claimed or changed since it was read; it stays waiting', async () => {
    const [claim, read] = [await placement(), await hosts('h1')]
    const placings = [await placing('c1', 'h1'), await placing('c2', 'h1')]
    await claimed(site.store, 'c1')
    expect(await site.store.place(claim, read, placings, 1)).toEqual({ state: 'done', placed: ['c2'] })
    expect(await site.store.waiting(10)).toEqual(['c1'])
    expect(await claims('h1')).toEqual({ c2: '{"machine":"c2"}' })
  })

  test('leaves out a machine that was deleted since, and one that is gone', async () => {
    const [claim, read] = [await placement(), await hosts('h1')]
    const placings = [await placing('c1', 'h1'), await placing('c2', 'h1')]
    const update = { ref: ref('c1'), project: P1, generation: 1, wish: {}, raisePhase: true, wake: true }
    await site.store.change(changeOf({ updates: [update], stopWaiting: ['c1'] }), 1)
    await site.store.forget(await claimed(site.store, 'c2'), [], 1)
    expect(await site.store.place(claim, read, placings, 1)).toEqual({ state: 'done', placed: [] })
    expect(await claims('h1')).toEqual({})
  })

  test('writes why a machine still waits, without waking it', async () => {
    const claim = await placement()
    const waiting = await placing('c1', null, { place: { host: null, waiting: { reasons: { memory: 2 } } } })
    expect(await site.store.place(claim, [], [waiting], 1)).toEqual({ state: 'done', placed: [] })
    expect(await site.store.read('compute', 'c1')).toMatchObject({
      wakes: 1,
      place: { waiting: { reasons: { memory: 2 } } },
    })
    expect(await site.store.waiting(10)).toEqual(['c1', 'c2'])
  })

  test('twice (its reply was lost) books nothing twice', async () => {
    const [claim, read] = [await placement(), await hosts('h1')]
    const placings = [await placing('c1', 'h1')]
    await site.store.place(claim, read, placings, 1)
    expect(await site.store.place(claim, read, placings, 1)).toEqual({ state: 'moved', host: 'h1' })
    expect(await claims('h1')).toEqual({ c1: '{"machine":"c1"}' })
  })

  describe('of which one part is written on top of another', () => {
    const parts = async () => {
      const [claim, read] = [await placement(), await hosts('h1')]
      const [c1, c2] = [await placing('c1', 'h1'), await placing('c2', 'h1')]
      const next = read.map(({ host, revision }) => ({ host, revision: revision + 1 }))
      return {
        claim,
        first: () => site.store.place(claim, read, [c1], 1, [], [], { part: 'a' }),
        second: () => site.store.place(claim, next, [c2], 1, [], [], { part: 'b', after: 'a' }),
      }
    }

    test('both are, sent one behind the other', async () => {
      const { first, second } = await parts()
      expect(await Promise.all([first(), second()])).toEqual([
        { state: 'done', placed: ['c1'] },
        { state: 'done', placed: ['c2'] },
      ])
    })

    test('a host counts on as if nobody had been left out', async () => {
      const { first, second } = await parts()
      await claimed(site.store, 'c1')
      expect(await first()).toEqual({ state: 'done', placed: [] })
      expect(await second()).toEqual({ state: 'done', placed: ['c2'] })
    })

    test('the second one is refused where the first was not written, even though its host has that revision', async () => {
      const { second } = await parts()
      const update = { ref: hostRef('h1'), project: null, generation: 1, wish: {}, raisePhase: false, wake: false }
      await site.store.change(changeOf({ updates: [update] }), 1)
      expect(await second()).toEqual({ state: 'moved', host: '' })
      expect(await claims('h1')).toEqual({})
    })

    test('and where somebody else changed the host in between', async () => {
      const { first, second } = await parts()
      await first()
      const update = { ref: hostRef('h1'), project: null, generation: 1, wish: {}, raisePhase: false, wake: false }
      await site.store.change(changeOf({ updates: [update] }), 1)
      expect(await second()).toEqual({ state: 'moved', host: 'h1' })
    })
  })

  test('that stand one on another: after one that is left out none gets a place', async () => {
    const [claim, read] = [await placement(), await hosts('h1')]
    await make(site.store, 'c3')
    const placings = [await placing('c1', 'h1'), await placing('c2', 'h1'), await placing('c3', 'h1')]
    await claimed(site.store, 'c2')
    const how = { order: 'one-on-another' } as const
    const came = await site.store.place(claim, read, placings, 1, [], [], how)
    expect(came).toEqual({ state: 'done', placed: ['c1'], stopped: 'c2' })
    expect(await claims('h1')).toEqual({ c1: '{"machine":"c1"}' })
  })

  test('that stand one on another: so does one that is left out with its fellows', async () => {
    const [claim, read] = [await placement(), await hosts('h1')]
    await make(site.store, 'c3')
    const placings = [
      { ...(await placing('c1', 'h1')), together: 'lease' },
      { ...(await placing('c2', 'h1')), together: 'lease' },
      await placing('c3', 'h1'),
    ]
    await claimed(site.store, 'c2')
    const how = { order: 'one-on-another' } as const
    const came = await site.store.place(claim, read, placings, 1, [], [], how)
    expect(came).toEqual({ state: 'done', placed: [], stopped: 'c1' })
  })

  test('on a host whose revision is not named is a bug', async () => {
    const claim = await placement()
    const placings = [await placing('c1', 'h1')]
    await expect(site.store.place(claim, [], placings, 1)).rejects.toMatchObject({ kind: 'internal' })
  })

  test('by two at once: one of them, and no host gets both', async () => {
    const first = await placement()
    const second = await placement()
    const read = await hosts('h1')
    const placings = [await placing('c1', 'h1')]
    const results = await Promise.all([first, second].map((claim) => site.store.place(claim, read, placings, 1)))
    expect(results.map(({ state }) => state)).toEqual(['superseded', 'done'])
  })
})

describe('sighting', () => {
  async function finding(id: string, parts: Partial<Finding> = {}): Promise<Finding> {
    const record = await site.store.read('compute', id)
    if (!record) throw new Error(`${id} is gone`)
    const { epoch, rev } = record
    return { ref: ref(id), project: P1, epoch, rev, seen: { at: 9 }, raisePhase: false, wake: false, ...parts }
  }
  const events = () => site.raw.xlen(site.keys.events)

  test('writes where nothing moved since the list call, in one event', async () => {
    const before = await events()
    const findings = [await finding('c1'), await finding('c2', { raisePhase: true, wake: true })]
    expect(await site.store.sight(findings, 5_000)).toBe(2)
    expect(await site.store.read('compute', 'c1')).toMatchObject({ rev: 2, phase: 0, wakes: 1, seen: { at: 9 } })
    expect(await site.store.read('compute', 'c2')).toMatchObject({ rev: 2, phase: 1, wakes: 2, seen: { at: 9 } })
    expect(await events()).toBe(before + 1)
  })

  test('wakes those that were claimed or changed since, and leaves them as they are', async () => {
    const findings = [await finding('c1'), await finding('c2')]
    const claim = await claimed(site.store, 'c1')
    await site.store.observe(await claimed(site.store, 'c2'), { seen: { at: 7 }, what: 'x' }, 1)
    expect(await site.store.sight(findings, 5_000)).toBe(0)
    expect(await site.store.read('compute', 'c1')).toEqual({ ...claim.record, wakes: 2 })
    expect(await site.store.read('compute', 'c2')).toMatchObject({ seen: { at: 7 }, wakes: 2 })
    expect(await site.store.settle(claim, null, 6_000)).toBe('due')
  })

  test('a stale list never overwrites what the holder of a newer claim saw', async () => {
    const stale = await finding('c1', { seen: { state: 'absent' } })
    const claim = await claimed(site.store, 'c1')
    await site.store.observe(claim, { seen: { state: 'running' }, what: 'started' }, 1)
    await site.store.sight([stale], 2)
    expect((await site.store.read('compute', 'c1'))?.seen).toEqual({ state: 'running' })
  })

  test('of nothing, or of what is gone, writes nothing', async () => {
    const gone = await finding('c1')
    await site.store.forget(await claimed(site.store, 'c1'), [], 1)
    const before = await events()
    expect(await site.store.sight([], 1)).toBe(0)
    expect(await site.store.sight([gone], 1)).toBe(0)
    expect(await events()).toBe(before)
  })
})

describe('promises', () => {
  const promise = (host: string, key: string, claim = 'later') => ({ host, key, claim })

  test('are written with the machine that they are for, which goes on waiting, and raise the revisions of their hosts', async () => {
    const [claim, read] = [await placement(), await hosts('h1', 'h2')]
    const waits = await placing('c1', null, { promises: [promise('h1', 'lease-c1-0'), promise('h2', 'lease-c1-1')] })
    expect(await site.store.place(claim, read, [waits], 1)).toEqual({ state: 'done', placed: [] })
    expect([await claims('h1'), await claims('h2')]).toEqual([{ 'lease-c1-0': 'later' }, { 'lease-c1-1': 'later' }])
    expect(await site.store.waiting(10)).toEqual(['c1', 'c2'])
    const after = await hosts('h1', 'h2')
    expect(after.map(({ revision }, i) => revision - (read[i]?.revision ?? 0))).toEqual([1, 1])
    const begins = await placing('c1', 'h1', { promises: [promise('h1', 'lease-c1-0', '')] })
    expect(await site.store.place(claim, after, [begins], 1, [], [promise('h2', 'lease-c1-1', '')])).toEqual({
      state: 'done',
      placed: ['c1'],
    })
    expect([await claims('h1'), await claims('h2')]).toEqual([{ c1: '{"machine":"c1"}' }, {}])
  })

  test('are left out with a machine that is not as it was read', async () => {
    const claim = await placement()
    const stale = await placing('c1', null, { rev: 0, promises: [promise('h1', 'lease-c1-0')] })
    await site.store.place(claim, await hosts('h1'), [stale], 1)
    expect(await claims('h1')).toEqual({})
  })

  test('name hosts that were read', async () => {
    const waits = await placing('c1', null, { promises: [promise('h2', 'lease-c1-0')] })
    await expect(site.store.place(await placement(), await hosts('h1'), [waits], 1)).rejects.toMatchObject({
      kind: 'internal',
    })
  })
})

test('of machines that begin together all get their places, or none does', async () => {
  const claim = await placement()
  const both = [await placing('c1', 'h1', { together: 'pair' }), await placing('c2', 'h2', { together: 'pair' })]
  const [first, second] = both
  const stale = second ? [first ?? second, { ...second, rev: 0 }] : []
  expect(await site.store.place(claim, await hosts('h1', 'h2'), stale, 1)).toEqual({ state: 'done', placed: [] })
  expect([await claims('h1'), await claims('h2')]).toEqual([{}, {}])
  expect(await site.store.place(claim, await hosts('h1', 'h2'), both, 1)).toEqual({
    state: 'done',
    placed: ['c1', 'c2'],
  })
})
