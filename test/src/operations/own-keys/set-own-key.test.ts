import type { Caller } from '../../../../src/operations/context'
import { type Gateways, OPERATOR, startGateways } from '../../../support/gateways'
import { startRedis, type TestRedis } from '../../../support/redis'

let redis: TestRedis
let site: Gateways
let ann: Caller
let id: string
beforeAll(async () => {
  redis = await startRedis()
  site = await startGateways(redis, { pool: 'none' })
})
afterAll(async () => {
  await site.close()
  await redis.stop()
})
let projects = 0
beforeEach(async () => {
  const made = await site.project(`ann${++projects}`)
  ann = made.caller
  id = made.key.accessKeyId
})

const own = (enabled: boolean) => site.first.operations.setOwnKey(ann, id, { enabled })
const operators = (enabled: boolean) => site.second.operations.setKey(OPERATOR, id, { enabled })
const isEnabled = async () => (await site.second.operations.listOwnKeys(ann))[0]?.enabled

test('what a user disabled, the user enables', async () => {
  await own(false)
  expect(await isEnabled()).toBe(false)
  await own(true)
  expect(await isEnabled()).toBe(true)
})

test('what an operator disabled, only an operator enables, whatever the user did besides', async () => {
  await operators(false)
  await expect(own(true)).rejects.toMatchObject({ kind: 'forbidden' })
  await own(false)
  await expect(own(true)).rejects.toMatchObject({ kind: 'forbidden' })
  expect(await isEnabled()).toBe(false)
  await operators(true)
  expect(await isEnabled()).toBe(true)
  await own(false)
  await own(true)
  expect(await isEnabled()).toBe(true)
})

test('disabled by its user and then by an operator, it is the operator’s to enable', async () => {
  await own(false)
  await operators(false)
  await expect(own(true)).rejects.toMatchObject({ kind: 'forbidden' })
})
