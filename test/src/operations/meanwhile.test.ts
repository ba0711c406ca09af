/** What is decided on records that change before it is written, and what an operator resumes. */
import { randomUUID } from 'node:crypto'
import { lifecycle } from '../../../src/model/lifecycle'
import type { ProjectRecord } from '../../../src/model/records'
import type { Operations } from '../../../src/operations/operations'
import type { Change } from '../../../src/store/store'
import { type Gateways, OPERATOR, startGateways } from '../../support/gateways'
import { startRedis, type TestRedis } from '../../support/redis'

let redis: TestRedis
let site: Gateways
let operations: Operations
let other: Operations

beforeAll(async () => {
  redis = await startRedis()
})
afterAll(async () => {
  await redis.stop()
})
beforeEach(async () => {
  site = await startGateways(redis)
  operations = site.first.operations
  other = site.second.operations
})
afterEach(async () => {
  await site.close()
})

const one = { minCount: 1, maxCount: 1 }

/** As an operator's change of the limits would: the project's wish is another one then. */
async function limit({ id, wish }: ProjectRecord, instances: number): Promise<void> {
  const now = await site.store.read('project', id)
  const update = {
    ref: { kind: 'project', id } as const,
    project: id,
    generation: now?.generation ?? 0,
    wish: { ...wish, quota: { ...wish.quota, instances } },
    raisePhase: false,
    wake: false,
  }
  const change = { operationId: randomUUID(), actor: OPERATOR.actor, what: 'set-quota', updates: [update] }
  expect(await site.store.change(change, site.clock.now())).toMatchObject({ state: 'done' })
}

const machinesIn = ({ creates = [] }: Change): number => creates.filter(({ ref }) => ref.kind === 'compute').length

describe('what a change rests on', () => {
  it('an order that was checked against limits that changed meanwhile is checked again', async () => {
    const { caller, project } = await site.project('ann', { instances: 5 })
    const tries: number[] = []
    const late = await site.another((store) => ({
      ...store,
      change: async (change, now) => {
        if (change.what === 'run-computes' && tries.push(machinesIn(change)) === 1) await limit(project, 1)
        return store.change(change, now)
      },
    }))
    const { computes } = await late.operations.runComputes(caller, { minCount: 1, maxCount: 3 })
    expect(tries[0]).toBe(3)
    expect(computes).toHaveLength(1)
    expect(await site.store.counters(project.id)).toMatchObject({ instances: 1 })
  })

  it('a user or key that is added while all is removed leaves nothing behind', async () => {
    await site.project('ann')
    const purged: { readonly done: boolean }[] = []
    const late = await site.another((store) => ({
      ...store,
      change: async (change, now) => {
        if (purged.length === 0) purged.push(await other.purgeProject(OPERATOR, 'ann'))
        return store.change(change, now)
      },
    }))
    await expect(late.operations.addUser(OPERATOR, { project: 'ann', name: 'late' })).rejects.toMatchObject({
      kind: 'not-found',
    })
    expect(purged).toEqual([{ left: 0, done: true }])
    expect(await site.store.readAll('user')).toEqual([])
  })

  it('a key that is added while its user is removed goes with the user', async () => {
    await site.project('ann')
    const added: string[] = []
    const late = await site.another((store) => ({
      ...store,
      change: async (change, now) => {
        if (change.what === 'remove-user' && added.length === 0)
          added.push((await other.addKey(OPERATOR, { user: 'ann' })).accessKeyId)
        return store.change(change, now)
      },
    }))
    await late.operations.removeUser(OPERATOR, 'ann')
    expect(added).toHaveLength(1)
    expect(await site.store.readAll('key')).toEqual([])
  })
})

describe('a machine that failed and has no place', () => {
  it.each([
    ['on', 'pending'],
    ['off', 'undeployed'],
  ] as const)('wanted %s: resumed, it waits for one', async (power, state) => {
    const { caller } = await site.project('ann')
    const { computes } = await operations.runComputes(caller, one)
    const [machine] = computes
    if (!machine) throw new Error('no machine')
    const { id, project, generation, wish } = machine
    const update = { ref: { kind: 'compute', id } as const, project, generation, wish: { ...wish, power } }
    const off = { operationId: randomUUID(), actor: OPERATOR.actor, what: 'power', stopWaiting: [id] }
    const wished = { ...off, updates: [{ ...update, raisePhase: true, wake: false }] }
    expect(await site.store.change(wished, site.clock.now())).toMatchObject({ state: 'done' })
    await site.observe(id, ({ journal }) => ({ journal: { ...journal, failed: { message: 'no', at: 5, retries: 0 } } }))
    expect(lifecycle(await operations.findCompute(OPERATOR, id))).toBe('failed')
    expect(lifecycle(await operations.resumeStuck(OPERATOR, id))).toBe(state)
    expect(await site.store.waiting(10)).toEqual([id])
  })
})
