/** Tokens, lost replies, limits: what must happen once, and only as often as allowed. */
import { randomUUID } from 'node:crypto'
import { fault } from '../../../src/faults'
import type { Caller } from '../../../src/operations/context'
import type { RunOrder } from '../../../src/operations/operations'
import type { Store } from '../../../src/store/store'
import { type Gateways, OPERATOR, startGateways, type TestGateway } from '../../support/gateways'
import { startRedis, type TestRedis } from '../../support/redis'

let redis: TestRedis
let site: Gateways
let ann: Caller

beforeAll(async () => {
  redis = await startRedis()
  site = await startGateways(redis)
  ann = (await site.project('ann')).caller
})
afterAll(async () => {
  await site.close()
  await redis.stop()
})

const names = (ran: { readonly computes: readonly { readonly wish: { readonly name: string } }[] }) =>
  ran.computes.map(({ wish }) => wish.name)

describe('a client token', () => {
  const order = (token: string, parts: Partial<RunOrder> = {}): RunOrder => ({
    minCount: 2,
    maxCount: 2,
    token: { token, digest: 'd1' },
    ...parts,
  })

  it('gets the first answer again, from any gateway', async () => {
    const first = await site.first.operations.runComputes(ann, order('t1'))
    const again = await site.second.operations.runComputes(ann, order('t1'))
    expect(first.repeated).toBe(false)
    expect(again.repeated).toBe(true)
    expect(names(again)).toEqual(names(first))
  })

  it('tells by itself what it was answered with', async () => {
    const told = (token: string, digest = 'd1', caller = ann) =>
      site.second.operations.ranBefore(caller, { token, digest })
    const first = await site.first.operations.runComputes(ann, order('t1b'))
    expect((await told('t1b'))?.map(({ id }) => id)).toEqual(first.computes.map(({ id }) => id))
    await expect(told('t1b', 'd2')).rejects.toMatchObject({ kind: 'idempotency' })
    expect(await told('new')).toBeUndefined()
    expect((await site.first.operations.runComputes(ann, order('new'))).repeated).toBe(false)
  })

  it('with other parameters is a mismatch', async () => {
    await site.first.operations.runComputes(ann, order('t2'))
    const other = order('t2', { token: { token: 't2', digest: 'd2' } })
    await expect(site.second.operations.runComputes(ann, other)).rejects.toMatchObject({ kind: 'idempotency' })
  })

  it('sent many times at once makes its machines once', async () => {
    const asked = Array.from({ length: 10 }, (_, index) =>
      (index % 2 ? site.first : site.second).operations.runComputes(ann, order('t3')),
    )
    const answers = await Promise.all(asked)
    expect(new Set(answers.map((ran) => names(ran).join())).size).toBe(1)
    expect(answers.filter((ran) => !ran.repeated)).toHaveLength(1)
    const all = await site.first.operations.listComputes(ann)
    expect(all.filter(({ wish }) => wish.clientToken === 't3')).toHaveLength(2)
  })

  it('is another project’s own', async () => {
    const { caller: bob } = await site.project('bob')
    const mine = await site.first.operations.runComputes(ann, order('t4'))
    const his = await site.first.operations.runComputes(bob, order('t4'))
    expect(his.repeated).toBe(false)
    expect(names(his)).not.toEqual(names(mine))
  })

  it('is answered even when the order could no longer be had', async () => {
    const { caller } = await site.project('tight', { instances: 2 })
    const first = await site.first.operations.runComputes(caller, order('t5', { zone: `${site.site}a` }))
    for (const name of ['sim-1', 'sim-5']) await site.first.operations.setHostEnabled(OPERATOR, name, false)
    const again = await site.second.operations.runComputes(caller, order('t5', { zone: `${site.site}a` }))
    expect(names(again)).toEqual(names(first))
    await expect(
      site.second.operations.runComputes(caller, order('t6', { zone: `${site.site}a` })),
    ).rejects.toMatchObject({ kind: 'no-capacity' })
    for (const name of ['sim-1', 'sim-5']) await site.first.operations.setHostEnabled(OPERATOR, name, true)
  })

  it.each([
    ['the same parameters', 'd1'],
    ['other parameters', 'd2'],
  ])('for machines that begins as those for volumes do is not one of theirs, with %s', async (_name, digest) => {
    const { caller } = await site.project(`apart-${digest}`)
    const machines = (gateway: TestGateway) => gateway.operations.runComputes(caller, order('volume/x'))
    const volume = (gateway: TestGateway) =>
      gateway.operations.createStorage(caller, { sizeGiB: 1, zone: `${site.site}a`, token: { token: 'x', digest } })
    const ran = await machines(site.first)
    const made = await volume(site.first)
    expect((await volume(site.second)).id).toBe(made.id)
    const again = await machines(site.second)
    expect(again.repeated).toBe(true)
    expect(names(again)).toEqual(names(ran))
  })

  it.each(['t9', 'volumes/t9', 'of/volume/t9', 'volume'])(
    'for machines that does not is kept as it is: %s',
    async (token) => {
      await site.first.operations.runComputes(ann, order(token))
      const { actor, project } = ann
      const known = { operationId: randomUUID(), actor, what: 'look', token: { project, token, digest: '' } }
      expect(await site.store.change(known, site.clock.now())).toMatchObject({ state: 'token', digest: 'd1' })
    },
  )

  it('says so once its machines are forgotten', async () => {
    const { caller } = await site.project('gone')
    const { computes } = await site.first.operations.runComputes(caller, order('t8'))
    for (const { id } of computes) {
      const claim = await site.store.claim('compute', id, site.clock.now())
      if (claim) await site.store.forget(claim, [], site.clock.now())
    }
    const again = site.second.operations.runComputes(caller, order('t8'))
    await expect(again).rejects.toMatchObject({ kind: 'idempotency', detail: { reason: 'terminated' } })
  })

  it('that was refused may be sent again', async () => {
    const { caller, project } = await site.project('poor', { instances: 1 })
    await expect(site.first.operations.runComputes(caller, order('t7'))).rejects.toMatchObject({ kind: 'quota' })
    const smaller = order('t7', { minCount: 1, maxCount: 1, token: { token: 't7', digest: 'd2' } })
    expect((await site.first.operations.runComputes(caller, smaller)).repeated).toBe(false)
    expect(await site.store.counters(project.id)).toMatchObject({ instances: 1 })
  })
})

describe('a lost reply', () => {
  /** Loses the replies of the first `times` wishes after they were written. */
  const losing =
    (times: number, when: 'before' | 'after') =>
    (store: Store): Store => {
      let left = times
      return {
        ...store,
        change: async (change, now) => {
          if (left-- <= 0) return store.change(change, now)
          if (when === 'after') await store.change(change, now)
          throw fault('unavailable', 'the store does not answer')
        },
      }
    }

  it.each([
    ['after the script ran', 'after', 1],
    ['twice after the script ran', 'after', 2],
    ['before the script ran', 'before', 2],
  ] as const)('%s: the machine is there once, and the answer names it', async (_name, when, times) => {
    const { caller, project } = await site.project(`lost-${when}-${times}`)
    const gateway = await site.another(losing(times, when))
    const ran = await gateway.operations.runComputes(caller, { minCount: 3, maxCount: 3 })
    const listed = await site.second.operations.listComputes(caller)
    expect(listed.map(({ wish }) => wish.name).sort()).toEqual([...names(ran)].sort())
    expect(await site.store.counters(project.id)).toMatchObject({ instances: 3 })
  })

  it('does not order a restart twice', async () => {
    const { caller } = await site.project('lost-restart')
    const [record] = (await site.first.operations.runComputes(caller, { minCount: 1, maxCount: 1 })).computes
    if (!record) throw new Error('no machine')
    await site.run(record.id)
    const gateway = await site.another(losing(1, 'after'))
    await gateway.operations.restartComputes(caller, { ids: [record.id], how: 'warm' })
    expect((await site.first.operations.getCompute(caller, record.id)).wish.boots).toBe(1)
  })

  it('that goes on is told', async () => {
    const { caller } = await site.project('lost-ever')
    const gateway = await site.another(losing(100, 'before'))
    await expect(gateway.operations.runComputes(caller, { minCount: 1, maxCount: 1 })).rejects.toMatchObject({
      kind: 'unavailable',
    })
  })
})

describe('a project’s limits', () => {
  it('give as many machines as fit between least and most', async () => {
    const { caller, project } = await site.project('five', { instances: 5 })
    const { computes } = await site.first.operations.runComputes(caller, { minCount: 2, maxCount: 9 })
    expect(computes).toHaveLength(5)
    expect(await site.store.counters(project.id)).toEqual({
      instances: 5,
      cores: 5,
      memoryMiB: 5 * 512,
      volumeGiB: 5 * 8,
    })
    await expect(site.second.operations.runComputes(caller, { minCount: 1, maxCount: 1 })).rejects.toMatchObject({
      kind: 'quota',
      detail: { field: 'instances' },
    })
  })

  it.each([
    ['cores', { cores: 7 }, 3],
    ['memoryMiB', { memoryMiB: 8192 * 2 + 1 }, 2],
    ['volumeGiB', { volumeGiB: 39 }, 4],
  ] as const)('count %s', async (field, quota, most) => {
    const { caller } = await site.project(`limit-${field}`, quota)
    const order = { minCount: 1, maxCount: 10, type: 'm5.large' }
    expect((await site.first.operations.runComputes(caller, order)).computes).toHaveLength(most)
    await expect(site.first.operations.runComputes(caller, order)).rejects.toMatchObject({
      kind: 'quota',
      detail: { field },
    })
  })

  it('give none when the least does not fit, also in a dry run', async () => {
    const { caller, project } = await site.project('three', { instances: 3 })
    for (const dryRun of [false, true])
      await expect(
        site.first.operations.runComputes(caller, { minCount: 4, maxCount: 9, dryRun }),
      ).rejects.toMatchObject({ kind: 'quota' })
    expect(await site.store.counters(project.id)).toEqual({})
  })

  it('are never passed by orders at the same time', async () => {
    const { caller, project } = await site.project('racing', { instances: 20 })
    const asked = Array.from({ length: 16 }, (_, index) =>
      (index % 2 ? site.first : site.second).operations.runComputes(caller, { minCount: 1, maxCount: 3 }),
    )
    const results = await Promise.allSettled(asked)
    const made = results.flatMap((result) => (result.status === 'fulfilled' ? result.value.computes : []))
    expect(made).toHaveLength(20)
    expect(await site.store.counters(project.id)).toMatchObject({ instances: 20 })
    for (const result of results)
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ kind: 'quota' })
  })
})

describe('what could never be placed', () => {
  it('is refused, by what hosts have and not by what is free', async () => {
    await site.probeHosts({ cpuHundredths: 400, memoryMiB: 8192, diskGiB: 100 })
    const { operations } = site.first
    const { caller } = await site.project('large')
    await expect(
      operations.runComputes(caller, { minCount: 1, maxCount: 1, cores: 5, memoryMiB: 512 }),
    ).rejects.toMatchObject({ kind: 'no-capacity' })
    await expect(
      operations.runComputes(caller, { minCount: 1, maxCount: 1, type: 'm5.xlarge', dryRun: true }),
    ).rejects.toMatchObject({ kind: 'no-capacity' })
    // More than all hosts have together only waits.
    expect(
      (await operations.runComputes(caller, { minCount: 50, maxCount: 50, type: 'm5.large' })).computes,
    ).toHaveLength(50)
  })
})

describe('addresses', () => {
  it('that are taken are stepped over; a full network says so', async () => {
    const { caller } = await site.project('addresses')
    const { first, store } = site
    const network = first.operations.defaults().network
    if (!network) throw new Error('no network')
    const hash = `leases:${network.id}`
    const start = await store.advance(hash, 0)
    const taken = Array.from(
      { length: 2000 },
      (_, index) => `10.0.${Math.floor((start + index + 2) / 256)}.${(start + index + 2) % 256}`,
    )
    const operationId = 'f'.repeat(8)
    await store.change(
      {
        operationId,
        actor: OPERATOR.actor,
        what: 'take',
        takes: taken.map((field) => ({ hash, field, value: 'test:1' })),
      },
      site.clock.now(),
    )
    const { computes } = await first.operations.runComputes(caller, { minCount: 5, maxCount: 5 })
    expect(computes).toHaveLength(5)
    for (const { wish } of computes) expect(taken).not.toContain(wish.interfaces[0]?.address)
  })
})
