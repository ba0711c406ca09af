/** Who a proven user is: their project and account. */
import type { UserRecord } from '../../model/records'
import type { Actor, Mirror } from '../../store/store'
import type { Caller } from '../context'

/** Undefined when the user's project is gone. */
export function callerOf(mirror: Mirror, user: UserRecord, actor: Omit<Actor, 'user'>): Caller | undefined {
  const project = user.project === null ? undefined : mirror.get('project', user.project)
  if (!project) return undefined
  const userName = user.wish.name
  return { project: project.id, account: project.wish.account, userName, actor: { ...actor, user: userName } }
}
