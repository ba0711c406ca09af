/** A worker over a real Redis and a real simulator: orders become machines, and machines what their owners want. */
import { KINDS } from '../../src/model/ids'
import { lifecycle } from '../../src/model/lifecycle'
import { openQueue } from '../../src/queue'
import { WORKED } from '../../src/queue/worked'
import { reconcile } from '../../workers/reconcile/dispatch'
import type { Work } from '../../workers/reconcile/work'
import { concurrencyOf, sharesOf } from '../../workers/worker'
import { PROJECT, type Site, startSite } from '../support/site'
import { until } from '../support/until'

let site: Site
beforeAll(async () => {
  site = await startSite({ hosts: 4 })
  await site.worker()
})
afterAll(() => site.close())

const stateOf = async (id: string) => lifecycle(await site.compute(id))
const becomes = (id: string, state: string) =>
  until(async () => (await stateOf(id)) === state, { what: `${id} to be ${state}`, timeoutMs: 15_000 })

test('an order runs on one host, once, with its disk, its network and its record id', async () => {
  const [id = ''] = await site.order(1)
  await becomes(id, 'running')
  const record = await site.compute(id)
  const found = await site.found(record.wish.name)
  expect(found).toHaveLength(1)
  expect(found[0]).toMatchObject({ host: record.place.hostName })
  expect(record.place).toMatchObject({ simulated: true, waiting: null })
  expect(record.journal).toMatchObject({ failures: 0, trouble: null, failed: null })
})

test('twenty machines are striped over the hosts', async () => {
  const ids = await site.order(20)
  for (const id of ids) await becomes(id, 'running')
  const claims = await site.store.hostClaims((await site.store.readAll('host')).map((host) => host.id))
  const counts = claims.map((held) => Object.keys(held.claims).length)
  expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1)
}, 60_000)

test('stop, start, restart, suspend, start, delete', async () => {
  const [id = ''] = await site.order(1)
  await becomes(id, 'running')
  const { name } = (await site.compute(id)).wish
  const effects = async () => (await site.found(name))[0]?.effects
  await site.wish(id, () => ({ power: 'off' }))
  await becomes(id, 'poweroff')
  await site.wish(id, ({ starts }) => ({ power: 'on', starts: starts + 1 }))
  await becomes(id, 'running')
  await site.wish(id, ({ boots }) => ({ boots: boots + 1 }))
  await until(async () => (await site.compute(id)).seen.boots === 1)
  await site.wish(id, ({ resets }) => ({ resets: resets + 1 }))
  await until(async () => (await site.compute(id)).seen.resets === 1)
  await site.wish(id, () => ({ power: 'suspended' }))
  await becomes(id, 'suspended')
  await site.wish(id, ({ starts }) => ({ power: 'on', starts: starts + 1 }))
  await becomes(id, 'running')
  expect(await effects()).toMatchObject({ 'disk.ensure': 1, define: 1, 'power.on': 2, 'power.off': 1, save: 1 })
  expect(await effects()).toMatchObject({ 'power.reboot': 1, 'power.reset': 1, 'power.resume': 1 })
  const before = await site.store.counters(PROJECT)
  await site.wish(id, () => ({ exists: false }))
  await becomes(id, 'done')
  const after = await site.store.counters(PROJECT)
  expect(after.instances).toBe((before.instances ?? 0) - 1)
})

describe('each kind', () => {
  const unworked = KINDS.filter((kind) => !WORKED.some((worked) => worked === kind))

  test('that has jobs has workers', () => {
    const served = concurrencyOf({ concurrency: 4 })
    expect(Object.keys(served).sort()).toEqual([...WORKED].sort())
    expect(Math.min(...Object.values(served))).toBeGreaterThan(0)
  })

  test.each([2, 4, 32, 1000])(
    'and of hosts, those that answer have places of their own: %i at a time',
    (concurrency) => {
      const places = concurrencyOf({ concurrency })
      expect(sharesOf(places).host).toBeGreaterThan(0)
      expect(sharesOf(places).host).toBeLessThan(places.host)
    },
  )

  test.each(unworked)(
    'that has none, %s, is taken off the agenda and no more: the sweep waits for it',
    async (kind) => {
      const calls: string[] = []
      const claim = { ref: { kind, id: 'x' } }
      const store = {
        claim: async () => {
          calls.push('claim')
          return claim
        },
        settle: async (of: unknown, next: unknown) => {
          calls.push('settle')
          expect([of, next]).toEqual([claim, null])
        },
      }
      const work = { store, clock: { now: () => 1 } } as unknown as Work
      await reconcile(work, { kind, id: 'x' })
      expect(calls).toEqual(['claim', 'settle'])
    },
  )
})

test('jobs that lie in a queue which nobody served are done once, and gone', async () => {
  const ref = { kind: 'address', id: 'ffffffff-0000-4000-8000-000000000009' } as const
  const queue = openQueue({ site: site.name, redis: site.redis.address })
  await queue.add([ref])
  const left = async () => (await queue.depth()).filter(({ kind, count }) => kind === ref.kind && count > 0)
  await until(async () => (await left()).length === 0, { what: 'an empty queue' })
  await queue.close()
})
