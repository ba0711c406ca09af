/** Whatever changes, by whichever gateway: a listing that is kept and mended is what a plain reading of all records renders. */
import fc from 'fast-check'
import { dispatch } from '../../src/ec2/dispatch'
import { textOf } from '../../src/fragments/body'
import type { ComputeRecord } from '../../src/model/records'
import { openModel } from '../../src/occi/model'
import { json } from '../../src/occi/render/json'
import type { Rendering } from '../../src/occi/render/rendering'
import { textPlain } from '../../src/occi/render/text-plain'
import { computeMembers } from '../../src/occi/routes/compute-members'
import type { Caller } from '../../src/operations/context'
import type { Operations } from '../../src/operations/operations'
import { Shelf } from '../../src/store/shelf'
import { type Gateways, startGateways, type TestGateway } from '../support/gateways'
import { startRedis, type TestRedis } from '../support/redis'

let redis: TestRedis
beforeAll(async () => {
  redis = await startRedis()
})
afterAll(() => redis.stop())

const model = openModel()

async function ec2(operations: Operations, caller: Caller): Promise<string> {
  const context = { operations, caller, region: 'local-1', endpoint: '127.0.0.1' }
  const { body } = await dispatch([['Action', 'DescribeInstances']], context, 'r-1')
  return textOf(body)
}

async function occi(rendering: Rendering, operations: Operations, caller: Caller): Promise<string> {
  const front = { operations, model, catalogue: () => Promise.reject(new Error('no listing of computes needs it')) }
  const members = await computeMembers(front, { caller })
  return textOf(rendering.collection(members, { base: 'http://here', version: '1.2' }).body)
}

const LISTINGS: readonly ((operations: Operations, caller: Caller) => Promise<string>)[] = [
  ec2,
  (operations, caller) => occi(json, operations, caller),
  (operations, caller) => occi(textPlain, operations, caller),
]

/** Operations that read all records each time and know nothing of any listing before. */
async function plain({ store, first }: Gateways, caller: Caller): Promise<Operations> {
  const shelf = new Shelf()
  for (const record of await store.readAll('compute')) shelf.put(record)
  return { ...first.operations, listComputes: async () => [...shelf.list('compute', caller.project)] }
}

async function compare(gateways: Gateways, caller: Caller): Promise<void> {
  const truth = await plain(gateways, caller)
  for (const list of LISTINGS) {
    const expected = await list(truth, caller)
    for (const { operations } of [gateways.first, gateways.second])
      expect(await list(operations, caller)).toBe(expected)
  }
}

type Step = (gateway: TestGateway, gateways: Gateways, caller: Caller, at: number) => Promise<unknown>

/** One of the living machines. */
async function oneOf({ operations }: TestGateway, caller: Caller, at: number): Promise<ComputeRecord | undefined> {
  const all = (await operations.listComputes(caller)).filter(({ wish }) => wish.exists)
  return all[at % Math.max(1, all.length)]
}

const onOne =
  (
    change: (
      gateway: TestGateway,
      machine: ComputeRecord,
      caller: Caller,
      at: number,
      gateways: Gateways,
    ) => Promise<unknown>,
  ): Step =>
  async (gateway, gateways, caller, at) => {
    const machine = await oneOf(gateway, caller, at)
    if (machine) await change(gateway, machine, caller, at, gateways)
  }

const order: Step = ({ operations }, _gateways, caller, at) =>
  operations.runComputes(caller, { minCount: 1, maxCount: 1 + (at % 20), type: 't2.nano', tags: { at: String(at) } })

const STEPS: readonly Step[] = [
  order,
  onOne(({ operations }, { id }, caller, at) =>
    operations.tagResources(caller, { refs: [{ kind: 'compute', id }], set: { name: `ü<${at}>` } }),
  ),
  onOne(({ operations }, { id }, caller, at) => operations.updateCompute(caller, id, { title: `title ${at}` })),
  onOne(({ operations }, { id }, caller) => operations.deleteComputes(caller, { ids: [id] })),
  onOne((_gateway, { id, place }, _caller, _at, gateways) =>
    place.host === null
      ? gateways.run(id)
      : gateways.observe(id, ({ seen }) => ({ seen: { ...seen, contact: 'lost' } })),
  ),
  // Something else of the project's, which is shown beside machines.
  async ({ operations }, _gateways, caller, at) =>
    operations.addMixins(caller, [
      {
        scheme: `http://example.com/${at}#`,
        term: 'blue',
        title: null,
        location: `/blue-${at}/`,
        depends: [],
        applies: [],
      },
    ]),
  // A record that ends for good.
  onOne(async (_gateway, { id }, _caller, _at, { store, clock }) => {
    const claim = await store.claim('compute', id, clock.now())
    if (claim) await store.forget(claim, [], clock.now())
  }),
]

test('after any changes by any gateway every listing is what all records render', async () => {
  const gateways = await startGateways(redis)
  const { caller } = await gateways.project('ann')
  await order(gateways.first, gateways, caller, 19)
  await order(gateways.first, gateways, caller, 39)
  const steps = fc.array(fc.record({ what: fc.nat(STEPS.length - 1), by: fc.nat(1), at: fc.nat(1_000) }), {
    minLength: 1,
    maxLength: 8,
  })
  try {
    await fc.assert(
      fc.asyncProperty(steps, async (changes) => {
        for (const { what, by, at } of changes) {
          gateways.clock.at += 1
          await STEPS[what]?.(by === 0 ? gateways.first : gateways.second, gateways, caller, at)
          await compare(gateways, caller)
        }
      }),
      { numRuns: 6 },
    )
  } finally {
    await gateways.close()
  }
})
