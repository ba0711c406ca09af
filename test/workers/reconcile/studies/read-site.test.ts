import type { ComputeRecord } from '../../../../src/model/records'
import { readSite } from '../../../../workers/reconcile/studies/read-site'
import type { Work } from '../../../../workers/reconcile/work'
import { computeRecord } from '../../../support/compute-record'
import { providerRecord, THEIR_IMAGE } from '../../../support/provider-record'

const machine = (at: number, own: object = {}): ComputeRecord =>
  computeRecord({ id: `m${at}`, wish: { image: THEIR_IMAGE, createdAt: 9 - at, placement: { own } } as never })

/** A site with a provider, over a store that has these, queued in this order. */
function workWith(machines: readonly ComputeRecord[]): Work {
  const records: Record<string, readonly unknown[]> = { host: [providerRecord('p1')], compute: machines }
  const store = {
    readAll: async (kind: string) => records[kind] ?? [],
    readMany: async (_kind: string, ids: readonly string[]) => ids.map(() => undefined),
    waiting: async () => machines.map(({ id }) => id),
    kept: {
      hosts: async () => records.host,
      claims: async (ids: readonly string[]) => ids.map((host) => ({ host, revision: 0, claims: {} })),
    },
    groupRevisions: async (ids: readonly string[]) => ids.map(() => 0),
  }
  return { store, clock: { now: () => 1 } } as unknown as Work
}

test('machines that wait are asked of as placement does: what providers ask is in it', async () => {
  const { waiting } = await readSite(workWith([machine(1)]))
  expect(waiting).toMatchObject([{ demand: { burst: { image: THEIR_IMAGE, patienceMs: 0 } } }])
})

test('they come in the order of their turn: by priority, then as they are queued', async () => {
  const { waiting } = await readSite(workWith([machine(1), machine(2), machine(3, { priority: 5 })]))
  expect(waiting.map(({ record }) => record.id)).toEqual(['m3', 'm1', 'm2'])
})
