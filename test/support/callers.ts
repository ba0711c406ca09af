/** Two tenants of different projects, for tests of the fronts. */
import type { ProjectId } from '../../src/model/ids'
import type { Caller } from '../../src/operations/context'

export const PROJECT = 'aaaaaaaa-0000-4000-8000-000000000001' as ProjectId
export const OTHER_PROJECT = 'aaaaaaaa-0000-4000-8000-000000000002' as ProjectId

const actor = { user: 'ann', key: '', source: '127.0.0.1', requestId: 'test' }
export const ann: Caller = { project: PROJECT, account: '123456789012', userName: 'ann', actor }
/** Somebody of another project. */
export const bob: Caller = {
  project: OTHER_PROJECT,
  account: '210987654321',
  userName: 'bob',
  actor: { ...actor, user: 'bob' },
}
