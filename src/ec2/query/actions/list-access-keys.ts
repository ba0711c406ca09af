import type { QueryAction } from '../action'
import { onlyOneself } from '../oneself'

/** IAM ListAccessKeys, of oneself, in pages; a Marker is the last key of the page before. */
export const listAccessKeys: QueryAction = {
  service: 'iam',
  name: 'ListAccessKeys',
  uses: { UserName: 'honoured', Marker: 'honoured', MaxItems: 'honoured' },
  async run(input, { operations, caller }) {
    onlyOneself(input, caller)
    const keys = await operations.listOwnKeys(caller)
    const start = keys.findIndex(({ accessKeyId }) => accessKeyId === input.get('Marker')) + 1
    const end = start + (input.whole('MaxItems', 1, 1000) ?? 100)
    const page = keys.slice(start, end)
    const isTruncated = end < keys.length
    return {
      AccessKeyMetadata: page.map(({ accessKeyId, enabled, ended, createdAt }) => ({
        UserName: caller.userName,
        AccessKeyId: accessKeyId,
        Status: enabled && !ended ? 'Active' : 'Inactive',
        CreateDate: new Date(createdAt),
      })),
      IsTruncated: isTruncated,
      Marker: isTruncated ? page.at(-1)?.accessKeyId : undefined,
    }
  },
}
