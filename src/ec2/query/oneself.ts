/** IAM here is about oneself: another user, if one is named, is not there. */
import { fault } from '../../faults'
import type { Caller } from '../../operations/context'
import { shorten } from '../codec'
import type { QueryInput } from './action'

/** Fault: 'not-found' for a UserName that is not the caller's. */
export function onlyOneself(input: QueryInput, caller: Caller): void {
  const name = input.get('UserName')
  if (name !== undefined && name !== caller.userName)
    throw fault('not-found', `The user with name ${shorten(name)} cannot be found.`, {
      subject: { kind: 'user', id: shorten(name) },
    })
}
