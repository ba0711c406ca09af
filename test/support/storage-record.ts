/** A storage record for tests: a fresh volume of 10 GiB, with whatever a test wants different. */
import { NO_EPOCH } from '../../src/model/epoch'
import type { ProjectId, StorageId } from '../../src/model/ids'
import { STORAGE_NEVER_SEEN, STORAGE_NO_PLACE, STORAGE_NOTHING_DONE, type StorageRecord } from '../../src/model/storage'

export type StorageParts = { readonly [P in 'wish' | 'seen' | 'journal' | 'place']?: Partial<StorageRecord[P]> }

export const storageRecord = (parts: StorageParts = {}): StorageRecord => ({
  kind: 'storage',
  id: '55555555-2222-4333-8444-555555555555' as StorageId,
  project: 'aaaaaaaa-0000-4000-8000-000000000001' as ProjectId,
  rev: 1,
  generation: 1,
  epoch: NO_EPOCH,
  wakes: 0,
  phase: 0,
  schema: 1,
  wish: {
    exists: true,
    name: 'vol-00000000000000001',
    sizeGiB: 10,
    type: 'gp2',
    zone: null,
    title: null,
    summary: null,
    tags: {},
    holder: null,
    former: null,
    online: true,
    autoEnableIo: false,
    retries: 0,
    clientToken: null,
    createdAt: 1000,
    createdBy: 'ann',
    deletedAt: null,
    resized: null,
    ...parts.wish,
  },
  seen: { ...STORAGE_NEVER_SEEN, ...parts.seen },
  journal: { ...STORAGE_NOTHING_DONE, ...parts.journal },
  place: { ...STORAGE_NO_PLACE, ...parts.place },
})
