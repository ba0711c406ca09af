import type { KeyPairRecord } from '../../model/records'
import type { FilterTable } from './filter'

/** Filters of DescribeKeyPairs. */
export const keyPairFilters: FilterTable<KeyPairRecord> = {
  says: {
    'key-pair-id': ({ wish }) => wish.pair,
    'key-name': ({ wish }) => wish.name,
    fingerprint: ({ wish }) => wish.fingerprint,
  },
  tags: ({ wish }) => wish.tags,
}
