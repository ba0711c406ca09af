/** The job of the site's accounts: a project's budget, on a clock of the test's. */
import { randomUUID } from 'node:crypto'
import { NO_PRICES } from '../../../../src/model/accounts'
import { lifecycle } from '../../../../src/model/lifecycle'
import { NOBODY } from '../../../../src/store/store'
import { openPump, type Pump } from '../../../support/pump'
import { startRedis, type TestRedis } from '../../../support/redis'
import { PROJECT, type Site, startSite } from '../../../support/site'

const HOUR = 3_600_000
const REF = { kind: 'accounts', id: 'site' } as const
let redis: TestRedis
let site: Site
let pump: Pump
beforeAll(async () => {
  redis = await startRedis()
})
afterAll(() => redis.stop())
beforeEach(async () => {
  site = await startSite({ redis, hosts: 1 })
  pump = openPump(site, { hostPollMs: 60_000 })
  const wish = { prices: { ...NO_PRICES, types: { 't2.nano': 1_000_000 } }, createdAt: 1 }
  const create = { ref: REF, project: null, wish, seen: null, journal: null, place: null, wake: true }
  const now = pump.clock.now()
  await site.store.change({ operationId: randomUUID(), actor: NOBODY, what: 'prices', creates: [create] }, now)
  const [id = ''] = await site.order(1)
  await pump.until(async () => lifecycle(await site.compute(id)) === 'running', 'a machine')
})
afterEach(() => site.close())

async function budget(amount: number | null): Promise<void> {
  const project = await site.store.read('project', PROJECT)
  if (!project) throw new Error('no project')
  const { budget: _former, ...rest } = project.wish
  const wish = amount === null ? rest : { ...rest, budget: { amount, currency: 'USD', alarmAt: 50 } }
  const ref = { kind: 'project', id: PROJECT } as const
  const update = { ref, project: PROJECT, generation: project.generation, wish, raisePhase: false, wake: false }
  const change = { operationId: randomUUID(), actor: NOBODY, what: 'budget', updates: [update], wakes: [REF] }
  await site.store.change(change, pump.clock.now())
  await pump.turn()
}

const accounts = async () => (await site.store.read('accounts', 'site'))?.seen?.alarms ?? {}
const told = async () =>
  (await site.store.history(REF, 50)).filter(({ what }) => what === 'project-budget-alarm').length
const later = async (hours: number) => {
  pump.clock.advance(hours * HOUR)
  await pump.turn()
}

test('it is told at its mark, at all of it, and never twice; it ends with the budget', async () => {
  await budget(10_000_000)
  expect([await accounts(), await told()]).toEqual([{}, 0])
  await later(6)
  await later(0.1)
  expect([(await accounts())[PROJECT]?.mark, await told()]).toEqual([50, 1])
  await later(5)
  await later(0.1)
  expect([(await accounts())[PROJECT]?.mark, await told()]).toEqual([100, 2])
  await budget(null)
  expect([await accounts(), await told()]).toEqual([{}, 2])
})

test('where no project has a budget the job sleeps', async () => {
  await later(1)
  const passed = pump.passed.filter((name) => name.endsWith('accounts')).length
  for (let n = 0; n < 5; n += 1) await later(1)
  expect(pump.passed.filter((name) => name.endsWith('accounts'))).toHaveLength(passed)
})
