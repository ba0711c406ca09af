import { openLink } from '../../../src/store/connect'
import { applyNews, readCopy } from '../../../src/store/mirror-copy'
import { askForNews } from '../../../src/store/news'
import type { Site } from '../../../src/store/script'
import type { SiteEvent } from '../../../src/store/store'
import { startRedis, type TestRedis } from '../../support/redis'
import { changeOf, claimed, createOf, make, openTestSite, P1, P2, ref, type TestSite } from '../../support/store'

let redis: TestRedis
let site: TestSite
let asking: Site
beforeAll(async () => {
  redis = await startRedis()
})
afterAll(() => redis.stop())
beforeEach(async () => {
  site = await openTestSite(redis)
  asking = { keys: site.keys, link: openLink(redis.address, 'asking') }
})
afterEach(async () => {
  await asking.link.close()
  await site.close()
})

const nothing = { streamId: '0-0', revisions: new Map<string, number>() }
const ask = (...scopes: readonly string[]) => askForNews(asking, nothing, new Set(scopes))

test('who has everything of the scopes is told so and no more, whatever changed in others', async () => {
  await make(site.store, 'c1')
  const { revisions } = await ask('*', P1)
  expect([...revisions]).toEqual([
    ['*', 0],
    [P1, 1],
  ])
  const had = { streamId: '0-0', revisions: revisions }
  expect(await askForNews(asking, had, new Set([P1]))).toEqual({ revisions: new Map([[P1, 1]]), news: undefined })
  expect((await ask('*', P2)).news).toBeUndefined()
})

test('who has nothing yet is told the revisions alone', async () => {
  await make(site.store, 'c1')
  expect(await askForNews(asking, undefined, new Set([P1]))).toEqual({ revisions: new Map([[P1, 1]]), news: undefined })
})

test('who is behind gets the events, and the records that they name as they are now', async () => {
  await make(site.store, 'c1', 'c2', 'c3')
  const [first] = await site.store.eventsAfter('0', 10)
  await site.store.observe(await claimed(site.store, 'c2'), { seen: { at: 5 }, what: 'seen' }, 1_000)
  await site.store.forget(await claimed(site.store, 'c3'), [], 1)
  const after = first?.streamId ?? ''
  const { revisions, news } = await askForNews(
    asking,
    { streamId: after, revisions: new Map([[P1, 1]]) },
    new Set([P1]),
  )
  expect(revisions.get(P1)).toBe(3)
  expect(news?.events).toEqual(await site.store.eventsAfter(after, 10))
  expect(news?.record(ref('c2'))).toEqual(await site.store.read('compute', 'c2'))
  expect(news?.record(ref('c3'))).toBeUndefined()
  expect(news?.record(ref('c1'))).toBeUndefined()
})

test('a record of a newer program is left out', async () => {
  await make(site.store, 'c1')
  await site.raw.hset(site.keys.record('compute', 'c1'), 'schema', 99)
  const { news } = await ask(P1)
  expect(news?.events).toHaveLength(1)
  expect(news?.record(ref('c1'))).toBeUndefined()
})

test('of many events the first are told; of many records none', async () => {
  await make(site.store, 'c1')
  const claim = await claimed(site.store, 'c1')
  for (let i = 0; i < 60; i++) await site.store.observe(claim, { seen: { at: i }, what: 's' }, 1)
  const { news } = await ask(P1)
  expect(news?.events.map(({ number }) => number)).toEqual(Array.from({ length: 50 }, (_, i) => i + 1))
  expect(news?.record(ref('c1'))?.seen).toEqual({ at: 59 })
  const creates = Array.from({ length: 51 }, (_, i) => createOf(`m${i}`, { project: P2 }))
  await site.store.change(changeOf({ creates }), 1)
  const had = { streamId: (await site.store.eventsAfter('0', 100)).at(-2)?.streamId ?? '', revisions: new Map() }
  expect(await askForNews(asking, had, new Set([P2]))).toEqual({ revisions: new Map([[P2, 1]]), news: undefined })
})

test('thousands of scopes are one question', async () => {
  await make(site.store, 'c1')
  const many = Array.from({ length: 9_000 }, (_, i) => `p-${i}`)
  const { revisions, news } = await ask(...many, P1)
  expect(revisions.size).toBe(9_001)
  expect([revisions.get('p-8999'), revisions.get(P1)]).toEqual([0, 1])
  expect(news?.events).toHaveLength(1)
})

describe('what came along', () => {
  test('is in the copy afterwards, an end and a new beginning too, with no more reading', async () => {
    await make(site.store, 'c1', 'c2', 'c3')
    const copy = await readCopy(asking, undefined)
    await site.store.observe(await claimed(site.store, 'c1'), { seen: { at: 5 }, what: 'seen' }, 1_000)
    for (const id of ['c2', 'c3']) await site.store.forget(await claimed(site.store, id), [], 1)
    await site.store.change(changeOf({ creates: [createOf('c2', { wish: { name: 'again', createdAt: 9 } })] }), 1)
    const { revisions, news } = await askForNews(asking, copy, new Set([P1]))
    if (!news) throw new Error('no news')
    const told: SiteEvent[] = []
    // At once: nothing is asked for in between.
    expect(applyNews(copy, news, (event) => told.push(event))).toBe(true)
    expect(copy.revisions.get(P1)).toBe(revisions.get(P1))
    expect(copy.shelf.list('compute', P1)).toEqual([
      await site.store.read('compute', 'c1'),
      await site.store.read('compute', 'c2'),
    ])
    expect(told).toEqual(news.events)
    expect(applyNews(copy, news, (event) => told.push(event))).toBe(true)
    expect(told).toHaveLength(4)
  })

  test('behind a gap is left alone', async () => {
    const copy = await readCopy(asking, undefined)
    await make(site.store, 'c1')
    await site.raw.hincrby(site.keys.root, 'events', 1)
    await make(site.store, 'c2')
    const { news } = await askForNews(asking, copy, new Set([P1]))
    expect(news && applyNews(copy, news, () => undefined)).toBe(false)
    expect(copy.number).toBe(0)
    expect(copy.shelf.list('compute', P1)).toEqual([])
  })
})
