import type { ResourceType, Tag, TagSpecification } from '@aws-sdk/client-ec2'
import { fault } from '../../faults'
import { shorten } from '../codec'

/**
 * Tags as a record keeps them; how many and how long they may be is checked by the operation. Faults: 'missing' for one without a
 * key, 'invalid' for a key given twice.
 */
export function readTags(tags: readonly Tag[]): Readonly<Record<string, string>> {
  const read = new Map<string, string>()
  for (const tag of tags) {
    const key = keyOf(tag)
    if (read.has(key)) throw fault('invalid', `Duplicate tag key '${shorten(key)}' specified.`, { field: 'Tag.Key' })
    read.set(key, tag.Value ?? '')
  }
  // fromEntries defines even `__proto__` as a property of its own.
  return Object.fromEntries(read)
}

/** What DeleteTags takes away: a key with a value only if it has that value, a key alone whatever it has. */
export const readTagRemovals = (tags: readonly Tag[]): { readonly key: string; readonly value: string | null }[] =>
  tags.map((tag) => ({ key: keyOf(tag), value: tag.Value ?? null }))

function keyOf({ Key }: Tag): string {
  if (Key) return Key
  throw fault('missing', 'The request must contain the parameter Tag.Key', { field: 'Tag.Key' })
}

/** The tags that a creating request gives to what it makes. Faults: 'missing' (ResourceType), 'unsupported' for another kind of thing. */
export function tagsAtCreation(
  specifications: readonly TagSpecification[] | undefined,
  type: ResourceType,
): Readonly<Record<string, string>> {
  const field = 'TagSpecification.ResourceType'
  const tags = (specifications ?? []).flatMap(({ ResourceType, Tags }) => {
    if (ResourceType === undefined) throw fault('missing', `The request must contain the parameter ${field}`, { field })
    if (ResourceType !== type)
      throw fault('invalid', `'${shorten(ResourceType)}' is not a valid taggable resource type for this operation.`, {
        field,
      })
    return Tags ?? []
  })
  return readTags(tags)
}
