import type { QueryAction } from '../action'

/** What AWS takes as an alias. */
const ALIAS = /^[a-z0-9](?:[a-z0-9]|-(?!-)){1,61}[a-z0-9]$/

/** IAM ListAccountAliases: the project's name, where it has the form of an alias. */
export const listAccountAliases: QueryAction = {
  service: 'iam',
  name: 'ListAccountAliases',
  uses: { Marker: 'honoured', MaxItems: 'honoured' },
  async run(input, { operations, caller }) {
    input.whole('MaxItems', 1, 1000)
    const name = operations.project(caller.project)?.wish.name ?? ''
    return { AccountAliases: ALIAS.test(name) ? [name] : [], IsTruncated: false }
  },
}
