/** Who a proven user is: their project and account. */
import type { KeyRecord, UserRecord } from '../../model/records'
import type { Actor, Mirror } from '../../store/store'
import type { Arriving, Caller } from '../context'

/** Undefined when the user's project is gone. `key`: what they proved it with, when that was no password. */
export function callerOf(
  mirror: Mirror,
  user: UserRecord,
  { source, requestId, arrivedAt, key: by }: Omit<Arriving, 'looks'> & Pick<Actor, 'key'>,
  key?: KeyRecord,
): Caller | undefined {
  const project = user.project === null ? undefined : mirror.get('project', user.project)
  if (!project) return undefined
  const userName = user.wish.name
  const { access, expiresAt } = key?.wish ?? {}
  return {
    project: project.id,
    account: project.wish.account,
    userName,
    actor: { user: userName, key: by, source, requestId },
    ...(arrivedAt === undefined ? {} : { arrivedAt }),
    ...(access === undefined ? {} : { access }),
    ...(expiresAt === undefined ? {} : { endsAt: expiresAt }),
  }
}
