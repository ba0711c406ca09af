/** What tags may be: EC2's limits (Using EC2: "Tag restrictions"), which both fronts keep. */
import { fault } from '../faults'

const MOST_TAGS = 50
const LONGEST_KEY = 128
const LONGEST_VALUE = 256

export type Tags = Readonly<Record<string, string>>

/** Tags as a caller sends them. Faults: 'invalid' for a key or value, 'too-large' for too many. */
export function checkTags(tags: Tags): void {
  const entries = Object.entries(tags)
  if (entries.length > MOST_TAGS) throw tooMany()
  for (const [key, value] of entries) {
    if (key.length === 0 || key.length > LONGEST_KEY)
      throw fault('invalid', `a tag's key has 1 to ${LONGEST_KEY} characters`, { field: 'tags' })
    if (/^aws:/i.test(key))
      throw fault('invalid', 'tag keys that begin with aws: are kept for the provider', { field: 'tags' })
    if (value.length > LONGEST_VALUE)
      throw fault('invalid', `a tag's value has at most ${LONGEST_VALUE} characters`, { field: 'tags' })
  }
}

const tooMany = () => fault('too-large', `a resource has at most ${MOST_TAGS} tags`, { field: 'tags' })

export interface TagChange {
  readonly set?: Tags
  readonly remove?: readonly { readonly key: string; readonly value: string | null }[]
  readonly removeAll?: boolean
}

/** The tags after a change; the same object when nothing differs. Faults: 'too-large' when there would be too many. */
export function changeTags(before: Tags, change: TagChange): Tags {
  const after = new Map(change.removeAll ? [] : Object.entries(before))
  for (const { key, value } of change.remove ?? []) if (value === null || after.get(key) === value) after.delete(key)
  for (const [key, value] of Object.entries(change.set ?? {})) after.set(key, value)
  if (after.size > MOST_TAGS) throw tooMany()
  const known = Object.entries(before)
  const same = known.length === after.size && known.every(([key, value]) => after.get(key) === value)
  return same ? before : Object.fromEntries(after)
}
