/** Placement groups over a real store: names, rules, who is in them, the end of a group and of a project. */
import type { ComputeId, PlacementGroupId } from '../../../../src/model/ids'
import { isShortName } from '../../../../src/model/ids'
import type { PlacementRule } from '../../../../src/model/records'
import type { Caller } from '../../../../src/operations/context'
import { type Gateways, OPERATOR, startGateways } from '../../../support/gateways'
import { APART, PARTITIONS, TOGETHER } from '../../../support/placement-group'
import { startRedis, type TestRedis } from '../../../support/redis'
import { runEach } from '../../../support/run-each'

let redis: TestRedis
let site: Gateways
let ann: Caller
let bob: Caller
beforeAll(async () => {
  redis = await startRedis()
  site = await startGateways(redis)
  await site.probeHosts({ cpuHundredths: 1600, memoryMiB: 65_536, diskGiB: 1000 })
  ann = (await site.project('ann')).caller
  bob = (await site.project('bob')).caller
})
afterAll(async () => {
  await site.close()
  await redis.stop()
})

const create = (caller: Caller, name: string, rule: PlacementRule = APART, more: object = {}) =>
  site.first.operations.createPlacementGroup(caller, { name, rule, ...more })
const names = async (caller: Caller) =>
  (await site.second.operations.listPlacementGroups(caller)).map(({ wish }) => wish.name)
const run = async (caller: Caller, id: PlacementGroupId, count = 1, partition?: number) =>
  (
    await site.first.operations.runComputes(caller, {
      minCount: count,
      maxCount: count,
      placementGroup: { id, ...(partition === undefined ? {} : { partition }) },
    })
  ).computes
const end = (caller: Caller, id: PlacementGroupId) => site.first.operations.deletePlacementGroup(caller, { id })
const gone = (id: ComputeId) =>
  site.observe(id, ({ seen }) => ({ seen: { ...seen, host: null, machine: null, goneAt: site.clock.now() } }))
const off = async (id: ComputeId, host?: string) => {
  const found = (await site.store.readAll('host')).find(({ wish }) => wish.name === host)
  await site.run(id, found ? { place: { host: found.id, hostName: found.wish.name } } : {})
  await site.first.operations.setPower(ann, { ids: [id], to: 'off', already: 'accept' })
  await site.observe(id, ({ seen }) => ({
    seen: { ...seen, machine: seen.machine && { ...seen.machine, domain: 'off', startedAt: null } },
  }))
}

test('made at one gateway, shown at the other; a name is taken once in a project', async () => {
  const { wish } = await create(ann, 'front', APART, { tags: { of: 'ann' } })
  expect(isShortName('placementgroup', wish.group)).toBe(true)
  await expect(create(ann, 'front')).rejects.toMatchObject({
    kind: 'exists',
    detail: { subject: { kind: 'placementgroup', id: 'front' } },
  })
  await create(bob, 'front')
  expect([await names(ann), await names(bob)]).toEqual([['front'], ['front']])
  await create(ann, 'dry', APART, { dryRun: true })
  expect(await names(ann)).toEqual(['front'])
})

test.each<[string, string, PlacementRule, string, string]>([
  ['an empty name', '', APART, 'invalid', 'GroupName'],
  ['a name of 256', 'x'.repeat(256), APART, 'invalid', 'GroupName'],
  ['a name with a line', 'a\nb', APART, 'invalid', 'GroupName'],
  ['no label', 'a', { ...APART, over: 'my rack' }, 'invalid', 'over'],
  ['eight partitions', 'a', { ...PARTITIONS, partitions: 8 }, 'invalid', 'PartitionCount'],
  ['no partition', 'a', { ...PARTITIONS, partitions: 0 }, 'invalid', 'PartitionCount'],
  ['partitions of what has none', 'a', { ...APART, partitions: 2 }, 'combination', 'PartitionCount'],
  ['soft partitions', 'a', { ...PARTITIONS, strength: 'soft' }, 'combination', 'strength'],
])('refused, naming the field: %s', async (_what, name, rule, kind, field) => {
  const before = await names(bob)
  await expect(create(bob, name, rule)).rejects.toMatchObject({ kind, detail: { field } })
  expect(await names(bob)).toEqual(before)
})

test("machines are ordered into it; another project's is not there", async () => {
  const { id } = await create(ann, 'cluster', TOGETHER)
  const [machine] = await run(ann, id)
  expect(machine?.wish.placementGroup).toEqual({ id })
  await expect(run(bob, id)).rejects.toMatchObject({
    kind: 'not-found',
    detail: { subject: { kind: 'placementgroup' } },
  })
  await expect(end(bob, id)).rejects.toMatchObject({ kind: 'not-found' })
  await expect(run(ann, id, 1, 1)).rejects.toMatchObject({ kind: 'combination', detail: { field: 'PartitionNumber' } })
})

test('partitions: each machine goes to the one with the fewest, or to the one that is asked for', async () => {
  const { id } = await create(ann, 'parts', { ...PARTITIONS, partitions: 3 })
  const of = (machines: Awaited<ReturnType<typeof run>>) => machines.map(({ wish }) => wish.placementGroup?.partition)
  expect(of(await run(ann, id, 4))).toEqual([1, 2, 3, 1])
  expect(of(await run(ann, id, 1, 3))).toEqual([3])
  expect(of(await run(ann, id, 2))).toEqual([2, 1])
  await expect(run(ann, id, 1, 4)).rejects.toMatchObject({ kind: 'invalid', detail: { field: 'PartitionNumber' } })
  const together = await runEach(
    site.first.operations,
    ann,
    [1, 2].map(() => ({ placementGroup: { id } })),
  )
  expect(of(together)).toEqual([2, 3])
})

test('it is not deleted while a machine is in it; once nothing is left of the machine it is', async () => {
  const { id } = await create(ann, 'ends')
  const [machine] = await run(ann, id)
  if (!machine) throw new Error('no machine')
  const refused = { kind: 'in-use', detail: { subject: { kind: 'placementgroup', id: 'ends' } } }
  await expect(end(ann, id)).rejects.toMatchObject(refused)
  await site.first.operations.deleteComputes(ann, { ids: [machine.id] })
  await expect(end(ann, id)).rejects.toMatchObject(refused)
  await gone(machine.id)
  // As the worker that sees it gone gives back what it held.
  const claim = await site.store.claim('compute', machine.id, site.clock.now())
  if (!claim) throw new Error('no claim')
  const releases = [{ hash: `members:${id}`, field: machine.id }]
  await site.store.observe(claim, { releases, what: 'compute-gone' }, site.clock.now())
  await end(ann, id)
  expect(await names(ann)).not.toContain('ends')
  await create(ann, 'ends')
})

test('deleted and ordered into at the same time: never a machine in a group that is not there', async () => {
  for (let round = 0; round < 5; round += 1) {
    const { id } = await create(bob, `race-${round}`)
    const [ordered, ended] = await Promise.allSettled([
      run(bob, id),
      site.second.operations.deletePlacementGroup(bob, { id }),
    ])
    expect([ordered.status, ended.status].toSorted()).toEqual(['fulfilled', 'rejected'])
    const there = await site.store.read('placementgroup', id)
    expect(there !== undefined).toBe(ordered.status === 'fulfilled')
  }
})

test('another group for a machine that is off, as far as it may stay where it is', async () => {
  const { id } = await create(ann, 'apart')
  const [one, two] = [...(await run(ann, id)), ...(await run(ann, (await create(ann, 'other')).id))]
  if (!one || !two) throw new Error('no machines')
  const set = (group: PlacementGroupId | null) =>
    site.first.operations.setPlacementGroup(ann, { id: two.id, group: group === null ? null : { id: group } })
  await expect(set(id)).rejects.toMatchObject({ kind: 'state' })
  const claims = async (host: string) => {
    const found = (await site.store.readAll('host')).find(({ wish }) => wish.name === host)
    const [held] = await site.store.hostClaims([found?.id ?? ''])
    return Object.values(held?.claims ?? {}).map((claim) => JSON.parse(claim).group?.id)
  }
  await off(one.id, 'sim-1')
  await off(two.id, 'sim-1')
  await site.first.operations.setPlacementGroup(ann, { id: one.id, group: null })
  await site.first.operations.setPlacementGroup(ann, { id: one.id, group: { id } })
  await expect(set(id)).rejects.toMatchObject({
    kind: 'no-capacity',
    message: expect.stringContaining(`has ${one.wish.name} of its group`),
  })
  expect(await site.first.operations.setPlacementGroup(ann, { id: one.id, group: null })).not.toHaveProperty(
    'wish.placementGroup',
  )
  await set(id)
  expect(await claims('sim-1')).toEqual(expect.arrayContaining([undefined, id]))
  await expect(end(ann, id)).rejects.toMatchObject({ kind: 'in-use' })
  await set(null)
  await end(ann, id)
})

test('a machine with terms comes into no group; one that gives way, and no more than that, does', async () => {
  const { id } = await create(ann, 'planned')
  const machines = async (lease: NonNullable<Parameters<typeof site.first.operations.runComputes>[1]['lease']>) =>
    (await site.first.operations.runComputes(ann, { minCount: 1, maxCount: 1, lease })).computes[0]?.id ??
    ('' as ComputeId)
  const set = (machine: ComputeId) => site.first.operations.setPlacementGroup(ann, { id: machine, group: { id } })
  const leased = await machines({ seconds: 3600 })
  await off(leased, 'sim-1')
  await expect(set(leased)).rejects.toMatchObject({
    kind: 'unsupported',
    message: expect.stringContaining('machines of a placement group cannot have them'),
    detail: { subject: { kind: 'compute', id: leased } },
  })
  expect((await site.store.read('compute', leased))?.wish).not.toHaveProperty('placementGroup')
  await site.first.operations.setPlacementGroup(ann, { id: leased, group: null })
  const yielding = await machines({ preemptible: true })
  await off(yielding, 'sim-1')
  expect((await set(yielding)).wish.placementGroup).toEqual({ id })
})

test('tags, and the end of the project takes its groups along', async () => {
  const { caller } = await site.project('carl')
  const { id } = await create(caller, 'tagged', TOGETHER, { tags: { a: '1' } })
  const refs = [{ kind: 'placementgroup' as const, id }]
  await site.first.operations.tagResources(caller, { refs, set: { b: '2' }, remove: [{ key: 'a', value: null }] })
  expect((await site.store.read('placementgroup', id))?.wish.tags).toEqual({ b: '2' })
  await expect(site.first.operations.tagResources(bob, { refs, set: { c: '3' } })).rejects.toMatchObject({
    kind: 'not-found',
  })
  expect(await site.first.operations.purgeProject(OPERATOR, 'carl')).toEqual({ left: 0, done: true })
  expect(await site.store.read('placementgroup', id)).toBeUndefined()
})
