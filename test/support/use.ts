/** A use for tests: a machine's of an hour on a host, with whatever a test wants different. */
import type { Use } from '../../src/model/accounts'
import type { HostId } from '../../src/model/ids'
import { P1 } from './store'

export const HOUR_MS = 3_600_000

export const useOf = (parts: Partial<Use> = {}): Use => ({
  kind: 'machine',
  id: '11111111-2222-4333-8444-555555555555',
  name: 'i-00000000000000001',
  project: P1,
  host: 'eeeeeeee-0000-4000-8000-000000000001' as HostId,
  hostName: 'host-1',
  type: 't2.nano',
  cores: 1,
  memoryMiB: 512,
  diskGiB: 8,
  from: 0,
  until: HOUR_MS,
  ...parts,
})
