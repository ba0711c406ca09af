/** A user for whom somebody else vouches: an OIDC issuer whose token was checked. */
import type { Actor } from '../../store/store'
import type { Caller, Context } from '../context'
import { callerOf } from './caller'

/** Undefined for a name that is no user's, and for one that is disabled. Faults: 'unavailable'. */
export async function identifyByName(
  { mirror }: Context,
  name: string,
  from: Omit<Actor, 'user' | 'key'>,
): Promise<Caller | undefined> {
  await mirror.fresh()
  const named = mirror.named(`user:${name}`)
  return named?.kind === 'user' && named.wish.enabled ? callerOf(mirror, named, { ...from, key: '' }) : undefined
}
