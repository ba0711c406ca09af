import { openLink } from '../../../src/store/connect'
import { applyEvents, catchUp, readCopy } from '../../../src/store/mirror-copy'
import type { Site } from '../../../src/store/script'
import type { SiteEvent } from '../../../src/store/store'
import { startRedis, type TestRedis } from '../../support/redis'
import { changeOf, claimed, createOf, make, openTestSite, P1, ref, type TestSite } from '../../support/store'

let redis: TestRedis
let own: TestSite
let site: Site
beforeAll(async () => {
  redis = await startRedis()
})
afterAll(() => redis.stop())
beforeEach(async () => {
  own = await openTestSite(redis)
  site = { keys: own.keys, link: openLink(redis.address, 'test') }
})
afterEach(async () => {
  await site.link.close()
  await own.close()
})

const silent = () => undefined

describe('a copy', () => {
  test('of an empty site stands before the first event', async () => {
    const copy = await readCopy(site, undefined)
    expect(copy).toMatchObject({ streamId: '0-0', number: 0 })
    await make(own.store, 'c1')
    expect(await catchUp(site, copy, silent)).toBe(true)
    expect(copy.number).toBe(1)
    expect(copy.revisions.get(P1)).toBe(1)
    expect(copy.shelf.get('compute', 'c1')).toBeDefined()
  })

  test("an end and a new beginning in one batch: the new record, though its rev is the old one's", async () => {
    await make(own.store, 'c1')
    const copy = await readCopy(site, undefined)
    await own.store.forget(await claimed(own.store, 'c1'), [], 1)
    await own.store.change(changeOf({ creates: [createOf('c1', { wish: { name: 'again', createdAt: 9 } })] }), 1)
    const told: SiteEvent[] = []
    expect(await catchUp(site, copy, (event) => told.push(event))).toBe(true)
    expect(told).toHaveLength(2)
    expect(copy.shelf.get('compute', 'c1')).toMatchObject({ rev: 1, wish: { name: 'again' } })
  })

  test('events that it has are not applied or told again', async () => {
    await make(own.store, 'c1')
    const events = await own.store.eventsAfter('0', 10)
    const copy = await readCopy(site, undefined)
    const told: SiteEvent[] = []
    expect(await applyEvents(site, copy, events, (event) => told.push(event))).toBe(true)
    expect(told).toEqual([])
    expect(copy.number).toBe(1)
  })

  test('a gap is told and nothing of it applied', async () => {
    const copy = await readCopy(site, undefined)
    for (const id of ['c1', 'c2', 'c3']) await make(own.store, id)
    const [first, , third] = await own.store.eventsAfter('0', 10)
    if (!first || !third) throw new Error('no events')
    expect(await applyEvents(site, copy, [first, third], silent)).toBe(false)
    expect(copy).toMatchObject({ number: 0 })
    expect(copy.shelf.get('compute', 'c1')).toBeUndefined()
  })

  test('an event of the past says nothing against a record that is newer', async () => {
    await make(own.store, 'c1')
    const copy = await readCopy(site, undefined)
    const claim = await claimed(own.store, 'c1')
    for (const at of [1, 2, 3]) await own.store.observe(claim, { seen: { at }, what: 'seen' }, 1)
    const events = await own.store.eventsAfter(copy.streamId, 10)
    await applyEvents(site, copy, events.slice(0, 1), silent)
    const newest = copy.shelf.get('compute', 'c1')
    expect(newest).toMatchObject({ rev: 4, seen: { at: 3 } })
    await applyEvents(site, copy, events.slice(1), silent)
    expect(copy.shelf.get('compute', 'c1')).toBe(newest)
    expect(copy.number).toBe(4)
  })

  test('read anew keeps the objects of what did not change, and drops what ended', async () => {
    await make(own.store, 'c1', 'c2', 'c3')
    const before = await readCopy(site, undefined)
    await own.store.observe(await claimed(own.store, 'c2'), { seen: { at: 5 }, what: 'seen' }, 1)
    await own.store.forget(await claimed(own.store, 'c3'), [], 1)
    const after = await readCopy(site, before)
    expect(after.shelf.get('compute', 'c1')).toBe(before.shelf.get('compute', 'c1'))
    expect(after.shelf.get('compute', 'c2')).not.toBe(before.shelf.get('compute', 'c2'))
    expect(after.shelf.get('compute', 'c3')).toBeUndefined()
  })
  test('read anew from a server that lost a write and gave its numbers to another one: the other one', async () => {
    await make(own.store, 'c1', 'c2')
    const key = own.keys.record('compute', 'c1')
    const old = await own.raw.hgetall(key)
    const wish = (name: string) =>
      own.store.change(
        changeOf({
          updates: [
            {
              ref: ref('c1'),
              project: P1,
              generation: 1,
              wish: { name, createdAt: 1 },
              raisePhase: false,
              wake: false,
            },
          ],
        }),
        2,
      )
    await wish('lost')
    const before = await readCopy(site, undefined)
    await own.raw.hset(key, old)
    await wish('kept')
    const after = await readCopy(site, before)
    const [lost, kept] = [before, after].map(({ shelf }) => shelf.get('compute', 'c1'))
    expect(lost).toMatchObject({ wish: { name: 'lost' } })
    expect(kept).toMatchObject({ wish: { name: 'kept' }, rev: lost?.rev, generation: lost?.generation })
    expect(after.shelf.get('compute', 'c2')).toBe(before.shelf.get('compute', 'c2'))
  })
})
