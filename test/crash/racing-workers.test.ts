/** Many jobs for one machine at once, and two whole workers over one queue: the newest claim wins, nothing is done twice. */
import { lifecycle } from '../../src/model/lifecycle'
import { reconcile } from '../../workers/reconcile/dispatch'
import { wrongs } from '../support/invariants'
import { startRedis, type TestRedis } from '../support/redis'
import { type Site, startSite } from '../support/site'
import { until } from '../support/until'

let redis: TestRedis
let site: Site
beforeAll(async () => {
  redis = await startRedis()
})
afterAll(() => redis.stop())
afterEach(() => site.close())

const stateOf = async (id: string) => lifecycle(await site.compute(id))

test('five jobs at a time for each of ten machines', async () => {
  site = await startSite({ redis, hosts: 3 })
  const work = site.work({ queue: { add: async () => undefined } })
  const hosts = await site.store.readAll('host')
  for (const host of hosts) await reconcile(work, { kind: 'host', id: host.id })
  const ids = await site.order(10)
  await Promise.all([1, 2, 3].map(() => reconcile(work, { kind: 'placement', id: 'site' })))
  const race = () =>
    Promise.all(ids.flatMap((id) => [1, 2, 3, 4, 5].map(() => reconcile(work, { kind: 'compute', id }))))
  await until(
    async () => {
      await race()
      return (await Promise.all(ids.map(stateOf))).every((state) => state === 'running')
    },
    { what: 'ten running machines', timeoutMs: 25_000 },
  )
  expect(await wrongs(site)).toEqual([])
  for (const id of ids) {
    const [found] = await site.found((await site.compute(id)).wish.name)
    expect(found?.effects).toMatchObject({ 'disk.ensure': 1, define: 1, 'power.on': 1 })
  }
})

test('two workers, owners who change their minds, one worker that ends on the way', async () => {
  site = await startSite({ redis, hosts: 4 })
  const first = await site.worker()
  await site.worker()
  const ids = await site.order(30)
  const [stopped, deleted, restarted] = [ids.slice(0, 10), ids.slice(10, 20), ids.slice(20)]
  await Promise.all(stopped.map((id) => site.wish(id, () => ({ power: 'off', how: 'hard' }))))
  await until(async () => (await Promise.all(restarted.map(stateOf))).some((state) => state === 'running'))
  const closing = first.close()
  await Promise.all(deleted.map((id) => site.wish(id, () => ({ exists: false }))))
  await Promise.all(restarted.map((id) => site.wish(id, ({ boots }) => ({ boots: boots + 1 }))))
  await closing
  await until(async () => (await wrongs(site)).length === 0, { what: 'everything as asked', timeoutMs: 40_000 })
  await until(
    async () => (await Promise.all(restarted.map((id) => site.compute(id)))).every(({ seen }) => seen.boots === 1),
    { what: 'restarts', timeoutMs: 20_000 },
  )
  expect(await wrongs(site)).toEqual([])
}, 90_000)
