import { arnOf, type QueryAction } from '../action'

/** STS GetCallerIdentity. */
export const getCallerIdentity: QueryAction = {
  service: 'sts',
  name: 'GetCallerIdentity',
  uses: {},
  run: async (_input, { caller }) => ({ Arn: arnOf(caller), UserId: caller.userName, Account: caller.account }),
}
