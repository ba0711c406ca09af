import { openLane } from '../../../src/store/lane'
import { namesOf } from '../../../src/store/names'
import { integer, pairs, strings, texts } from '../../../src/store/reply'
import { computeRecord } from '../../support/compute-record'
import { startRedis, type TestRedis } from '../../support/redis'
import { changeOf, createOf, hostRef, make, openTestSite, P1, P2, type TestSite } from '../../support/store'

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

describe('reading', () => {
  test('many, in the order asked', async () => {
    await make(site.store, 'a', 'b')
    const found = await site.store.readMany('compute', ['b', 'x', 'a', 'b'])
    expect(found.map((record) => record?.id)).toEqual(['b', undefined, 'a', 'b'])
    expect(await site.store.readMany('compute', [])).toEqual([])
  })

  test('all of a kind, more than one round trip holds', async () => {
    await make(site.store, ...Array.from({ length: 1_100 }, (_, i) => `c${i}`))
    expect(await site.store.readAll('compute')).toHaveLength(1_100)
    expect(await site.store.readAll('host')).toEqual([])
  })

  test('all, although one ends in between', async () => {
    await make(site.store, 'a', 'b')
    await site.raw.del(site.keys.record('compute', 'a'))
    expect((await site.store.readAll('compute')).map(({ id }) => id)).toEqual(['b'])
  })

  test('names a record that a newer program wrote; lists leave it out', async () => {
    await make(site.store, 'a', 'b')
    await site.raw.hset(site.keys.record('compute', 'a'), 'schema', 2)
    await expect(site.store.read('compute', 'a')).rejects.toMatchObject({
      kind: 'unsupported',
      detail: { subject: { kind: 'compute', id: 'a' } },
    })
    expect((await site.store.readAll('compute')).map(({ id }) => id)).toEqual(['b'])
  })

  test('many at once are read as each alone is, whatever their texts hold', async () => {
    const texts = ['a\nb', '\u2028 \u0000', 'ä€😀', '\\n', '']
    const creates = texts.map((title, at) =>
      createOf(`c${at}`, { wish: { title }, seen: { long: title.repeat(400) }, project: at % 2 === 0 ? P1 : null }),
    )
    await site.store.change(changeOf({ creates }), 1)
    const ids = creates.map(({ ref }) => ref.id)
    const alone = await Promise.all(ids.map((id) => site.store.read('compute', id)))
    expect(await site.store.readMany('compute', ids)).toEqual(alone)
    expect(alone.map((record) => record?.wish)).toEqual(texts.map((title) => ({ title })))
    expect(alone.map((record) => record?.project)).toEqual([P1, null, P1, null, P1])
  })

  test('a part that another program left out is nothing', async () => {
    await make(site.store, 'a')
    await site.raw.hdel(site.keys.record('compute', 'a'), 'place')
    const [record] = await site.store.readMany('compute', ['a'])
    expect(record).toEqual(await site.store.read('compute', 'a'))
    expect(record?.place).toBeNull()
  })

  test('any text as an id finds nothing', async () => {
    expect(await site.store.read('compute', '../etc')).toBeUndefined()
    expect(await site.store.read('compute', '')).toBeUndefined()
  })
})

describe('cursors', () => {
  test('give where they stood and move on, each number once', async () => {
    expect(await site.store.advance('leases', 3)).toBe(0)
    expect(await site.store.advance('leases', 1)).toBe(3)
    expect(await site.store.advance('other', 1)).toBe(0)
    const drawn = await Promise.all(Array.from({ length: 20 }, () => site.store.advance('leases', 1)))
    expect(new Set(drawn).size).toBe(20)
  })
})

describe('host claims', () => {
  test('of hosts that have none are empty, at the revision they were made with', async () => {
    const creates = ['h1', 'h2'].map((id) => createOf(id, { ref: hostRef(id), project: null }))
    await site.store.change(changeOf({ creates }), 1)
    await site.raw.hset(site.keys.claims('h2'), { c1: '{"cores":1}', c2: '{}' })
    expect(await site.store.hostClaims(['h2', 'h1', 'h9'])).toEqual([
      { host: 'h2', revision: 1, claims: { c1: '{"cores":1}', c2: '{}' } },
      { host: 'h1', revision: 1, claims: {} },
      { host: 'h9', revision: 0, claims: {} },
    ])
    expect(await site.store.hostClaims([])).toEqual([])
  })
})

test('counters of a project that has none', async () => {
  expect(await site.store.counters(P2)).toEqual({})
})

describe('replies', () => {
  test('become values', () => {
    expect(texts(['a', 1, null])).toEqual(['a', '1', null])
    expect(strings(['a', 2])).toEqual(['a', '2'])
    expect(integer(7)).toBe(7)
    expect(pairs(['a', '1', 'b', '2', 'odd'])).toEqual([
      ['a', '1'],
      ['b', '2'],
    ])
  })

  test.each([
    ['no array', () => texts('a')],
    ['an array in it', () => texts([['a']])],
    ['a null', () => strings(['a', null])],
    ['no integer', () => integer('7')],
    ['a fraction', () => integer(1.5)],
  ])('of another form are our bug: %s', (_name, read) => {
    expect(read).toThrow(expect.objectContaining({ kind: 'internal' }))
  })
})

describe('lane', () => {
  test('runs one at a time, in order, and goes on after a failure', async () => {
    const lane = openLane()
    const log: string[] = []
    const step = (name: string) => async () => {
      log.push(`${name} begins`)
      await Promise.resolve()
      log.push(`${name} ends`)
      if (name === 'b') throw new Error('b failed')
      return name
    }
    const results = await Promise.allSettled([lane.run(step('a')), lane.run(step('b')), lane.run(step('c'))])
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(log).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends'])
  })

  test('joins what has not begun, and only that', async () => {
    const lane = openLane()
    let runs = 0
    const count = async () => {
      runs++
      await Promise.resolve()
    }
    const first = lane.join('x', count)
    await Promise.resolve() // the first begins
    await Promise.all([first, lane.join('x', count), lane.join('x', count), lane.join('y', count)])
    expect(runs).toBe(3)
  })
})

test('names of records are those that operations take', () => {
  const wish = { name: 'n', ami: 'ami-1', subnet: 'subnet-1', account: '123456789012', accessKeyId: 'AKIA1' }
  const of = (kind: string) => namesOf({ ...computeRecord({ project: P1 }), kind, wish } as never)
  expect(namesOf(computeRecord({ wish: { name: 'i-1' } }))).toEqual(['i-1'])
  expect(of('image')).toEqual(['ami-1'])
  const image = (project: typeof P1 | null) => ({ kind: 'image', project, wish: { ...wish, exists: true } }) as never
  expect(namesOf(image(null))).toEqual(['ami-1', 'image:n'])
  expect(namesOf(image(P1))).toEqual(['ami-1', `image:${P1}:n`])
  expect(of('network')).toEqual(['subnet-1'])
  expect(of('project')).toEqual(['project:n', 'account:123456789012'])
  expect(['type', 'host', 'user'].flatMap(of)).toEqual(['type:n', 'host:n', 'user:n'])
  expect(of('key')).toEqual(['key:AKIA1'])
  expect(['storage', 'placement', 'audit', 'files'].flatMap(of)).toEqual(['n'])
})

describe('what records say alike', () => {
  test('is one value that nobody can change', async () => {
    await make(site.store, 'a', 'b')
    const [a, b] = await site.store.readMany('compute', ['a', 'b'])
    expect(a?.journal).toBe(b?.journal)
    expect(a?.wish).not.toBe(b?.wish)
    expect(Object.isFrozen(a?.journal)).toBe(true)
  })

  test('is not taken for alike where it is another text', async () => {
    const seen = (at: number) => ({ at, deep: { list: [at] } })
    await site.store.change(changeOf({ creates: [1, 2].map((at) => createOf(`c${at}`, { seen: seen(at) })) }), 1)
    const found = await site.store.readMany('compute', ['c1', 'c2'])
    expect(found.map((record) => record?.seen)).toEqual([seen(1), seen(2)])
  })
})

test('a read that fails says so once, whatever was asked for beside it', async () => {
  await site.store.close()
  const ids = Array.from({ length: 1_100 }, (_, i) => `c${i}`)
  await expect(site.store.readMany('compute', ids)).rejects.toMatchObject({ kind: 'unavailable' })
})
