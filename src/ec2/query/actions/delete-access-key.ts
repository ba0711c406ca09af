import type { QueryAction } from '../action'
import { onlyOneself } from '../oneself'

/** IAM DeleteAccessKey, of oneself, the very key that asks too. */
export const deleteAccessKey: QueryAction = {
  service: 'iam',
  name: 'DeleteAccessKey',
  uses: { UserName: 'honoured', AccessKeyId: 'honoured' },
  async run(input, { operations, caller }) {
    onlyOneself(input, caller)
    await operations.removeOwnKey(caller, input.required('AccessKeyId'))
    return null
  },
}
