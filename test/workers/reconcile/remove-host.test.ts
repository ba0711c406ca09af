/** A real host leaves by its job: what is ours is taken off it, then nothing of its record is in the way of the same host. */
import { randomUUID } from 'node:crypto'
import { fault } from '../../../src/faults'
import type { HostRecord } from '../../../src/model/records'
import { NOBODY } from '../../../src/store/store'
import type { HostListing } from '../../../workers/drivers/driver'
import { reconcileHost } from '../../../workers/reconcile/host'
import { openShares } from '../../../workers/reconcile/shares'
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

const EMPTY: HostListing = {
  ...{
    version: '4.17',
    boot: 'b1',
    capacity: { cpuHundredths: 400, memoryMiB: 8192, diskGiB: 100 },
    capabilities: { lacks: [] },
    machines: [],
    foreign: [],
  },
}
/** Its job once, with a driver that leaves hosts in this way. */
const runJob = ({ id }: HostRecord, leave: () => Promise<void> = async () => undefined): Promise<void> => {
  const { store, clock } = site
  const { log, queue } = site.first.context
  const driver = () => ({ leave, list: async () => EMPTY })
  const work = { store, clock, log, queue, shares: openShares({}), at: () => undefined, driver }
  return reconcileHost(work as unknown as Work, id)
}
/** As placement or a volume's order would: something has its place there, or no more. */
const claims = async ({ id }: HostRecord, claim: string): Promise<void> => {
  const [{ revision } = { revision: 0 }] = await site.store.hostClaims([id])
  const begins = claim === '' ? {} : ({ begins: true } as const)
  const reclaims = [{ host: id, revision, compute: 'vol-1', claim, ...begins }]
  const change = { operationId: randomUUID(), actor: NOBODY, what: 'claimed', reclaims }
  expect(await site.store.change(change, 1)).toMatchObject({ state: 'done' })
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

test('it is not left but looked at as usual while something has its place there that came in between', async () => {
  const host = await add(xen)
  await site.first.operations.removeHost(OPERATOR, 'xen-1')
  await claims(host, JSON.stringify({ cores: 1, cpuHundredths: 100, memoryMiB: 1024, diskGiB: 1 }))
  const leave = jest.fn(async () => undefined)
  await runJob(host, leave)
  expect(leave).not.toHaveBeenCalled()
  expect((await site.store.read('host', host.id))?.seen).toMatchObject({
    contact: 'ok',
    message: 'it cannot be left: 1 machines, volumes and addresses have their place on it',
  })
  await claims(host, '')
  await runJob(host, leave)
  expect(leave).toHaveBeenCalledTimes(1)
  expect(await names()).toEqual([])
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
