/** The admin API's bearer token: `<id>.<secret>`; the secret is sealed in a key record of role 'operator'. */
import { createHash, timingSafeEqual } from 'node:crypto'
import { unseal } from '../../store/sealed'
import type { Actor } from '../../store/store'
import type { Context, Operator } from '../context'

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()

/** Undefined for a token that is malformed, unknown, disabled or wrong. Faults: 'unavailable'. */
export async function identifyOperator(
  { mirror, ring }: Context,
  token: string,
  from: Omit<Actor, 'user' | 'key'>,
): Promise<Operator | undefined> {
  const dot = token.indexOf('.')
  const id = token.slice(0, dot)
  if (dot <= 0 || token.length > 256) return undefined
  await mirror.fresh()
  const key = mirror.named(`key:${id}`)
  const operator = key?.kind === 'key' && key.wish.role === 'operator' && key.wish.enabled ? key : undefined
  const secret = operator ? unseal(ring, operator.id, operator.wish.secret) : ''
  // Digests have one length, so comparing them takes as long whatever was sent.
  const same = timingSafeEqual(digest(token.slice(dot + 1)), digest(secret))
  return operator && same ? { actor: { ...from, user: 'operator', key: id } } : undefined
}
