/** An operator's order to move a machine: what it writes, and what it refuses by name before anything is written. */
import type { ComputeRecord } from '../../../src/model/records'
import type { Caller } from '../../../src/operations/context'
import type { Operations } from '../../../src/operations/operations'
import { type Gateways, OPERATOR, startGateways } from '../../support/gateways'
import { startRedis, type TestRedis } from '../../support/redis'

let redis: TestRedis
let site: Gateways
let ann: Caller
let operations: Operations
beforeAll(async () => {
  redis = await startRedis()
})
afterAll(() => redis.stop())
beforeEach(async () => {
  site = await startGateways(redis)
  operations = site.first.operations
  ann = (await site.project('ann')).caller
  await site.probeHosts({ cpuHundredths: 800, memoryMiB: 8192, diskGiB: 100 })
})
afterEach(() => site.close())

async function machine(): Promise<ComputeRecord> {
  const { computes } = await operations.runComputes(ann, { minCount: 1, maxCount: 1, type: 't2.nano' })
  const id = computes[0]?.id
  if (!id) throw new Error('no machine')
  await site.run(id)
  return operations.getCompute(ann, id)
}
const move = (name: string, to: string, how: 'live' | 'cold' = 'live') =>
  operations.moveCompute(OPERATOR, name, { to, how })
const other = async ({ place }: ComputeRecord) => {
  const hosts = await operations.listHosts(OPERATOR)
  return hosts.find(({ id }) => id !== place.host)?.wish.name ?? ''
}

test('is a level on the wish, and the workers hear of it', async () => {
  const record = await machine()
  const to = await other(record)
  const after = await move(record.wish.name, to)
  const host = (await operations.listHosts(OPERATOR)).find(({ wish }) => wish.name === to)
  expect(after.wish.move).toEqual({ level: 1, to: host?.id, how: 'live' })
  expect(site.first.told).toContainEqual({ kind: 'compute', id: record.id })
  const again = await site.second.operations.moveCompute(OPERATOR, record.id, { to, how: 'cold' })
  expect(again.wish.move).toMatchObject({ level: 2, how: 'cold' })
  const [event] = await operations.computeEvents(OPERATOR, record.id, 1)
  expect(event).toMatchObject({ what: 'move-compute', actor: { user: 'operator' } })
})

test('its owner cannot stop it while it is on its way, and can delete it', async () => {
  const record = await machine()
  await site.observe(record.id, () => ({}))
  const claim = await site.store.claim('compute', record.id, 1)
  if (!claim) throw new Error('gone')
  const to = { host: record.place.host, hostName: 'x', zone: null, simulated: true }
  const moving = { level: 1, how: 'live', to, ran: true, volumes: [], since: 1 }
  const { seen, journal, place } = claim.record
  await site.store.transfer(claim, { seen, journal, place: { ...place, moving }, what: 'test' }, 1)
  const ids = [record.id]
  const stop = operations.setPower(ann, { ids, to: 'off', already: 'refuse' })
  await expect(stop).rejects.toMatchObject({ kind: 'state', detail: { allowed: ['delete'] } })
  await expect(move(record.id, await other(record))).rejects.toMatchObject({ kind: 'state' })
  await expect(operations.resizeCompute(ann, { id: record.id, type: 't2.micro' })).rejects.toMatchObject({
    kind: 'state',
  })
  const volume = await operations.createStorage(ann, { sizeGiB: 1 })
  const attach = operations.attachStorage(ann, { storage: volume.id, compute: record.id })
  await expect(attach).rejects.toMatchObject({ kind: 'state' })
  expect((await operations.deleteComputes(ann, { ids }))[0]?.record.wish.exists).toBe(false)
})

test('refused by name: machine, host, the host that it is on, one that is disabled or full', async () => {
  const record = await machine()
  const to = await other(record)
  await expect(move('i-0123456789abcdef0', to)).rejects.toMatchObject({ kind: 'not-found' })
  await expect(move(record.id, 'nowhere')).rejects.toMatchObject({ kind: 'not-found' })
  await expect(move(record.id, record.place.hostName ?? '')).rejects.toMatchObject({ kind: 'conflict' })
  await operations.setHostEnabled(OPERATOR, to, false)
  await expect(move(record.id, to)).rejects.toMatchObject({
    kind: 'no-capacity',
    message: `${record.wish.name} cannot be moved to ${to}: the other host is disabled`,
  })
  await operations.setHostEnabled(OPERATOR, to, true)
  await site.probeHosts({ cpuHundredths: 800, memoryMiB: 256, diskGiB: 100 })
  await expect(move(record.id, to, 'cold')).rejects.toMatchObject({
    kind: 'no-capacity',
    message: expect.stringContaining('needs 512 MiB, has 256 MiB free'),
  })
  expect((await operations.getCompute(ann, record.id)).wish.move).toBeUndefined()
})

test('refused in states that cannot be moved, saying which can', async () => {
  const record = await machine()
  const to = await other(record)
  await operations.setPower(ann, { ids: [record.id], to: 'off', already: 'refuse' })
  await expect(move(record.id, to)).rejects.toMatchObject({ kind: 'state', detail: { allowed: ['running'] } })
  await expect(move(record.id, to, 'cold')).rejects.toMatchObject({
    kind: 'state',
    detail: { allowed: ['running', 'suspended', 'poweroff', 'unknown'] },
  })
  const { computes } = await operations.runComputes(ann, { minCount: 1, maxCount: 1 })
  await expect(move(computes[0]?.id ?? '', to, 'cold')).rejects.toMatchObject({ kind: 'state' })
})
