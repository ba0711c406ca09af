import type { Tag } from '@aws-sdk/client-ec2'

/** A record's tags as EC2 lists them. */
export const showTags = (tags: Readonly<Record<string, string>>): Tag[] =>
  Object.entries(tags).map(([Key, Value]) => ({ Key, Value }))
