import { openStore } from '../../../src/store'
import { openLink, redisFault } from '../../../src/store/connect'
import { startLossyProxy } from '../../support/lossy-proxy'
import { startRedis, type TestRedis } from '../../support/redis'
import { changeOf, claimed, createOf, make, openTestSite, type TestSite } from '../../support/store'
import { until } from '../../support/until'

/** What Redis 6.2 makes of the refusal of a script's write. */
const READONLY_OF_62 =
  "ERR Error running script (call to f_1f): @user_script:10: @user_script: 10: -READONLY You can't write against a read only replica."

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

describe('what Redis says', () => {
  test.each([
    ["OOM command not allowed when used memory > 'maxmemory'.", 'unavailable'],
    ["OOM command not allowed when used memory > 'maxmemory'. script: 1f, on @user_script:1.", 'unavailable'],
    ["READONLY You can't write against a read only replica.", 'unavailable'],
    [READONLY_OF_62, 'unavailable'],
    ['MISCONF Errors writing to the AOF file: No space left on device', 'unavailable'],
    ['LOADING Redis is loading the dataset in memory', 'unavailable'],
    ['Command timed out', 'unavailable'],
    ['Connection is closed.', 'unavailable'],
    ['connect ENOENT /run/redis.sock', 'unavailable'],
    ['WRONGTYPE Operation against a key holding the wrong kind of value', 'internal'],
  ])('%s', (message, kind) => {
    const cause = new Error(message)
    expect(redisFault(cause)).toMatchObject({ kind, detail: { cause } })
    expect(redisFault(cause).message).not.toContain(message)
  })

  test('full memory refuses writes and goes on with reads', async () => {
    await make(site.store, 'c1')
    await site.raw.config('SET', 'maxmemory', '1')
    try {
      await expect(make(site.store, 'c2')).rejects.toMatchObject({ kind: 'unavailable', retriable: true })
      expect(await site.store.read('compute', 'c1')).toMatchObject({ id: 'c1' })
    } finally {
      await site.raw.config('SET', 'maxmemory', '0')
    }
    await make(site.store, 'c2')
    expect(await site.store.read('compute', 'c2')).toBeDefined()
  })

  test('a replica refuses writes', async () => {
    await make(site.store, 'c1')
    await site.raw.replicaof('127.0.0.1', 1)
    try {
      await expect(make(site.store, 'c2')).rejects.toMatchObject({ kind: 'unavailable' })
    } finally {
      await site.raw.replicaof('NO', 'ONE')
    }
    await until(() => make(site.store, 'c2').then(() => true))
    expect(await site.store.read('compute', 'c2')).toBeDefined()
  })
})

test.each(["READONLY You can't write against a read only replica.", READONLY_OF_62])(
  'the address is connected to again after: %s',
  async (message) => {
    const link = openLink(redis.address, 'readonly')
    try {
      await link.run((raw) => raw.ping())
      const refused = link.run((raw) => raw.eval('return redis.error_reply(ARGV[1])', 0, message))
      await expect(refused).rejects.toMatchObject({ message: 'the store is read-only at the moment' })
      await until(() => link.connections === 2)
      await link.run((raw) => raw.ping())
    } finally {
      await link.close()
    }
  },
)

describe('Redis away', () => {
  test('is unavailable after the time a front can wait, and over when it is back', async () => {
    const store = openStore({ site: site.store.site, redis: redis.address, timeoutMs: 300 })
    await store.ping()
    await redis.kill()
    const start = performance.now()
    await expect(store.read('compute', 'c1')).rejects.toMatchObject({ kind: 'unavailable' })
    expect(performance.now() - start).toBeLessThan(4_000)
    await redis.restart()
    await until(() => store.ping().then(() => true))
    expect(await store.read('compute', 'c1')).toBeUndefined()
    await store.close()
    await expect(store.ping()).rejects.toMatchObject({ kind: 'unavailable' })
  })

  test('without a word: its address is connected to again, which may lead to another one', async () => {
    const proxy = await startLossyProxy(redis.path)
    const link = openLink(proxy.address, 'silent', 300)
    try {
      await link.run((raw) => raw.ping())
      proxy.mute()
      await expect(link.run((raw) => raw.ping())).rejects.toMatchObject({ kind: 'unavailable' })
      expect(await until(() => link.run((raw) => raw.ping()), { timeoutMs: 10_000 })).toBe('PONG')
    } finally {
      await link.close()
      await proxy.close()
    }
  })

  test('closing while it is away ends at once, also for those who wait', async () => {
    const store = openStore({ site: site.store.site, redis: redis.address })
    await store.ping()
    await redis.kill()
    const waiting = expect(store.agendaSize()).rejects.toMatchObject({ kind: 'unavailable' })
    await until(() => site.raw.status === 'reconnecting')
    const start = performance.now()
    await store.close()
    await waiting
    // Less than the five seconds that a command would wait.
    expect(performance.now() - start).toBeLessThan(4_000)
    await redis.restart()
  })

  test('a short absence is not noticed by those who wait', async () => {
    await redis.kill()
    const waiting = [make(site.store, 'c1'), site.store.agendaSize(), site.store.sweep(0, 1)]
    await redis.restart()
    await Promise.all(waiting)
    expect(await site.store.read('compute', 'c1')).toMatchObject({ rev: 1, wakes: 1 })
  })

  test('scripts run after a restart, though Redis has forgotten them', async () => {
    await make(site.store, 'c1')
    await redis.kill()
    await redis.restart()
    expect((await claimed(site.store, 'c1')).record.rev).toBe(1)
  })

  test('a failed change does not come true later behind its caller', async () => {
    const store = openStore({ site: site.store.site, redis: redis.address, timeoutMs: 200 })
    await store.ping()
    await redis.kill()
    await expect(store.change(changeOf({ creates: [createOf('c1')] }), 1)).rejects.toMatchObject({
      kind: 'unavailable',
    })
    await redis.restart()
    await until(() => store.ping().then(() => true))
    expect(await store.read('compute', 'c1')).toBeUndefined()
    await store.close()
  })

  test('nothing acknowledged before a kill is missing after it', async () => {
    const acknowledged: string[] = []
    const writing = Promise.allSettled(
      Array.from({ length: 200 }, async (_, i) => {
        await make(site.store, `c${i}`)
        acknowledged.push(`c${i}`)
      }),
    )
    await until(() => acknowledged.length > 20, { everyMs: 1 })
    await redis.kill()
    const before = [...acknowledged]
    await redis.restart()
    await writing
    const there = new Set<string>((await site.store.readAll('compute')).map(({ id }) => id))
    expect(before.filter((id) => !there.has(id))).toEqual([])
    expect(there.size).toBe(200)
  })
})
