/** What a connection writes, against a real server. */

import { connectPatient } from '../../../src/store/connect'
import type { Connection } from '../../../src/store/connection'
import { startRedis, type TestRedis } from '../../support/redis'
import { until } from '../../support/until'

let redis: TestRedis
let connection: Connection
beforeAll(async () => {
  redis = await startRedis()
})
afterAll(() => redis.stop())
beforeEach(async () => {
  connection = connectPatient(redis.address, 'connection')
  await until(() => connection.status === 'ready')
})
afterEach(() => connection.disconnect())

/** How many chunks each write to the socket had, from now on. */
function writes(): readonly number[] {
  const counted: number[] = []
  const { stream } = connection
  const [one, many] = [stream._write.bind(stream), stream._writev?.bind(stream)]
  stream._write = (...args) => {
    counted.push(1)
    one(...args)
  }
  stream._writev = (chunks, done) => {
    counted.push(chunks.length)
    many?.(chunks, done)
  }
  return counted
}

test('what is sent in one turn goes in one write, in order', async () => {
  const counted = writes()
  const sent = Array.from({ length: 20 }, (_, i) => connection.incrby('turn', i))
  expect(counted).toEqual([])
  expect(await Promise.all(sent)).toEqual(Array.from({ length: 20 }, (_, i) => (i * (i + 1)) / 2))
  expect(counted).toEqual([20])
})

test('so does what promises that are settled in one turn send', async () => {
  const counted = writes()
  const asked = connection.get('nothing')
  await Promise.all(Array.from({ length: 5 }, (_, i) => asked.then(() => connection.set(`after-${i}`, i))))
  expect(counted).toEqual([1, 5])
})

test('what is sent in another turn has a write of its own, and a pipeline is one', async () => {
  const counted = writes()
  await connection.set('a', 1)
  await connection.pipeline().get('a').get('b').exec()
  await connection.get('a')
  expect(counted).toEqual([1, 1, 1])
})

test('what was sent in the turn in which the connection is ended goes out still', async () => {
  const sent = connection.set('last', 1)
  connection.disconnect()
  expect(await sent).toBe('OK')
})
