/** A compute record for tests: a fresh t2.nano order, with whatever a test wants different. */
import { NO_EPOCH } from '../../src/model/epoch'
import type { ComputeId, HostId, ImageId, NetworkId, ProjectId } from '../../src/model/ids'
import type { DomainState, MachineSighting } from '../../src/model/machine'
import type { ComputeJournal, ComputePlace, ComputeRecord, ComputeSeen, ComputeWish } from '../../src/model/records'

export interface ComputeParts {
  readonly id?: string
  readonly project?: string | null
  readonly rev?: number
  readonly wish?: Partial<ComputeWish>
  readonly seen?: Partial<ComputeSeen>
  readonly journal?: Partial<ComputeJournal>
  readonly place?: Partial<ComputePlace>
}

export const emptySeen: ComputeSeen = {
  at: 0,
  host: null,
  contact: 'ok',
  machine: null,
  hostBoot: null,
  starts: 0,
  boots: 0,
  resets: 0,
  startedAt: null,
  stoppedAt: null,
  goneAt: null,
}
export const emptyJournal: ComputeJournal = {
  intent: null,
  attempts: 0,
  failures: 0,
  trouble: null,
  stuck: null,
  failed: null,
  avoid: [],
}
export const noPlace: ComputePlace = {
  host: null,
  hostName: null,
  zone: null,
  simulated: false,
  at: 0,
  waiting: null,
}

export function computeRecord(parts: ComputeParts = {}): ComputeRecord {
  const id = (parts.id ?? '11111111-2222-4333-8444-555555555555') as ComputeId
  return {
    kind: 'compute',
    id,
    project: (parts.project === undefined ? 'aaaaaaaa-0000-4000-8000-000000000001' : parts.project) as ProjectId | null,
    rev: parts.rev ?? 1,
    generation: 1,
    epoch: NO_EPOCH,
    wakes: 1,
    phase: 0,
    schema: 1,
    wish: {
      exists: true,
      power: 'on',
      how: 'graceful',
      held: false,
      starts: 1,
      boots: 0,
      resets: 0,
      retries: 0,
      abandoned: false,
      size: { type: 't2.nano', cores: 1, cpuHundredths: 100, memoryMiB: 512, diskGiB: 8 },
      disks: [
        {
          name: 'root',
          device: '/dev/sda1',
          sizeGiB: 8,
          image: 'cccccccc-0000-4000-8000-000000000001' as ImageId,
          volume: 'vol-00000000000000001',
          deleteOnTermination: true,
        },
      ],
      interfaces: [
        {
          device: 'eth0',
          network: 'dddddddd-0000-4000-8000-000000000001' as NetworkId,
          mac: '02:00:00:00:00:01',
          address: '10.0.0.10',
          name: 'eni-00000000000000001',
        },
      ],
      name: 'i-00000000000000001',
      reservation: 'r-00000000000000001',
      launchIndex: 0,
      image: 'cccccccc-0000-4000-8000-000000000001' as ImageId,
      zone: null,
      title: null,
      summary: null,
      hostname: null,
      tags: {},
      keyName: null,
      userData: null,
      clientToken: null,
      createdAt: 1_800_000_000_000,
      createdBy: 'ann',
      deletedAt: null,
      reason: '',
      ...parts.wish,
    },
    seen: { ...emptySeen, ...parts.seen },
    journal: { ...emptyJournal, ...parts.journal },
    place: { ...noPlace, ...parts.place },
  }
}

export const HOST = 'eeeeeeee-0000-4000-8000-000000000001' as HostId

/** Placed on a host of zone a. */
export const placed: Partial<ComputePlace> = {
  host: HOST,
  hostName: 'sim-1',
  zone: 'local-1a',
  simulated: true,
  at: 1,
}

/** A sighting in a domain state, with its root disk and, where it is defined, its interface. */
export const sighting = (domain: DomainState, more: Partial<MachineSighting> = {}): MachineSighting => ({
  name: 'i-00000000000000001',
  id: domain === 'absent' ? null : '11111111-2222-4333-8444-555555555555',
  domain,
  disks: [{ name: 'i-00000000000000001-root', sizeGiB: 8, attached: domain !== 'absent' }],
  interfaces: domain === 'absent' ? [] : ['02:00:00:00:00:01'],
  work: null,
  startedAt: domain === 'running' ? 1 : null,
  ...more,
})
