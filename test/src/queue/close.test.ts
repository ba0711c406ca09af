/** Closing ends by itself, whatever became of Redis: nothing waits for a server that is away, and nothing is left running. */
import { pino } from 'pino'
import { openQueue, work } from '../../../src/queue'
import { connectPatient } from '../../../src/store/connect'
import { Connection } from '../../../src/store/connection'
import { startRedis, type TestRedis } from '../../support/redis'
import { until } from '../../support/until'

let redis: TestRedis
let sites = 0
const log = pino({ level: 'silent' })
beforeEach(async () => {
  redis = await startRedis()
})
afterEach(() => redis.stop())

/** A queue and a worker that did a job. */
async function busy() {
  const site = `close-${++sites}`
  const queue = openQueue({ site, redis: redis.address })
  const seen: string[] = []
  const worker = work({
    site,
    redis: redis.address,
    concurrency: { compute: 4, host: 2, storage: 2 },
    log,
    handler: async ({ id }) => void seen.push(id),
  })
  await queue.add([{ kind: 'compute', id: 'a' }])
  await until(() => seen.length === 1)
  const close = async () => {
    await worker.close()
    await queue.close()
  }
  return { queue, close, seen }
}

/** Far less than the time limit on last jobs. */
const soon = async (closing: Promise<unknown>) => {
  const began = performance.now()
  await closing
  expect(performance.now() - began).toBeLessThan(5_000)
}

test('while Redis is there', async () => {
  const { close } = await busy()
  await soon(close())
})

test('while Redis is away, at once and after many tries to reconnect', async () => {
  for (const tries of [0, 1, 5]) {
    const { close } = await busy()
    const probe = connectPatient(redis.address, 'probe')
    await until(() => probe.status === 'ready')
    let left = tries
    probe.on('reconnecting', () => {
      left -= 1
    })
    await redis.kill()
    await until(() => left <= 0)
    await soon(close())
    probe.disconnect()
    await redis.restart()
  }
})

test('when Redis has just come back, between two tries of the worker', async () => {
  const { close, queue } = await busy()
  await redis.kill()
  await expect(queue.add([{ kind: 'compute', id: 'b' }])).rejects.toMatchObject({ kind: 'unavailable' })
  await redis.restart()
  await soon(close())
})

test('before there was a Redis', async () => {
  await redis.kill()
  const site = `close-${++sites}`
  const queue = openQueue({ site, redis: redis.address })
  const worker = work({ site, redis: redis.address, concurrency: { compute: 1 }, log, handler: async () => undefined })
  await soon(worker.close())
  await soon(queue.close())
  await redis.restart()
})

test('a connection tells its end between two tries too, with all that waited for it', async () => {
  const connection = new Connection({ path: redis.path, maxRetriesPerRequest: null, retryStrategy: () => 60_000 })
  connection.on('error', () => undefined)
  const twin = connection.duplicate() as Connection
  await until(() => connection.status === 'ready' && twin.status === 'ready')
  await redis.kill()
  await until(() => connection.status === 'reconnecting' && twin.status === 'reconnecting')
  for (const one of [connection, ...connection.twins]) {
    const answer = one.get('x')
    const ended = new Promise((resolve) => one.once('end', resolve))
    one.disconnect()
    await ended
    await expect(answer).rejects.toThrow('Connection is closed')
    expect(one.status).toBe('end')
  }
  await redis.restart()
})
