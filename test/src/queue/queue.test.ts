import { pino } from 'pino'
import { formatRef, type Ref } from '../../../src/model/ids'
import { openQueue, work } from '../../../src/queue'
import { closed, connectBlocking } from '../../../src/store/connect'
import { startRedis, type TestRedis } from '../../support/redis'
import { until } from '../../support/until'

let redis: TestRedis
let site: string
let sites = 0
const closers: (() => Promise<void>)[] = []
const log = pino({ level: 'silent' })

beforeAll(async () => {
  redis = await startRedis()
})
afterAll(() => redis.stop())
beforeEach(() => {
  site = `queue-${++sites}`
})
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

const compute = (id: string): Ref => ({ kind: 'compute', id })
const host = (id: string): Ref => ({ kind: 'host', id })

function adding() {
  const queue = openQueue({ site, redis: redis.address })
  closers.push(() => queue.close())
  return queue
}

/** A worker whose jobs run until they are let go, if asked to hold. */
function working({
  hold = false,
  concurrency = { compute: 10, host: 2 } as Partial<Record<Ref['kind'], number>>,
} = {}) {
  const seen: string[] = []
  let running = 0
  let most = 0
  let letGo: () => void = () => undefined
  const gate = hold ? new Promise<void>((resolve) => (letGo = resolve)) : Promise.resolve()
  const worker = work({
    site,
    redis: redis.address,
    concurrency,
    log,
    async handler(ref) {
      seen.push(formatRef(ref))
      most = Math.max(most, ++running)
      await gate
      running--
    },
  })
  closers.push(async () => {
    letGo()
    await worker.close()
  })
  return { seen, letGo: () => letGo(), idle: () => running === 0, most: () => most, worker }
}

describe('queue', () => {
  test('brings each ref to the handler, by kind', async () => {
    const queue = adding()
    const { seen } = working()
    await queue.add([compute('c1'), host('h1'), compute('c2')])
    await until(() => seen.length === 3)
    expect([...seen].sort()).toEqual(['compute:c1', 'compute:c2', 'host:h1'])
  })

  test('an add while it waits adds nothing', async () => {
    const queue = adding()
    for (let i = 0; i < 5; i++) await queue.add([compute('c1')])
    await queue.add([compute('last')])
    const { seen } = working({ concurrency: { compute: 1 } })
    await until(() => seen.includes('compute:last'))
    expect(seen).toEqual(['compute:c1', 'compute:last'])
  })

  test('adds while it is active lead to exactly one more run, never two at a time', async () => {
    const queue = adding()
    const { seen, letGo, idle, most } = working({ hold: true })
    await queue.add([compute('c1')])
    await until(() => seen.length === 1)
    for (let i = 0; i < 5; i++) await queue.add([compute('c1')])
    letGo()
    await until(() => seen.length === 2 && idle())
    await queue.add([compute('last')])
    await until(() => seen.includes('compute:last') && idle())
    expect(seen).toEqual(['compute:c1', 'compute:c1', 'compute:last'])
    expect(most()).toBe(1)
  })

  test('runs again when it is added after its end', async () => {
    const queue = adding()
    const { seen } = working()
    for (const runs of [1, 2, 3]) {
      await queue.add([compute('c1')])
      await until(() => seen.length === runs)
    }
    expect(seen).toHaveLength(3)
  })

  test('a job that threw may be added again', async () => {
    const queue = adding()
    let runs = 0
    const worker = work({
      site,
      redis: redis.address,
      concurrency: { compute: 1 },
      log,
      async handler() {
        runs++
        throw new Error('no luck')
      },
    })
    closers.push(() => worker.close())
    await queue.add([compute('c1')])
    await until(() => runs === 1)
    await until(async () => {
      await queue.add([compute('c1')])
      return runs >= 2
    })
    expect(runs).toBeGreaterThanOrEqual(2)
  })

  test('one kind that is stuck does not hold up another', async () => {
    const queue = adding()
    const { seen } = working({ hold: true, concurrency: { compute: 1, host: 1 } })
    await queue.add([compute('c1'), compute('c2')])
    await until(() => seen.includes('compute:c1'))
    await queue.add([host('h1')])
    await until(() => seen.includes('host:h1'))
    expect(seen).not.toContain('compute:c2')
  })

  test('the job of a worker that is gone goes to another within seconds', async () => {
    const queue = adding()
    await queue.add([compute('c1')])
    // Taken by nobody who could finish it: the lock is never renewed, as if its process had been killed.
    const { Worker } = await import('bullmq')
    const dead = new Worker('compute', undefined, {
      prefix: `{${site}}:q`,
      connection: { path: redis.path, maxRetriesPerRequest: null },
      lockDuration: 1_000,
    })
    dead.on('error', () => undefined)
    const taken = await dead.getNextJob('a-token')
    expect(taken?.data).toEqual({ ref: 'compute:c1' })
    await dead.close(true)
    const { seen } = working()
    await until(() => seen.length === 1, { timeoutMs: 15_000 })
    expect(seen).toEqual(['compute:c1'])
  })

  describe('a job whose worker was killed', () => {
    /** Takes one job under a lock that outlasts the test, as a worker process in the middle of it. */
    async function takenBy(name: string) {
      const { Worker } = await import('bullmq')
      const worker = new Worker('compute', undefined, {
        name,
        prefix: `{${site}}:q`,
        connection: { path: redis.path, maxRetriesPerRequest: null },
        lockDuration: 600_000,
      })
      worker.on('error', () => undefined)
      const job = await worker.getNextJob('a-token')
      return { job, worker }
    }
    /** Far less than the lock lasts. */
    const soon = { timeoutMs: 5_000 }

    test('runs at once, whatever its lock says, and once', async () => {
      const queue = adding()
      await queue.add([compute('c1')])
      const { job, worker } = await takenBy('dead')
      expect(job?.data).toEqual({ ref: 'compute:c1' })
      await worker.close(true)
      const { seen, idle } = working()
      await until(() => seen.length === 1 && idle(), soon)
      await queue.add([compute('last')])
      await until(() => seen.includes('compute:last') && idle(), soon)
      expect(seen).toEqual(['compute:c1', 'compute:last'])
      expect(
        await takenBy('nobody').then(({ job: left, worker: other }) => other.close(true).then(() => left)),
      ).toBeUndefined()
    })

    test('is found by those that live, also when many look, and adds meanwhile are not held up', async () => {
      const queue = adding()
      await queue.add([compute('c1'), compute('c2')])
      const { job, worker } = await takenBy('dying')
      const others = [working(), working(), working()]
      const seen = () => others.flatMap((other) => other.seen)
      await until(() => seen().includes('compute:c2'))
      await queue.add([compute('c1')])
      expect(job?.data).toEqual({ ref: 'compute:c1' })
      expect(seen()).toEqual(['compute:c2'])
      await worker.close(true)
      await until(() => seen().includes('compute:c1') && others.every(({ idle }) => idle()), soon)
      await queue.add([compute('c1')])
      await until(() => seen().filter((ref) => ref === 'compute:c1').length >= 2, soon)
    })

    test('one whose worker lives is left to it', async () => {
      const queue = adding()
      await queue.add([compute('mine')])
      const busy = working({ hold: true, concurrency: { compute: 1 } })
      await until(() => busy.seen.length === 1)
      await queue.add([compute('lost')])
      const { worker } = await takenBy('dead')
      await worker.close(true)
      const other = working()
      await until(() => other.seen.length === 1, soon)
      busy.letGo()
      await until(() => busy.idle())
      expect(other.seen).toEqual(['compute:lost'])
      expect(busy.seen).toEqual(['compute:mine'])
    })
  })

  test('jobs carry the ref and nothing else, under the prefix of the site', async () => {
    const queue = adding()
    await queue.add([compute('c1')])
    const raw = connectBlocking(redis.address, 'test')
    closers.push(() => closed(raw))
    const keys = await raw.keys(`*${site}*`)
    expect(keys.every((key) => key.startsWith(`{${site}}:q:`))).toBe(true)
    const job = await raw.hgetall(`{${site}}:q:compute:1`)
    expect(JSON.parse(job.data ?? '')).toEqual({ ref: 'compute:c1' })
    expect(await raw.zcard(`{${site}}:q:compute:delayed`)).toBe(0)
  })

  test('what nobody ever works at is put into no queue, where it would stay', async () => {
    const queue = adding()
    await queue.add([{ kind: 'project', id: 'p1' }, compute('c1'), { kind: 'keypair', id: 'k1' }])
    const raw = connectBlocking(redis.address, 'test')
    closers.push(() => closed(raw))
    const queues = new Set((await raw.keys(`{${site}}:q:*`)).map((key) => key.split(':')[2]))
    expect([...queues]).toEqual(['compute'])
    await queue.add([{ kind: 'project', id: 'p1' }])
    expect((await queue.depth()).filter(({ count }) => count > 0)).toHaveLength(1)
  })

  test('keeps a bounded number of jobs that are done', async () => {
    const queue = adding()
    const { seen, idle } = working()
    for (let round = 0; round < 3; round++) {
      await queue.add(Array.from({ length: 60 }, (_, i) => compute(`c${round}-${i}`)))
      await until(() => seen.length === (round + 1) * 60 && idle())
    }
    const raw = connectBlocking(redis.address, 'test')
    closers.push(() => closed(raw))
    await until(async () => (await raw.llen(`{${site}}:q:compute:active`)) === 0)
    expect(await raw.zcard(`{${site}}:q:compute:completed`)).toBeLessThanOrEqual(101)
  })

  test('closing a worker waits for the job that runs', async () => {
    const queue = adding()
    const { seen, letGo, idle, worker } = working({ hold: true })
    await queue.add([compute('c1')])
    await until(() => seen.length === 1)
    const closing = worker.close()
    letGo()
    await closing
    expect(idle()).toBe(true)
  })

  test('adding while Redis is away is told as unavailable; workers go on after its return', async () => {
    const queue = adding()
    const { seen } = working()
    await queue.add([compute('c1')])
    await until(() => seen.length === 1)
    await redis.kill()
    await expect(queue.add([compute('c2')])).rejects.toMatchObject({ kind: 'unavailable' })
    await redis.restart()
    await until(async () => {
      await queue.add([compute('c3')])
      return true
    })
    await until(() => seen.includes('compute:c3'))
    expect(seen).toContain('compute:c3')
  })
})

test('how many jobs wait and how many are at a worker', async () => {
  const queue = adding()
  const all = async () => (await queue.depth()).filter(({ count }) => count > 0)
  expect(await all()).toEqual([])
  await queue.add([compute('a'), compute('b'), compute('c'), host('h')])
  expect(await all()).toEqual([
    { kind: 'compute', state: 'waiting', count: 3 },
    { kind: 'host', state: 'waiting', count: 1 },
  ])
  const { letGo } = working({ hold: true, concurrency: { compute: 2 } })
  await until(async () => (await all()).some(({ state, count }) => state === 'active' && count === 2), { what: 'two' })
  expect(await all()).toContainEqual({ kind: 'compute', state: 'waiting', count: 1 })
  letGo()
  await until(async () => (await all()).every(({ kind }) => kind === 'host'), { what: 'all done' })
})
