import { randomUUID } from 'node:crypto'
import type { Change } from '../../../src/store/store'
import { startRedis, type TestRedis } from '../../support/redis'
import {
  changeOf,
  claimed,
  createOf,
  hostRef,
  make,
  openTestSite,
  P1,
  P2,
  ref,
  type TestSite,
} from '../../support/store'

let redis: TestRedis
let site: TestSite
beforeAll(async () => {
  redis = await startRedis()
})
afterAll(() => redis.stop())
beforeEach(async () => {
  site = await openTestSite(redis)
})
afterEach(() => site.close())

const change = (parts: Partial<Change>, now = 2_000) => site.store.change(changeOf(parts), now)
const dump = async () => {
  const keys = (await site.raw.keys(`{${site.store.site}}:*`)).sort()
  return Promise.all(keys.map(async (key) => [key, (await site.raw.dumpBuffer(key))?.toString('hex')]))
}

describe('creating', () => {
  test('makes the record with its first numbers, puts it on the agenda and counts that', async () => {
    expect(await change({ creates: [createOf('c1')], answer: { ok: [] } })).toEqual({
      state: 'done',
      answer: { ok: [] },
    })
    expect(await site.store.read('compute', 'c1')).toEqual({
      kind: 'compute',
      id: 'c1',
      project: P1,
      rev: 1,
      generation: 1,
      epoch: { era: 0, number: 0 },
      wakes: 1,
      phase: 0,
      schema: 1,
      wish: { name: 'c1', createdAt: 0 },
      seen: { at: 0 },
      journal: { intent: null },
      place: { host: null },
    })
    expect(await site.raw.zscore(site.keys.agenda, 'compute:c1')).toBe('2000')
  })

  test('keeps empty lists, long numbers and any text as they were given', async () => {
    const wish = {
      list: [],
      nested: { none: [] },
      long: 9007199254740991,
      text: 'ü \u0000 \ud83d\ude00 "\\',
      createdAt: 1,
    }
    await change({ creates: [createOf('c1', { wish })] })
    expect((await site.store.read('compute', 'c1'))?.wish).toEqual(wish)
  })

  test('of a public record that need not be looked at', async () => {
    await change({ creates: [createOf('t1', { ref: { kind: 'type', id: 't1' }, project: null, wake: false })] })
    expect(await site.store.read('type', 't1')).toMatchObject({ project: null, wakes: 0 })
    expect(await site.store.agendaSize()).toBe(0)
  })

  test('is refused as moved where the id is there', async () => {
    await make(site.store, 'c1')
    expect(await change({ creates: [createOf('c2'), createOf('c1')] })).toEqual({ state: 'moved', ref: ref('c1') })
    expect(await site.store.read('compute', 'c2')).toBeUndefined()
  })

  test('refuses ids that cannot stand in keys', async () => {
    await expect(change({ creates: [createOf('a b')] })).rejects.toMatchObject({ kind: 'invalid' })
    await expect(change({ creates: [createOf('')] })).rejects.toMatchObject({ kind: 'invalid' })
  })
})

describe('holding', () => {
  const hold = (generation: number, id = 'p1') => ({ ref: { kind: 'project', id } as const, generation })
  beforeEach(() =>
    change({
      creates: [createOf('p1', { ref: { kind: 'project', id: 'p1' }, wake: false })],
      operationId: randomUUID(),
    }),
  )

  test('goes through while the record has the wish that was read, and leaves it alone', async () => {
    const before = await site.store.read('project', 'p1')
    expect(await change({ holds: [hold(1)], creates: [createOf('c1')] })).toMatchObject({ state: 'done' })
    expect(await site.store.read('project', 'p1')).toEqual(before)
  })

  test.each([
    ['another wish', hold(2)],
    ['no such record', hold(1, 'p2')],
  ])('is refused as moved for %s, and nothing is written', async (_name, held) => {
    const before = await dump()
    const refused = await change({
      holds: [hold(1), held],
      creates: [createOf('c1')],
      takes: [{ hash: 'names', field: 'n', value: 'v' }],
      counters: [{ project: P1, name: 'instances', by: 1 }],
    })
    expect(refused).toEqual({ state: 'moved', ref: held.ref })
    expect(await dump()).toEqual(before)
  })

  test('an observation moves nothing that is held', async () => {
    const claim = await site.store.claim('project', 'p1', 3_000)
    if (!claim) throw new Error('not claimed')
    expect(await site.store.observe(claim, { seen: { at: 1 }, what: 'seen' }, 3_000)).toBe(true)
    expect(await change({ holds: [hold(1)], creates: [createOf('c1')] })).toMatchObject({ state: 'done' })
  })
})

describe('updating', () => {
  const update = (parts: object = {}) => ({
    ref: ref('c1'),
    project: P1,
    generation: 1,
    wish: { n: 2 },
    raisePhase: false,
    wake: true,
    ...parts,
  })
  beforeEach(() => make(site.store, 'c1'))

  test('raises rev, generation and, when told, phase and wakes', async () => {
    expect(await change({ updates: [update({ raisePhase: true })] })).toMatchObject({ state: 'done' })
    expect(await site.store.read('compute', 'c1')).toMatchObject({
      rev: 2,
      generation: 2,
      phase: 1,
      wakes: 2,
      wish: { n: 2 },
      seen: { at: 0 },
    })
    await change({ updates: [update({ generation: 2, wake: false })] })
    expect(await site.store.read('compute', 'c1')).toMatchObject({ rev: 3, generation: 3, phase: 1, wakes: 2 })
  })

  test.each([
    ['an older generation', { generation: 0 }],
    ['another phase', { phase: 7 }],
    ['a record that is not there', { ref: ref('c9') }],
  ])('is refused as moved for %s, and nothing of it is done', async (_name, parts) => {
    const before = await dump()
    const result = await change({
      updates: [update(parts)],
      creates: [createOf('c2')],
      takes: [{ hash: 'names', field: 'x', value: 'y' }],
      counters: [{ project: P1, name: 'instances', by: 1 }],
      waiting: ['c1'],
    })
    expect(result).toMatchObject({ state: 'moved' })
    expect(await dump()).toEqual(before)
  })

  test('compares the phase only where one is given', async () => {
    expect(await change({ updates: [update({ phase: 0, raisePhase: true })] })).toMatchObject({ state: 'done' })
    expect(await change({ updates: [update({ phase: 0, generation: 2 })] })).toMatchObject({ state: 'moved' })
    expect(await change({ updates: [update({ generation: 2 })] })).toMatchObject({ state: 'done' })
  })

  test('of a host refuses the places that were chosen before it', async () => {
    await change({ creates: [createOf('h1', { ref: hostRef('h1'), project: null, wake: false })] })
    const before = (await site.store.hostClaims(['h1']))[0]?.revision
    await change({ updates: [update({ ref: hostRef('h1'), project: null })] })
    expect((await site.store.hostClaims(['h1']))[0]?.revision).toBeGreaterThan(before ?? 0)
  })
})

describe('removing', () => {
  test('takes the record from everywhere', async () => {
    await make(site.store, 'c1', 'c2')
    await change({ waiting: ['c1', 'c2'] })
    expect(await change({ removals: [{ ref: ref('c1'), project: P1, generation: 1 }] })).toMatchObject({
      state: 'done',
    })
    expect(await site.store.read('compute', 'c1')).toBeUndefined()
    expect((await site.store.readAll('compute')).map(({ id }) => id)).toEqual(['c2'])
    expect(await site.raw.zscore(site.keys.agenda, 'compute:c1')).toBeNull()
    expect(await site.store.waiting(10)).toEqual(['c2'])
  })

  test('is refused for another generation', async () => {
    await make(site.store, 'c1')
    expect(await change({ removals: [{ ref: ref('c1'), project: P1, generation: 2 }] })).toMatchObject({
      state: 'moved',
    })
    expect(await site.store.read('compute', 'c1')).toBeDefined()
  })

  test('of a host is refused while machines have their place there', async () => {
    await change({ creates: [createOf('h1', { ref: hostRef('h1'), project: null })] })
    await site.raw.hset(site.keys.claims('h1'), 'c1', '{}')
    const removals = [{ ref: hostRef('h1'), project: null, generation: 1 }]
    expect(await change({ removals })).toEqual({ state: 'moved', ref: hostRef('h1') })
    await site.raw.del(site.keys.claims('h1'))
    expect(await change({ removals })).toMatchObject({ state: 'done' })
  })

  test('of a project takes its counters with it', async () => {
    const project = { kind: 'project', id: P1 } as const
    await change({ creates: [createOf(P1, { ref: project })], counters: [{ project: P1, name: 'cores', by: 3 }] })
    await change({ removals: [{ ref: project, project: P1, generation: 1 }] })
    expect(await site.store.counters(P1)).toEqual({})
  })
})

describe('names', () => {
  const take = (field: string, value = 'compute:c1') => ({ hash: 'names', field, value })

  test('are found by what they were taken for', async () => {
    await change({ takes: [take('i-1'), { hash: 'leases:n1', field: '10.0.0.2', value: 'c1' }] })
    expect(await site.store.resolve('names', ['i-2', 'i-1'])).toEqual([undefined, 'compute:c1'])
    expect(await site.store.resolve('leases:n1', ['10.0.0.2'])).toEqual(['c1'])
    expect(await site.store.resolve('names', [])).toEqual([])
  })

  test('belong to one: the second is told which is taken, and gets none of its others', async () => {
    await change({ takes: [take('i-1')] })
    const second = await change({ takes: [take('i-2'), take('i-1', 'compute:c2')], creates: [createOf('c2')] })
    expect(second).toEqual({ state: 'taken', take: take('i-1', 'compute:c2') })
    expect(await site.store.resolve('names', ['i-2'])).toEqual([undefined])
    expect(await site.store.read('compute', 'c2')).toBeUndefined()
  })

  test('the same twice in one change is taken', async () => {
    expect(await change({ takes: [take('i-1'), take('i-1')] })).toMatchObject({ state: 'taken' })
  })

  test('released ones are free, in the same change too', async () => {
    await change({ takes: [take('i-1')] })
    const moved = { releases: [{ hash: 'names', field: 'i-1' }], takes: [take('i-1', 'compute:c2')] }
    expect(await change(moved)).toMatchObject({ state: 'done' })
    expect(await site.store.resolve('names', ['i-1'])).toEqual(['compute:c2'])
    await change({ releases: [{ hash: 'names', field: 'i-1' }] })
    expect(await site.store.resolve('names', ['i-1'])).toEqual([undefined])
  })

  test('of one hash are not those of another', async () => {
    await change({ takes: [{ hash: 'leases:n1', field: 'a', value: '1' }] })
    expect(await change({ takes: [{ hash: 'leases:n2', field: 'a', value: '2' }] })).toMatchObject({ state: 'done' })
  })
})

describe('counters', () => {
  const counter = (by: number, limit?: number) => ({
    project: P1,
    name: 'instances' as const,
    by,
    ...(limit === undefined ? {} : { limit }),
  })

  test('count up to their limit and tell what there is', async () => {
    expect(await change({ counters: [counter(3, 5)] })).toMatchObject({ state: 'done' })
    expect(await change({ counters: [counter(3, 5)] })).toEqual({ state: 'quota', counter: counter(3, 5), have: 3 })
    expect(await change({ counters: [counter(2, 5)] })).toMatchObject({ state: 'done' })
    expect(await site.store.counters(P1)).toEqual({ instances: 5 })
  })

  test('of one change are summed before they are compared', async () => {
    expect(await change({ counters: [counter(3, 5), counter(3, 5)] })).toMatchObject({ state: 'quota', have: 3 })
    expect(await site.store.counters(P1)).toEqual({})
  })

  test('may always go down, also where a lowered limit is passed', async () => {
    await change({ counters: [counter(5)] })
    expect(await change({ counters: [counter(-1, 2)] })).toMatchObject({ state: 'done' })
    expect(await site.store.counters(P1)).toEqual({ instances: 4 })
  })

  test('of one project are not those of another', async () => {
    await change({ counters: [counter(5, 5)] })
    expect(await change({ counters: [{ ...counter(5, 5), project: P2 }] })).toMatchObject({ state: 'done' })
  })

  test('of many changes at once never pass the limit', async () => {
    const results = await Promise.all(Array.from({ length: 20 }, () => change({ counters: [counter(1, 7)] })))
    expect(results.filter(({ state }) => state === 'done')).toHaveLength(7)
    expect(await site.store.counters(P1)).toEqual({ instances: 7 })
  })
})

describe('once', () => {
  test('the same operation id again gets the first answer and changes nothing, whatever it asks', async () => {
    const first = changeOf({
      creates: [createOf('c1')],
      counters: [{ project: P1, name: 'cores', by: 1 }],
      answer: [1],
    })
    expect(await site.store.change(first, 2_000)).toEqual({ state: 'done', answer: [1] })
    const before = await dump()
    expect(await site.store.change(first, 3_000)).toEqual({ state: 'repeated', answer: [1] })
    expect(await site.store.change({ ...first, answer: [2] }, 3_000)).toEqual({ state: 'repeated', answer: [1] })
    expect(await dump()).toEqual(before)
  })

  test('an operation id is kept for ten minutes', async () => {
    const first = changeOf({ answer: 1 })
    await site.store.change(first, 2_000)
    const left = await site.raw.pttl(site.keys.operation(first.operationId))
    expect(left).toBeGreaterThan(590_000)
    expect(left).toBeLessThanOrEqual(600_000)
  })

  test('a refusal is not kept: the retry with fresh values goes through under the same id', async () => {
    await make(site.store, 'c1')
    const operationId = randomUUID()
    const update = { ref: ref('c1'), project: P1, generation: 7, wish: {}, raisePhase: false, wake: false }
    expect(await change({ operationId, updates: [update] })).toMatchObject({ state: 'moved' })
    expect(await change({ operationId, updates: [{ ...update, generation: 1 }] })).toMatchObject({ state: 'done' })
  })

  test('the same operation sent many times at once is done once', async () => {
    const asked = changeOf({
      creates: [createOf('c1')],
      counters: [{ project: P1, name: 'cores', by: 1 }],
      answer: 'x',
    })
    const results = await Promise.all(Array.from({ length: 10 }, () => site.store.change(asked, 2_000)))
    expect(results.map(({ state }) => state).sort()).toEqual(['done', ...Array(9).fill('repeated')])
    expect(await site.store.counters(P1)).toEqual({ cores: 1 })
  })

  test('a change without an answer answers null', async () => {
    const asked = changeOf({})
    expect(await site.store.change(asked, 1)).toEqual({ state: 'done', answer: null })
    expect(await site.store.change(asked, 1)).toEqual({ state: 'repeated', answer: null })
  })
})

describe('client tokens', () => {
  const token = (digest: string, project = P1) => ({ project, token: 'any text: of a client', digest })
  const DAY = 86_400_000

  test('answer as the first time, with the digest of what was asked then', async () => {
    await change({ token: token('d1'), creates: [createOf('c1')], answer: ['c1'] })
    const again = await change({ token: token('d2'), creates: [createOf('c2')], answer: ['c2'] })
    expect(again).toEqual({ state: 'token', digest: 'd1', answer: ['c1'] })
    expect(await site.store.read('compute', 'c2')).toBeUndefined()
  })

  test("are a project's own", async () => {
    await change({ token: token('d1') })
    expect(await change({ token: token('d1', P2) })).toMatchObject({ state: 'done' })
  })

  test('are kept for a day by the clock of the gateway', async () => {
    await change({ token: token('d1') }, 5_000)
    expect(await change({ token: token('d1') }, 5_000 + DAY - 1)).toMatchObject({ state: 'token' })
    expect(await change({ token: token('d3') }, 5_000 + DAY)).toMatchObject({ state: 'done' })
    expect(await change({ token: token('d1') }, 5_000 + DAY)).toMatchObject({ state: 'token', digest: 'd3' })
  })

  test('a refused change does not use its token up', async () => {
    await change({ takes: [{ hash: 'names', field: 'x', value: '1' }] })
    const asked = { token: token('d1'), takes: [{ hash: 'names', field: 'x', value: '2' }] }
    expect(await change(asked)).toMatchObject({ state: 'taken' })
    expect(await change({ token: token('d1') })).toMatchObject({ state: 'done' })
  })
})

describe('waiting and waking', () => {
  test('computes wait in order of creation, however late they come to wait', async () => {
    for (const [i, id] of ['c3', 'c1', 'c2'].entries()) await change({ creates: [createOf(id)] }, 5_000 + i)
    await change({ waiting: ['c1', 'c2'] }, 9_000)
    await change({ waiting: ['c3'] }, 9_001)
    expect(await site.store.waiting(10)).toEqual(['c3', 'c1', 'c2'])
    expect(await site.store.waiting(2)).toEqual(['c3', 'c1'])
    expect(await site.store.waiting(0)).toEqual([])
    await change({ stopWaiting: ['c1'] })
    expect(await site.store.waiting(10)).toEqual(['c3', 'c2'])
  })

  test('waiting wakes placement; what is not there does not wait', async () => {
    await change({ creates: [createOf('c1')], waiting: ['c1', 'nobody'] }, 7_000)
    expect(await site.raw.zscore(site.keys.agenda, 'placement:site')).toBe('7000')
    expect((await site.store.read('placement', 'site'))?.wakes).toBe(1)
    expect(await site.store.waiting(10)).toEqual(['c1'])
  })

  test('wakes whom else it names, if they are there', async () => {
    await make(site.store, 'c1')
    const claim = await claimed(site.store, 'c1')
    await site.store.settle(claim, null, 1_000)
    await change({ wakes: [ref('c1'), ref('c9')] }, 3_000)
    expect((await site.store.read('compute', 'c1'))?.wakes).toBe(2)
    expect(await site.store.agendaSize()).toBe(1)
  })

  test('waking never puts off what is due earlier', async () => {
    await make(site.store, 'c1')
    await change({ wakes: [ref('c1')] }, 9_000)
    expect(await site.raw.zscore(site.keys.agenda, 'compute:c1')).toBe('1000')
  })
})
