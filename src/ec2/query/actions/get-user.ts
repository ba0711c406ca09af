import { arnOf, type QueryAction } from '../action'
import { onlyOneself } from '../oneself'

/** IAM GetUser, of oneself. */
export const getUser: QueryAction = {
  service: 'iam',
  name: 'GetUser',
  uses: { UserName: 'honoured' },
  async run(input, { operations, caller }) {
    onlyOneself(input, caller)
    const { wish } = await operations.ownUser(caller)
    return {
      User: {
        Path: '/',
        UserName: wish.name,
        UserId: wish.name,
        Arn: arnOf(caller),
        CreateDate: new Date(wish.createdAt),
      },
    }
  },
}
