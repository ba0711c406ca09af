/** Requests that only look: their project is compared with Redis once, when it is found out who asks, and they see no less for it. */

import type { Caller } from '../../../src/operations/context'
import type { NewProject } from '../../../src/operations/projects'
import { type Gateways, startGateways } from '../../support/gateways'
import { startRedis, type TestRedis } from '../../support/redis'

const FROM = { source: '10.1.2.3', requestId: 'r-7' }
const LOOKING = { ...FROM, looks: 'only' } as const

let redis: TestRedis
let site: Gateways
let ann: NewProject & { caller: Caller }
beforeAll(async () => {
  redis = await startRedis()
  site = await startGateways(redis)
  ann = await site.project('ann')
})
afterAll(async () => {
  await site.close()
  await redis.stop()
})
afterEach(() => jest.restoreAllMocks())

const identified = async (from: typeof FROM | typeof LOOKING): Promise<Caller> => {
  const caller = await site.first.operations.identifyByPassword(ann.user.wish.name, ann.password, from)
  if (!caller) throw new Error('the login is refused')
  return caller
}

it('are compared once: with what all share and with their project', async () => {
  const fresh = jest.spyOn(site.first.context.mirror, 'fresh')
  const caller = await identified(LOOKING)
  expect(caller).toEqual({ ...ann.caller, actor: { ...ann.caller.actor, ...FROM }, current: true })
  await site.first.operations.listComputes(caller)
  expect(fresh.mock.calls).toEqual([[ann.project.id]])
})

it('see each time what another gateway acknowledged before they came', async () => {
  for (const number of [1, 2, 3]) {
    const { computes } = await site.second.operations.runComputes(ann.caller, { minCount: 1, maxCount: 1 })
    const [id] = computes.map((compute) => compute.id)
    const listed = async () => {
      const records = await site.first.operations.listComputes(await identified(LOOKING))
      return records.find((record) => record.id === id)
    }
    expect((await listed())?.wish.title).toBeNull()
    await site.second.operations.updateCompute(ann.caller, id as never, { title: `change ${number}` })
    expect((await listed())?.wish.title).toBe(`change ${number}`)
  }
})

it('others are compared whenever they read, and see what they did themselves', async () => {
  const caller = await identified(FROM)
  expect(caller.current).toBeUndefined()
  const { computes } = await site.first.operations.runComputes(caller, { minCount: 2, maxCount: 2 })
  const fresh = jest.spyOn(site.first.context.mirror, 'fresh')
  const ids = (await site.first.operations.listComputes(caller)).map(({ id }) => id)
  expect(ids).toEqual(expect.arrayContaining(computes.map(({ id }) => id)))
  expect(fresh.mock.calls).toEqual([[ann.project.id]])
})

it('a wrong password is refused to them as to all', async () => {
  const { operations } = site.first
  expect(await operations.identifyByPassword(ann.user.wish.name, 'wrong', LOOKING)).toBeUndefined()
  expect(await operations.identifyByPassword('nobody', ann.password, LOOKING)).toBeUndefined()
})
