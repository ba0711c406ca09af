/**
 * HTTP Basic. scrypt costs 50 ms of a core, so a login that succeeded is believed for a minute: by a hash of what was sent, behind
 * a secret that lives only in this process, and of the revision of the user's record that it was checked against.
 * A changed password, a disabled or removed user therefore ends it at once.
 */
import { hash, randomBytes } from 'node:crypto'
import { fault } from '../../faults'
import type { ProjectId } from '../../model/ids'
import type { Mirror } from '../../store/store'
import type { Arriving, Caller, Context } from '../context'
import { callerOf } from './caller'
import { isPassword, NO_PASSWORD } from './password'

const BELIEVED_MS = 60_000
const MOST_LOGINS = 10_000
const MOST_CHECKS = 64

export type IdentifyByPassword = (name: string, password: string, from: Arriving) => Promise<Caller | undefined>

/** Undefined: unknown user or wrong password. Faults: 'unavailable' (Redis away, or too many logins at once). */
export function openIdentifyByPassword(context: Context): IdentifyByPassword {
  const { mirror, clock } = context
  const secret = randomBytes(32).toString('base64')
  /** Until when (ms) a login is believed. */
  const logins = new Map<string, number>()
  const checks = new Map<string, Promise<boolean>>()

  /** The same login from many connections at once is worked out once. */
  const check = (mark: string, password: string, stored: string): Promise<boolean> => {
    const running = checks.get(mark)
    if (running) return running
    if (checks.size >= MOST_CHECKS) throw fault('unavailable', 'too many logins at once; try again')
    const started = isPassword(password, stored).finally(() => checks.delete(mark))
    checks.set(mark, started)
    return started
  }

  const remember = (mark: string): void => {
    if (logins.size >= MOST_LOGINS) logins.delete(logins.keys().next().value ?? '')
    logins.set(mark, clock.now() + BELIEVED_MS)
  }

  return async (name, password, from) => {
    const compared = from.looks === 'only' ? projectOf(mirror, name) : []
    await mirror.fresh(...compared)
    const named = mirror.named(`user:${name}`)
    const user = named?.kind === 'user' && named.wish.enabled ? named : undefined
    // In one call: every request is marked so, and making an Hmac costs five times as much.
    const mark = hash('sha256', [secret, user?.id ?? '', user?.rev ?? 0, name, password].join('\0'), 'base64')
    if ((logins.get(mark) ?? 0) <= clock.now()) {
      logins.delete(mark)
      const matches = await check(mark, password, user?.wish.password ?? NO_PASSWORD)
      if (!user || !matches) return undefined
      remember(mark)
    }
    const caller = user && callerOf(mirror, user, { ...from, key: '' })
    return caller && compared.includes(caller.project) ? { ...caller, current: true } : caller
  }
}

/** The project that the user of that name was last known to be of: what it says now is looked at after it was asked for. */
function projectOf(mirror: Mirror, name: string): readonly ProjectId[] {
  const named = mirror.named(`user:${name}`)
  return named?.kind === 'user' && named.project !== null ? [named.project] : []
}
