import type { ProjectId } from '../model/ids'
import type { Caller, Operator } from './context'

/** The operator acts for the project; events name the operator. */
export const asOwner = ({ actor }: Operator, project: ProjectId): Caller => ({
  project,
  account: '',
  userName: actor.user,
  actor,
})
