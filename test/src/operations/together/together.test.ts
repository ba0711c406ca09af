/** Several orders in one script, on a real Redis: all or none, whoever is refused or killed in the middle. */
import { asFault, fault } from '../../../../src/faults'
import type { AddressId, ComputeId, NetworkId, SecurityGroupId, StorageId } from '../../../../src/model/ids'
import type { ComputeRecord } from '../../../../src/model/records'
import type { Caller } from '../../../../src/operations/context'
import type { Part } from '../../../../src/operations/together/operations'
import type { Store } from '../../../../src/store/store'
import { type Gateways, startGateways, type TestGateway } from '../../../support/gateways'
import { startRedis, type TestRedis } from '../../../support/redis'

let redis: TestRedis
let site: Gateways
let ann: Caller
let back: NetworkId

beforeAll(async () => {
  redis = await startRedis()
  site = await startGateways(redis)
  ann = (await site.project('ann')).caller
  back = (await site.first.operations.createNetwork(ann, { cidr: '10.9.0.0/24', gateway: '10.9.0.1' })).id
})
afterAll(async () => {
  await site.close()
  await redis.stop()
})

const machine = async (state: 'running' | 'ordered' = 'running'): Promise<ComputeId> => {
  const { computes } = await site.first.operations.runComputes(ann, { minCount: 1, maxCount: 1 })
  const id = computes[0]?.id as ComputeId
  if (state === 'running') await site.run(id)
  return id
}
const volume = async (): Promise<StorageId> => (await site.first.operations.createStorage(ann, { sizeGiB: 1 })).id
const stored = async (id: ComputeId) => (await site.store.read('compute', id)) as ComputeRecord
const together = (parts: readonly Part[], gateway: TestGateway = site.first) => gateway.operations.together(ann, parts)
const LARGE = { cpuHundredths: 6400, memoryMiB: 65_536, diskGiB: 500 }
let drawn = 0
/** Nobody has had it before. */
const fresh = (word: string): string => `${word}-${++drawn}`
const lastByte = (): string => `10.9.0.${50 + ++drawn}`
/** Everything that Redis has of the project's records, whatever kind. */
const everything = async () => {
  const kinds = ['compute', 'storage', 'network', 'address', 'securitygroup', 'image', 'snapshot'] as const
  const all = await Promise.all(kinds.map((kind) => site.store.readAll(kind)))
  const wishes = all.flat().map(({ id, generation, wish }) => [id, generation, wish] as const)
  return wishes.sort(([one], [two]) => (one < two ? -1 : 1))
}

/** One of each sort that a collection can be told, with what would be refused at its end. */
const SORTS: readonly {
  readonly name: string
  readonly refused: string
  make(): Promise<{ readonly good: readonly Part[]; readonly bad: Part }>
}[] = [
  {
    name: 'links to networks made, the last one with an address of the first',
    refused: 'in-use',
    make: async () => {
      const [one, two] = [await machine(), await machine()]
      const connect = (compute: ComputeId, address: string): Part => ({
        do: 'connect',
        order: { compute, network: back, address },
      })
      const address = lastByte()
      return { good: [connect(one, address), connect(two, lastByte())], bad: connect(two, address) }
    },
  },
  {
    name: 'links to networks undone',
    refused: 'not-found',
    make: async () => {
      const compute = await machine()
      const names = (await stored(compute)).wish.interfaces.map(({ name }) => name)
      for (const _ of [1, 2])
        names.push((await site.first.operations.connectInterface(ann, { compute, network: back })).made.name)
      const part = (name: string): Part => ({ do: 'disconnect', order: { compute, name } })
      return { good: names.map(part), bad: part('eni-00000000000000000') }
    },
  },
  {
    name: 'volumes attached to one machine and one volume twice',
    refused: 'in-use',
    make: async () => {
      const [compute, one, two] = [await machine(), await volume(), await volume()]
      const part = (storage: StorageId): Part => ({ do: 'attach', order: { compute, storage } })
      return { good: [part(one), part(two)], bad: part(one) }
    },
  },
  {
    name: 'addresses given back, one of them in use',
    refused: 'in-use',
    make: async () => {
      const lease = async (): Promise<AddressId> => (await site.first.operations.allocateAddress(ann, {})).record.id
      const [one, two, used] = [await lease(), await lease(), await lease()]
      await site.first.operations.associateAddress(ann, { address: used, compute: await machine(), former: 'stays' })
      const part = (order: AddressId): Part => ({ do: 'release', order })
      return { good: [part(one), part(two)], bad: part(used) }
    },
  },
  {
    name: 'addresses taken down, one of them twice',
    refused: 'state',
    make: async () => {
      const { record } = await site.first.operations.allocateAddress(ann, {})
      const address = record.id
      const compute = await machine()
      await site.first.operations.associateAddress(ann, { address, compute, former: 'stays' })
      const down: Part = { do: 'level', order: { address, up: false } }
      return { good: [down], bad: down }
    },
  },
  {
    name: 'networks taken down, one of them with a machine',
    refused: 'in-use',
    make: async () => {
      const network = async () => (await site.first.operations.createNetwork(ann, {})).id
      const [one, used] = [await network(), await network()]
      await site.first.operations.runComputes(ann, { minCount: 1, maxCount: 1, interfaces: [{ network: used }] })
      const part = (id: NetworkId): Part => ({ do: 'changeNetwork', order: { network: id, up: false } })
      return { good: [part(one)], bad: part(used) }
    },
  },
  {
    name: 'groups made, two of one name',
    refused: 'exists',
    make: async () => {
      const part = (name: string): Part => ({ do: 'createGroup', order: { name, description: 'x' } })
      const name = fresh('made')
      return { good: [part(name), part(fresh('made'))], bad: part(name) }
    },
  },
  {
    name: 'images made of machines, two of one name',
    refused: 'exists',
    make: async () => {
      const part = (compute: ComputeId, name: string): Part => ({ do: 'save', order: { compute, name } })
      const [one, two] = [await machine(), await machine()]
      const name = fresh('saved')
      return { good: [part(one, name), part(two, fresh('saved'))], bad: part(two, name) }
    },
  },
  {
    name: 'machines given another size, one of them running',
    refused: 'unsupported',
    make: async () => {
      const [one, two, running] = [await machine(), await machine(), await machine()]
      await site.probeHosts(LARGE, { lacks: [{ verb: 'resize', because: 'it cannot' }] })
      for (const id of [one, two]) await turnedOff(id)
      const part = (id: ComputeId): Part => ({ do: 'update', order: { id, update: { size: { cores: 2 } } } })
      return { good: [part(one), part(two)], bad: part(running) }
    },
  },
]

async function turnedOff(id: ComputeId): Promise<void> {
  await site.first.operations.setPower(ann, { ids: [id], to: 'off', already: 'accept' })
  await site.observe(id, ({ seen }) => ({
    seen: { ...seen, machine: seen.machine && { ...seen.machine, domain: 'off' } },
  }))
}

describe.each(SORTS)('$name', ({ make, refused }) => {
  test('a refusal in the middle changes nothing; without it all of it is there, by one script', async () => {
    const { good, bad } = await make()
    const before = await everything()
    const middle = [...good.slice(0, 1), bad, ...good.slice(1)]
    const wrong = refused === 'exists' || refused === 'in-use' ? [...good, bad] : middle
    await expect(together(wrong)).rejects.toMatchObject({ kind: refused })
    expect(await everything()).toEqual(before)
    const { gateway, calls } = await counting()
    await together(good, gateway)
    expect(calls()).toBe(1)
    expect(await everything()).not.toEqual(before)
  })

  test('killed before the script there is nothing, after it all, and the same again is the same', async () => {
    const { good } = await make()
    const before = await everything()
    const killed = await site.another((store) => ({
      ...store,
      change: async () => {
        throw fault('unavailable', 'the gateway is gone')
      },
    }))
    await expect(together(good, killed)).rejects.toMatchObject({ kind: 'unavailable' })
    expect(await everything()).toEqual(before)
    const deaf = await site.another(losingFirstReply)
    await together(good, deaf)
    const after = await everything()
    expect(after).not.toEqual(before)
    const generations = new Map(before.map(([id, generation]) => [id, generation]))
    for (const [id, generation] of after) expect(generation - (generations.get(id) ?? 0)).toBeLessThanOrEqual(1)
  })
})

async function counting(): Promise<{ readonly gateway: TestGateway; calls(): number }> {
  let count = 0
  const gateway = await site.another((store) => ({
    ...store,
    change: (...words) => {
      count += 1
      return store.change(...words)
    },
  }))
  return { gateway, calls: () => count }
}

/** The script runs, and nobody hears of it. */
function losingFirstReply(store: Store): Store {
  let lost = false
  return {
    ...store,
    async change(...words) {
      const came = await store.change(...words)
      if (lost) return came
      lost = true
      throw fault('unavailable', 'the reply was lost')
    },
  }
}

test('one that moves between the reading and the writing has all of it decided again', async () => {
  const [one, two] = [await machine(), await machine()]
  let moved = false
  const raced = await site.another((store) => ({
    ...store,
    async change(...words) {
      if (!moved) {
        moved = true
        await site.second.operations.updateCompute(ann, two, { title: 'meanwhile' })
      }
      return store.change(...words)
    },
  }))
  const connect = (compute: ComputeId): Part => ({ do: 'connect', order: { compute, network: back } })
  await together([connect(one), connect(two), connect(one)], raced)
  expect((await stored(one)).wish.interfaces.map(({ device }) => device)).toEqual(['eth0', 'eth1', 'eth2'])
  expect((await stored(two)).wish).toMatchObject({ title: 'meanwhile', interfaces: [{}, { device: 'eth1' }] })
})

test('a machine that comes to a group or a network while it is deleted keeps it: that is refused then', async () => {
  const { operations } = site.second
  const { id: group } = await operations.createGroup(ann, { name: 'raced', description: 'x' })
  const { id: network } = await operations.createNetwork(ann, {})
  const racing = async (order: Parameters<typeof operations.runComputes>[1]) => {
    let came = false
    return site.another((store) => ({
      ...store,
      async change(...words) {
        if (!came) {
          came = true
          await site.second.operations.runComputes(ann, order)
        }
        return store.change(...words)
      },
    }))
  }
  const one = { minCount: 1, maxCount: 1 }
  const withGroup = await racing({ ...one, groups: [group as SecurityGroupId] })
  await expect(withGroup.operations.deleteGroups(ann, { ids: [group] })).rejects.toMatchObject({ kind: 'in-use' })
  const onNetwork = await racing({ ...one, interfaces: [{ network }] })
  const down = onNetwork.operations.changeNetwork(ann, { network, up: false })
  await expect(down).rejects.toMatchObject({ kind: 'in-use' })
  expect((await site.store.read('network', network))?.wish).toMatchObject({ exists: true, up: true })
})

test('groups that name each other go together, and neither goes alone', async () => {
  const { operations } = site.first
  const make = async (name: string) => (await operations.createGroup(ann, { name, description: 'x' })).id
  const [one, two] = [await make('mutual-one'), await make('mutual-two')]
  const naming = (id: SecurityGroupId, other: SecurityGroupId) => {
    const to = { protocol: 'tcp', ports: { from: 22, to: 22 }, peer: { group: other } } as const
    const rule = { direction: 'in', description: null, ...to } as const
    return operations.changeRules(ann, { id, change: { how: 'exactly', rules: [rule] } })
  }
  await naming(one, two)
  await naming(two, one)
  await expect(operations.deleteGroups(ann, { ids: [one] })).rejects.toMatchObject({ kind: 'in-use' })
  await operations.deleteGroups(ann, { ids: [one, two] })
  expect(await site.store.readMany('securitygroup', [one, two])).toEqual([undefined, undefined])
})

test('machines on one host are given sizes that fit there together, or none is', async () => {
  const [one, two] = [await machine(), await machine()]
  await site.probeHosts(LARGE)
  for (const id of [one, two]) await turnedOff(id)
  const { place } = await stored(one)
  expect((await stored(two)).place.host).toBe(place.host)
  const resized = (memoryMiB: number): readonly Part[] =>
    [one, two].map((id) => ({ do: 'update', order: { id, update: { size: { memoryMiB } } } }))
  await expect(together(resized(40_000))).rejects.toMatchObject({ kind: 'no-capacity' })
  expect((await stored(one)).wish.size.memoryMiB).not.toBe(40_000)
  await together(resized(2048))
  expect([(await stored(one)).wish.size.memoryMiB, (await stored(two)).wish.size.memoryMiB]).toEqual([2048, 2048])
})

test('machines beyond what the project may have are refused by its limit, and none is made', async () => {
  const { caller } = await site.project('narrow', { instances: 2 })
  const run: Part = { do: 'run', order: { minCount: 1, maxCount: 1 } }
  await expect(site.first.operations.together(caller, [run, run, run])).rejects.toMatchObject({
    kind: 'quota',
    detail: { field: 'instances' },
  })
  expect(await site.first.operations.listComputes(caller)).toEqual([])
  await expect(site.first.operations.together(caller, [run, run])).resolves.toHaveLength(2)
})

test('more than a thousand are too many, and nothing is changed', async () => {
  const parts = Array.from(
    { length: 1001 },
    (): Part => ({ do: 'createGroup', order: { name: 'x', description: 'x' } }),
  )
  const refused = await together(parts).catch(asFault)
  expect(refused).toMatchObject({ kind: 'too-large' })
  expect((await site.first.operations.listGroups(ann)).some(({ wish }) => wish.name === 'x')).toBe(false)
})

test('a thousand are one script', async () => {
  const { caller } = await site.project('many', { addresses: 2000 })
  const { gateway, calls } = await counting()
  const leases = Array.from({ length: 200 }, (): Part => ({ do: 'allocate', order: {} }))
  const made = await gateway.operations.together(caller, leases)
  expect(made).toHaveLength(200)
  const listed = await gateway.operations.listAddresses(caller)
  expect(new Set(listed.map(({ record }) => record.wish.ip)).size).toBe(200)
  await gateway.operations.together(
    caller,
    listed.map(({ record }): Part => ({ do: 'release', order: record.id })),
  )
  expect(calls()).toBe(2)
  expect(await site.first.operations.listAddresses(caller)).toEqual([])
})

test('places of one reservation are not there for the next one of the same request', async () => {
  await site.probeHosts(LARGE)
  const { operations } = site.first
  const [{ name: zone } = { name: '' }] = await operations.listZones(ann)
  const order = { type: 't2.nano', zone, startsAt: site.clock.now() + 3_600_000, endsAt: site.clock.now() + 7_200_000 }
  const fits = (count: number) =>
    operations.createReservation(ann, { ...order, count, dryRun: true }).then(
      () => true,
      () => false,
    )
  let most = 1
  while (await fits(most + 1)) most += 1
  const part = (count: number): Part => ({ do: 'reserve', order: { ...order, count } })
  const reserved = async () => (await operations.listReservations(ann)).length
  const before = await reserved()
  await expect(together([part(most), part(1)])).rejects.toMatchObject({ kind: 'no-capacity' })
  expect(await reserved()).toBe(before)
  await together([part(most - 1), part(1)])
  expect(await reserved()).toBe(before + 2)
})
