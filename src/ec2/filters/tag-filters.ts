import type { TagDescription } from '@aws-sdk/client-ec2'
import type { FilterTable } from './filter'

/** Filters of DescribeTags; `tag:<key>` asks for that key's tag by its value. */
export const tagFilters: FilterTable<TagDescription> = {
  says: {
    key: (tag) => tag.Key,
    value: (tag) => tag.Value,
    'resource-id': (tag) => tag.ResourceId,
    'resource-type': (tag) => tag.ResourceType,
  },
  tags: (tag) => Object.fromEntries([[tag.Key ?? '', tag.Value ?? '']]),
}
