/** Volumes on shared storage go where their machine is: when, and when not. */
import type { ComputeId, HostId } from '../../../../src/model/ids'
import type { ComputePlace, ComputeRecord, HostRecord } from '../../../../src/model/records'
import type { Holder, StorageIntent } from '../../../../src/model/storage'
import { followed } from '../../../../workers/reconcile/storage/follow'
import type { Work } from '../../../../workers/reconcile/work'
import { computeRecord, noPlace, placed, sighting } from '../../../support/compute-record'
import { hostRecord } from '../../../support/host-record'
import { type StorageParts, storageRecord } from '../../../support/storage-record'

const NAME = 'vol-00000000000000001'
const at = (host: string | null): ComputePlace => ({ ...noPlace, ...placed, host: host as HostId | null })
const holder = (id: string): Holder => ({
  compute: id as ComputeId,
  computeName: 'i-1',
  device: '/dev/sdf',
  deleteOnTermination: false,
  since: 1,
  mountpoint: null,
})
const intent = (outcome: StorageIntent['outcome']): StorageIntent => ({
  ...{ key: 'k', step: 'disk', direction: 'up', attempt: 1, host: 'host-1' as HostId, at: 1, sizeGiB: 10 },
  outcome,
})
const backend = { name: 'nfs', kind: 'shared', pool: 'nfs-1', totalGiB: 100, freeGiB: 50, clone: 'copy' } as const

interface World {
  readonly volume?: StorageParts
  readonly compute?: Partial<ComputeRecord>
  readonly former?: ComputeRecord
  /** It is not on shared storage. */
  readonly alone?: true
  readonly backends?: HostRecord['seen']['backends']
}
/** On host-1, wanted by a machine on host-2, unless said otherwise. */
async function goes({
  volume = {},
  compute = {},
  former,
  alone,
  backends = [backend],
}: World): Promise<string | undefined> {
  const record = storageRecord({
    wish: { holder: holder('c-2'), former: former ? holder('c-1') : null, ...volume.wish },
    seen: { sizeGiB: 10, madeAt: 1, ...(alone ? {} : { pool: 'nfs-1' }), ...volume.seen },
    place: { host: 'host-1' as HostId, ...volume.place },
    journal: { intent: intent('done'), ...volume.journal },
  })
  const machine: ComputeRecord = { ...computeRecord({ place: at('host-2') }), ...compute }
  const host = hostRecord('host-2', { seen: { ...(backends ? { backends } : {}) } })
  const read = async (kind: string, id: string) => (kind === 'host' ? host : id === 'c-1' ? former : machine)
  return (await followed({ store: { read } } as unknown as Work, record))?.id
}
const holding = (host: string | null): ComputeRecord => {
  const machine = { ...sighting('running'), disks: [{ name: NAME, sizeGiB: 10, attached: true, pool: 'nfs-1' }] }
  return computeRecord({ place: at(host), seen: { machine } })
}

test('it goes to the host of its machine', async () => {
  expect(await goes({})).toBe('host-2')
  expect(await goes({ volume: { journal: { intent: null } } })).toBe('host-2')
})

test.each<[string, World]>([
  ['on its host alone', { volume: { seen: { sizeGiB: 10 } }, alone: true }],
  ['deleted', { volume: { wish: { exists: false } } }],
  ['free', { volume: { wish: { holder: null } } }],
  ['nowhere yet', { volume: { place: { host: null } } }],
  ['there already', { compute: { place: at('host-1') } }],
  ['of a machine without a place', { compute: { place: at(null) } }],
  ['with an effect that may be under way', { volume: { journal: { intent: intent('open') } } }],
  ['with an effect under way', { volume: { journal: { intent: intent('running') } } }],
  ['that its former machine may still have', { former: holding('host-1') }],
  ['to a host without its storage', { backends: [{ ...backend, pool: 'nfs-2' }] }],
  ['to a host where its storage is away', { backends: [{ ...backend, away: true }] }],
])('it stays where it is: %s', async (_why, world) => expect(await goes(world)).toBeUndefined())

test('a former machine that let go of it, or is on the same host, holds up nothing', async () => {
  expect(await goes({ former: computeRecord({ place: at('host-1') }) })).toBe('host-2')
  expect(await goes({ former: holding('host-2') })).toBe('host-2')
})
