/** A real host leaves by its job: what is ours is taken off it, then nothing of its record is in the way of the same host. */
import { randomUUID } from 'node:crypto'
import { fault } from '../../../src/faults'
import type { HostRecord } from '../../../src/model/records'
import { NOBODY } from '../../../src/store/store'
import { reconcileHost } from '../../../workers/reconcile/host'
import type { Work } from '../../../workers/reconcile/work'
import { fitCheck } from '../../support/fit-check'
import { type Gateways, OPERATOR, startGateways } from '../../support/gateways'
import { startRedis, type TestRedis } from '../../support/redis'

let redis: TestRedis
let site: Gateways
beforeAll(async () => {
  redis = await startRedis()
})
afterAll(() => redis.stop())
beforeEach(async () => {
  site = await startGateways(redis, { pool: 'none' })
})
afterEach(() => site.close())

const xen = { name: 'xen-1', driver: 'xl', address: 'ssh://root@192.0.2.1' }
const sameHost = { ...xen, name: 'rack-1-xen' }
const add = async (host: typeof xen): Promise<HostRecord> =>
  site.first.operations.addHost(OPERATOR, { ...host, zone: 'rack-1', check: await fitCheck(site.store, host) })
const names = async () => (await site.store.readAll('host')).map(({ wish }) => wish.name)

/** Its job once, with a driver that leaves hosts in this way. */
const runJob = ({ id }: HostRecord, leave: () => Promise<void> = async () => undefined): Promise<void> => {
  const { store, clock } = site
  const { log } = site.first.context
  return reconcileHost({ store, clock, log, at: () => undefined, driver: () => ({ leave }) } as unknown as Work, id)
}

test('it joins again under another name once its job is through with it, and not before', async () => {
  const host = await add(xen)
  await site.first.operations.removeHost(OPERATOR, 'xen-1')
  await runJob(host, () => Promise.reject(fault('unreachable', 'no route')))
  expect((await site.store.read('host', host.id))?.seen.message).toBe('it cannot be left: no route')
  await expect(add(sameHost)).rejects.toMatchObject({ kind: 'exists' })
  await runJob(host)
  expect(await names()).toEqual([])
  await add(sameHost)
  expect(await names()).toEqual(['rack-1-xen'])
})

test('nor is it kept out by what a worker left taken that knew of its name only', async () => {
  const host = await add(xen)
  const removals = [{ ref: { kind: 'host', id: host.id }, project: null, generation: host.generation }] as const
  const releases = [{ hash: 'names', field: 'host:xen-1' }]
  await site.store.change({ operationId: randomUUID(), actor: NOBODY, what: 'host-left', removals, releases }, 1)
  await add(sameHost)
  expect(await names()).toEqual(['rack-1-xen'])
  await expect(add(xen)).rejects.toMatchObject({ kind: 'exists', message: expect.stringMatching(/^rack-1-xen is/) })
})
