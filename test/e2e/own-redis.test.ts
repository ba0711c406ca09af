/** `up` on a Redis that an operator gives: it starts none, and ends none. */
import { newData, removeData, startUp, type Up } from '../support/gateway-process'
import { listUrls, occiClient } from '../support/occi-client'
import { startRedis, type TestRedis } from '../support/redis'

const data = newData()
let redis: TestRedis
let up: Up

beforeAll(async () => {
  redis = await startRedis()
  up = await startUp(data, ['--port', '0', '--redis', `unix:${redis.path}`, '--region', 'paris-1'])
})
afterAll(async () => {
  await up.end('SIGINT')
  await redis.stop()
  removeData(data)
})

test('starts no Redis, and works', async () => {
  expect(up.pidOf('redis')).toBe(-1)
  expect(up.session().region).toBe('paris-1')
  expect(await listUrls(occiClient(up.session()))).toEqual([])
})

test('leaves that Redis alone when it ends; the next start finds its state there', async () => {
  const { password } = up.session()
  expect(await up.end('SIGTERM')).toBe(0)
  process.kill(redis.pid, 0)
  up = await startUp(data, ['--port', '0', '--redis', `unix:${redis.path}`, '--region', 'paris-1'])
  expect(up.session().password).toBe(password)
  expect(await listUrls(occiClient(up.session()))).toEqual([])
})
