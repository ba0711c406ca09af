/** The secret behind an access key, for checking a signature. Opening the seal is done once per record and revision. */
import type { KeyRecord } from '../../model/records'
import { unseal } from '../../store/sealed'
import type { Actor } from '../../store/store'
import type { Caller, Context } from '../context'
import { callerOf } from './caller'

export interface KeyHolder {
  readonly secret: string
  readonly caller: Caller
}

/** Undefined for a key that is unknown, disabled, an operator's, or whose user is disabled or gone. Faults: 'unavailable'. */
export function openIdentifyByAccessKey({
  mirror,
  ring,
}: Context): (accessKeyId: string, from: Omit<Actor, 'user' | 'key'>) => Promise<KeyHolder | undefined> {
  // Records are immutable, so a change of a key is another object and finds nothing here.
  const opened = new WeakMap<KeyRecord, string>()
  return async (accessKeyId, from) => {
    await mirror.fresh()
    const key = mirror.named(`key:${accessKeyId}`)
    if (key?.kind !== 'key' || key.wish.role !== 'tenant' || !key.wish.enabled || key.wish.user === null)
      return undefined
    const user = mirror.get('user', key.wish.user)
    if (!user?.wish.enabled) return undefined
    const caller = callerOf(mirror, user, { ...from, key: accessKeyId })
    if (!caller) return undefined
    const secret = opened.get(key) ?? unseal(ring, key.id, key.wish.secret)
    opened.set(key, secret)
    return { secret, caller }
  }
}
