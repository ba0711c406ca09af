import { fault } from '../../../faults'
import { shorten } from '../../codec'
import type { QueryAction } from '../action'
import { onlyOneself } from '../oneself'

/** IAM UpdateAccessKey, of oneself: refused or taken again at once, the very key that asks too. */
export const updateAccessKey: QueryAction = {
  service: 'iam',
  name: 'UpdateAccessKey',
  uses: { UserName: 'honoured', AccessKeyId: 'honoured', Status: 'honoured' },
  async run(input, { operations, caller }) {
    onlyOneself(input, caller)
    const [id, status] = [input.required('AccessKeyId'), input.required('Status')]
    if (status !== 'Active' && status !== 'Inactive')
      throw fault(
        'invalid',
        `Value '${shorten(status)}' at 'status' failed to satisfy constraint: Active or Inactive`,
        {
          field: 'Status',
        },
      )
    await operations.setOwnKey(caller, id, { enabled: status === 'Active' })
    return null
  },
}
