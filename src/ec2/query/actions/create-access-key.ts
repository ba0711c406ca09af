import type { QueryAction } from '../action'
import { onlyOneself } from '../oneself'

/** IAM CreateAccessKey, for oneself: the secret is in this answer and nowhere else. */
export const createAccessKey: QueryAction = {
  service: 'iam',
  name: 'CreateAccessKey',
  uses: { UserName: 'honoured' },
  async run(input, { operations, caller }) {
    onlyOneself(input, caller)
    const made = await operations.addOwnKey(caller)
    return {
      AccessKey: {
        UserName: caller.userName,
        AccessKeyId: made.accessKeyId,
        Status: 'Active',
        SecretAccessKey: made.secretAccessKey,
        CreateDate: new Date(made.createdAt),
      },
    }
  },
}
