/** Host records and views for tests of placement. */
import { NO_EPOCH } from '../../src/model/epoch'
import type { ComputeId, HostId } from '../../src/model/ids'
import type { HostCapacity, Size } from '../../src/model/machine'
import type { Demand, HostView } from '../../src/model/placement'
import type { HostRecord, HostSeen, HostWish } from '../../src/model/records'

export const CAPACITY: HostCapacity = { cpuHundredths: 800, memoryMiB: 16_384, diskGiB: 100 }

export const sizeOf = (cores: number, memoryMiB: number, diskGiB = 1): Size => ({
  type: '',
  cores,
  cpuHundredths: cores * 100,
  memoryMiB,
  diskGiB,
})
export const NO_SIZE: Size = sizeOf(0, 0, 0)

export const hostRecord = (
  id: string,
  parts: { readonly wish?: Partial<HostWish>; readonly seen?: Partial<HostSeen> } = {},
): HostRecord => ({
  kind: 'host',
  id: id as HostId,
  project: null,
  rev: 1,
  generation: 1,
  epoch: NO_EPOCH,
  wakes: 0,
  phase: 0,
  schema: 1,
  wish: {
    name: `host-${id}`,
    zone: 'local-1a',
    enabled: true,
    driver: 'simulator',
    address: `simulator:host-${id}`,
    simulated: true,
    reserved: NO_SIZE,
    removing: false,
    createdAt: 0,
    ...parts.wish,
  },
  seen: {
    at: 1,
    contact: 'ok',
    lostSince: null,
    message: null,
    boot: 'boot-1',
    version: '1',
    capacity: CAPACITY,
    capabilities: { lacks: [] },
    foreign: [],
    orphans: [],
    ...parts.seen,
  },
  journal: null,
  place: null,
})

export const hostView = (id: string, parts: Partial<HostView> = {}): HostView => ({
  id: id as HostId,
  name: `host-${id}`,
  zone: 'local-1a',
  simulated: true,
  enabled: true,
  answers: true,
  retired: false,
  machines: 0,
  usable: CAPACITY,
  free: parts.usable ?? CAPACITY,
  ...parts,
})

export const demand = (id: string, size: Size = sizeOf(1, 1024), parts: Partial<Demand> = {}): Demand => ({
  id: id as ComputeId,
  size,
  zone: null,
  avoid: [],
  ...parts,
})
