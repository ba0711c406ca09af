/**
 * HTTP Basic. scrypt costs 50 ms of a core, so a login that succeeded is believed for a minute: by a hash of what was sent, behind
 * a secret that lives only in this process, and of the revision of the user's record that it was checked against.
 * A changed password, a disabled or removed user therefore ends it at once. Who was believed lately is known to send the right
 * one, and needs no place among those that nobody knows yet (login-places.ts).
 */
import { hash, randomBytes } from 'node:crypto'
import type { ProjectId } from '../../model/ids'
import type { Mirror } from '../../store/store'
import type { Arriving, Caller, Context } from '../context'
import { callerOf } from './caller'
import { openLoginPlaces } from './login-places'
import { isPassword, NO_PASSWORD } from './password'

const BELIEVED_MS = 60_000
const LATELY_MS = 10 * 60_000
const MOST_LOGINS = 10_000

export type IdentifyByPassword = (name: string, password: string, from: Arriving) => Promise<Caller | undefined>

/** Undefined: unknown user or wrong password. Faults: 'unavailable' (Redis away, or too many logins at once), 'throttled' (of one address). */
export function openIdentifyByPassword(context: Context): IdentifyByPassword {
  const { mirror, clock } = context
  const secret = randomBytes(32).toString('base64')
  /** Until when (ms) a login is believed. */
  const logins = new Map<string, number>()
  const checks = new Map<string, Promise<boolean>>()
  const places = openLoginPlaces(clock)

  /** In a place of its address's. */
  const inItsPlace = async (address: string, password: string, stored: string): Promise<boolean> => {
    const tell = places.take(address)
    const matches = await isPassword(password, stored).catch((thrown) => {
      tell('wrong')
      throw thrown
    })
    tell(matches ? 'right' : 'wrong')
    return matches
  }

  /** The same login from many connections at once is worked out once. */
  const check = (mark: string, work: () => Promise<boolean>): Promise<boolean> => {
    const running = checks.get(mark)
    if (running) return running
    const started = work().finally(() => checks.delete(mark))
    checks.set(mark, started)
    return started
  }

  const remember = (mark: string): void => {
    logins.delete(mark)
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
    const believed = logins.get(mark) ?? 0
    if (believed <= clock.now()) {
      const stored = user?.wish.password ?? NO_PASSWORD
      const isKnown = believed + LATELY_MS > clock.now()
      const matches = await check(mark, () =>
        isKnown ? isPassword(password, stored) : inItsPlace(from.source, password, stored),
      )
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
