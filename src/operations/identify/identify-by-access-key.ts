/** The secret behind an access key, for checking a signature. Opening the seal is done once per record and revision. */
import type { KeyRecord } from '../../model/records'
import { unseal } from '../../store/sealed'
import type { Actor } from '../../store/store'
import type { Arriving, Caller, Context } from '../context'
import { isSessionKey, openSession } from '../own-keys/session'
import { callerOf } from './caller'

/** Whoever checks the signature also looks whether `caller.endsAt` is past: only the secret's holder is told so. */
export interface KeyHolder {
  readonly secret: string
  readonly caller: Caller
}

type Identified = Arriving & Pick<Actor, 'key'>

export type IdentifyByAccessKey = (
  accessKeyId: string,
  from: Arriving,
  sessionToken?: string,
) => Promise<KeyHolder | undefined>

/**
 * Undefined for a key that is unknown, disabled, an operator's, or whose user is disabled or gone; for a session without its own
 * token or whose key is so; and for a key that is no session's and comes with a token. Faults: 'unavailable'.
 */
export function openIdentifyByAccessKey({ mirror, ring }: Context): IdentifyByAccessKey {
  // Records are immutable, so a change of a key is another object and finds nothing here.
  const opened = new WeakMap<KeyRecord, string>()
  const holderOf = (key: KeyRecord | undefined, actor: Identified): KeyHolder | undefined => {
    if (key?.wish.role !== 'tenant' || !key.wish.enabled || key.wish.user === null) return undefined
    const user = mirror.get('user', key.wish.user)
    const caller = user?.wish.enabled ? callerOf(mirror, user, actor, key) : undefined
    if (!caller) return undefined
    const secret = opened.get(key) ?? unseal(ring, key.id, key.wish.secret)
    opened.set(key, secret)
    return { secret, caller }
  }

  return async (accessKeyId, from, sessionToken) => {
    await mirror.fresh()
    if (!isSessionKey(accessKeyId)) {
      const named = mirror.named(`key:${accessKeyId}`)
      const key = named?.kind === 'key' && sessionToken === undefined ? named : undefined
      return holderOf(key, { ...from, key: accessKeyId })
    }
    const session = sessionToken === undefined ? undefined : openSession(ring, accessKeyId, sessionToken)
    if (!session) return undefined
    const key = mirror.get('key', session.key)
    const holder = holderOf(key, { ...from, key: `${key?.wish.accessKeyId}/${accessKeyId}` })
    if (!holder) return undefined
    const endsAt = Math.min(session.endsAt, holder.caller.endsAt ?? Number.POSITIVE_INFINITY)
    return { secret: session.secret, caller: { ...holder.caller, endsAt, temporary: 'session' } }
  }
}
