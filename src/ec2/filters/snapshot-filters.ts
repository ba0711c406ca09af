import type { SnapshotRecord } from '../../model/storage'
import { showSnapshot, snapshotOwner, snapshotTags } from '../show/snapshot'
import type { FilterTable } from './filter'

/** Filters of DescribeSnapshots. */
export const snapshotFilters: FilterTable<SnapshotRecord> = {
  says: {
    'snapshot-id': ({ wish }) => wish.name,
    'volume-id': ({ wish }) => wish.volume,
    'volume-size': ({ wish }) => wish.sizeGiB,
    status: ({ seen }) => seen.state,
    progress: ({ seen }) => `${seen.percent}%`,
    description: ({ wish }) => wish.description,
    'owner-id': snapshotOwner,
    'start-time': (record, context) => showSnapshot(record, context).StartTime?.toISOString(),
    encrypted: () => false,
    'storage-tier': () => 'standard',
  },
  tags: snapshotTags,
  silent: ['owner-alias', 'transfer-type', 'availability-zone', 'kms-key-id'],
}
