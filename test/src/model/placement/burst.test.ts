import type { NetworkId, ProjectId } from '../../../../src/model/ids'
import { burstDemand } from '../../../../src/model/placement'
import type { NetworkRecord, ProjectRecord } from '../../../../src/model/records'
import type { StorageRecord, VolumeWish } from '../../../../src/model/storage'
import { computeRecord } from '../../../support/compute-record'
import { hostRecord } from '../../../support/host-record'
import { providerRecord } from '../../../support/provider-record'
import { storageRecord } from '../../../support/storage-record'

const NOW = 1_800_000_000_000
const HERE = hostRecord('1')
const sight = (parts: Partial<Parameters<typeof burstDemand>[1]> = {}) => ({
  hosts: [HERE, providerRecord('9', { burstAfterMs: 60_000 })],
  project: undefined,
  networks: new Map<NetworkId, NetworkRecord>(),
  now: NOW,
  ...parts,
})

test('nobody asks where no provider serves', () => {
  expect(burstDemand(computeRecord(), sight({ hosts: [HERE] }))).toBeUndefined()
  const leaving = providerRecord('9')
  const hosts = [HERE, { ...leaving, wish: { ...leaving.wish, removing: true } }]
  expect(burstDemand(computeRecord(), sight({ hosts }))).toBeUndefined()
})

test('a machine that a local host could take waits for it, in steps; one that none could does not', () => {
  const waiting = (since: number) => {
    const record = computeRecord()
    const waits = { since, reasons: {}, examples: [], wouldFit: '' }
    return { ...record, place: { ...record.place, host: null, waiting: waits } }
  }
  expect(burstDemand(waiting(NOW - 59_999), sight())?.patienceMs).toBe(0)
  expect(burstDemand(waiting(NOW - 60_000), sight())?.patienceMs).toBe(60_000)
  const disabled = { ...HERE, wish: { ...HERE.wish, enabled: false } }
  const hosts = [disabled, providerRecord('9', { burstAfterMs: 60_000 })]
  expect(burstDemand(waiting(NOW), sight({ hosts }))?.patienceMs).toBe(60_000)
})

test('a project may keep its machines here', () => {
  const project = (bursts?: 'never') => ({ wish: { bursts } }) as ProjectRecord
  expect(burstDemand(computeRecord(), sight({ project: project('never') }))?.homebound).toBe(true)
  expect(burstDemand(computeRecord(), sight({ project: project() }))?.homebound).toBe(false)
})

test('volumes, several interfaces, chosen addresses and own networks tie it to this site', () => {
  const record = computeRecord()
  const [one] = record.wish.interfaces
  if (!one) throw new Error('it has one')
  const tied = (interfaces: typeof record.wish.interfaces, own?: ProjectId) => {
    const network = { id: one.network, project: own ?? null } as NetworkRecord
    const networks = new Map([[one.network, network]])
    return burstDemand({ ...record, wish: { ...record.wish, interfaces } }, sight({ networks }))?.tied
  }
  expect(tied([one])).toBeNull()
  expect(tied([one, one])).toBe('several interfaces')
  expect(tied([{ ...one, allocation: 'static' }])).toBe('an address of its own choice')
  expect(tied([one], 'p' as ProjectId)).toBe("a network of its project's")
})

test('volumes that are new and empty are made wherever it is; all others lie where they lie', () => {
  const volume = storageRecord()
  const record = computeRecord({ wish: { volumes: [{ storage: volume.id, name: 'vol-1' } as VolumeWish] } })
  const asked = (...volumes: readonly StorageRecord[]) => {
    const { tied, disks } = burstDemand(record, sight({ volumes })) ?? {}
    return [tied, disks]
  }
  expect(asked(volume)).toEqual([null, true])
  const old = 'volumes that are not new and empty'
  expect(asked(storageRecord({ place: { host: HERE.id } }))).toEqual([old, true])
  expect(asked(storageRecord({ seen: { madeAt: NOW } }))).toEqual([old, true])
  const source = { blank: false } as NonNullable<StorageRecord['wish']['source']>
  expect(asked(storageRecord({ wish: { source } }))).toEqual([old, true])
  expect(asked(storageRecord({ wish: { source: { ...source, blank: true } } }))).toEqual([null, true])
  // One of which nobody knows is not known to be empty.
  expect(asked()).toEqual([old, true])
  expect(burstDemand(computeRecord(), sight())).not.toHaveProperty('disks')
})
