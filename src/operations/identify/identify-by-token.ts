/** A user's bearer token: `<id>.<secret>`, of which the record keeps a hash. */
import { timingSafeEqual } from 'node:crypto'
import type { Actor } from '../../store/store'
import type { Caller, Context } from '../context'
import { hasEnded } from '../keys'
import { isToken, tokenHash } from '../tokens'
import { callerOf } from './caller'

const LONGEST = 256

/** Undefined for a token that is malformed, unknown, wrong, ended, or whose user is disabled or gone. Faults: 'unavailable'. */
export async function identifyByToken(
  { mirror, clock }: Context,
  token: string,
  from: Omit<Actor, 'user' | 'key'>,
): Promise<Caller | undefined> {
  const dot = token.indexOf('.')
  if (dot <= 0 || token.length > LONGEST) return undefined
  await mirror.fresh()
  const id = token.slice(0, dot)
  const named = mirror.named(`key:${id}`)
  const key = named?.kind === 'key' && isToken(named) && named.wish.enabled ? named : undefined
  // Hashes have one length, so comparing them takes as long whatever was sent.
  const given = tokenHash(token.slice(dot + 1))
  const same = timingSafeEqual(Buffer.from(given), Buffer.from(key?.wish.secret ?? tokenHash('')))
  if (key === undefined || !same || hasEnded(key, clock.now()) || key.wish.user === null) return undefined
  const user = mirror.get('user', key.wish.user)
  return user?.wish.enabled ? callerOf(mirror, user, { ...from, key: id }, key) : undefined
}
