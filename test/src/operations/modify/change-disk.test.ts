import type { ComputeId } from '../../../../src/model/ids'
import type { Caller } from '../../../../src/operations/context'
import { type Gateways, OPERATOR, startGateways } from '../../../support/gateways'
import { startRedis, type TestRedis } from '../../../support/redis'

let redis: TestRedis
let site: Gateways
let ann: Caller
let id: ComputeId
beforeAll(async () => {
  redis = await startRedis()
})
afterAll(() => redis.stop())
beforeEach(async () => {
  site = await startGateways(redis)
  ann = (await site.project('ann')).caller
  await site.probeHosts({ cpuHundredths: 800, memoryMiB: 8192, diskGiB: 100 })
  const { computes } = await site.first.operations.runComputes(ann, { minCount: 1, maxCount: 1, type: 't2.nano' })
  const [made] = computes
  if (!made) throw new Error('no machine')
  id = made.id
  await site.run(id)
})
afterEach(() => site.close())

const grow = () => site.first.operations.changeDisk(ann, { id, disk: 'root', sizeGiB: 50 })

test('a disk grows, and what its machine claims with it', async () => {
  await grow()
  const { place } = await site.first.operations.getCompute(ann, id)
  const [held] = await site.store.hostClaims([place.host ?? ''])
  expect(JSON.parse(held?.claims[id] ?? '{}')).toMatchObject({ diskGiB: 50 })
})

const counted = async () => (await site.store.counters(ann.project)).volumeGiB ?? 0
const wishOf = async () => (await site.store.read('compute', id))?.wish

test('its GiB count with the volumes of its project, and no more of them than its limit', async () => {
  expect(await counted()).toBe(8)
  await grow()
  expect([await counted(), (await wishOf())?.countedGiB]).toEqual([50, 50])
  await site.first.operations.setProject(OPERATOR, 'ann', { quota: { volumeGiB: 60 } })
  const more = { id, disk: 'root', sizeGiB: 61 }
  await expect(site.second.operations.changeDisk(ann, more)).rejects.toMatchObject({
    kind: 'quota',
    detail: { field: 'volumeGiB' },
  })
  expect([await counted(), (await wishOf())?.size.diskGiB]).toEqual([50, 50])
})

test('of a machine that is older than the counting, what it grows by counts', async () => {
  const claim = await site.store.claim('compute', id, 1)
  const record = claim?.record
  if (!record) throw new Error('gone')
  const { countedGiB: _never, ...wish } = record.wish
  await site.store.change(
    {
      ...{ operationId: 'older', actor: ann.actor, what: 'test' },
      updates: [
        {
          ...{ ref: { kind: 'compute', id }, project: record.project, generation: record.generation },
          ...{ wish, raisePhase: false, wake: false },
        },
      ],
      counters: [{ project: ann.project, name: 'volumeGiB', by: -8 }],
    },
    1,
  )
  await grow()
  expect([await counted(), (await wishOf())?.countedGiB]).toEqual([42, 42])
})

test('not at a provider, where volumes may grow and what was made whole keeps its disk', async () => {
  const claim = await site.store.claim('compute', id, 1)
  if (!claim) throw new Error('gone')
  const { seen, journal, place } = claim.record
  const offer = { type: 'small', price: 1 }
  await site.store.transfer(claim, { seen, journal, place: { ...place, offer }, what: 'test' }, 1)
  const because = 'it keeps what it was made with'
  const lacks = [{ verb: 'resize', because }] as const
  await site.probeHosts({ cpuHundredths: 800, memoryMiB: 8192, diskGiB: 100 }, { lacks })
  await expect(grow()).rejects.toMatchObject({ kind: 'unsupported', message: expect.stringContaining(because) })
})

test('not while its machine is moved: the claim on the other host was made with the former size', async () => {
  const claim = await site.store.claim('compute', id, 1)
  if (!claim) throw new Error('gone')
  const { seen, journal, place } = claim.record
  const to = { host: place.host, hostName: 'x', zone: null, simulated: true }
  const moving = { level: 1, how: 'live', to, ran: true, volumes: [], since: 1 }
  await site.store.transfer(claim, { seen, journal, place: { ...place, moving }, what: 'test' }, 1)
  const before = (await site.store.read('compute', id))?.wish
  await expect(grow()).rejects.toMatchObject({ kind: 'state', message: expect.stringContaining('moved') })
  expect((await site.store.read('compute', id))?.wish).toEqual(before)
})
