/**
 * Bearer tokens of users: `<id>.<secret>`, told once. The record keeps only a hash of the secret (256 random bits, so a plain
 * SHA-256 is enough) and when it ends. Removing one takes effect at once, in every gateway.
 */
import { createHash, randomBytes } from 'node:crypto'
import { fault } from '../faults'
import type { KeyId } from '../model/ids'
import type { KeyRecord, KeyWish } from '../model/records'
import type { Create } from '../store/store'
import { attempt } from './attempt'
import type { Context, Operator } from './context'
import { drawId } from './draw'
import { checkSeconds, hasEnded, type KeyOrder, keyRemoval, ownerTouched } from './keys'
import { userNamed } from './named'
import type { NewToken, TokenLine } from './operations'

export const DEFAULT_SECONDS = 30 * 86_400

/** What the record keeps of a token's secret. */
export const tokenHash = (secret: string): string => createHash('sha256').update(secret).digest('base64url')

/** Those of the user that have ended go with it. Faults: 'not-found' (user), 'invalid', 'unavailable'. */
export async function addToken(context: Context, operator: Operator, order: KeyOrder): Promise<NewToken> {
  const seconds = order.expiresInSeconds ?? DEFAULT_SECONDS
  checkSeconds(seconds, 'a token')
  return attempt(context, operator.actor, 'add-token', async () => {
    await context.mirror.fresh()
    const user = userNamed(context, order.user)
    const now = context.clock.now()
    const ended = context.mirror
      .all('key')
      .filter((key) => isToken(key) && key.wish.user === user.id && hasEnded(key, now))
      .map(keyRemoval)
    const [id, secret] = [`tok-${randomBytes(6).toString('hex')}`, randomBytes(32).toString('base64url')]
    const expiresAt = now + seconds * 1000
    const wish: KeyWish = {
      accessKeyId: id,
      secret: tokenHash(secret),
      user: user.id,
      role: 'token',
      enabled: true,
      ...(order.access === undefined ? {} : { access: order.access }),
      expiresAt,
      createdAt: now,
    }
    const record = drawId<KeyId>()
    return {
      value: { id, user: order.user, token: `${id}.${secret}`, expiresAt },
      change: {
        creates: [creation(record, user.project, wish)],
        updates: [ownerTouched(user)],
        takes: [{ hash: 'names', field: `key:${id}`, value: `key:${record}` }],
        removals: ended.map(({ removal }) => removal),
        releases: ended.map(({ release }) => release),
      },
    }
  })
}

const creation = (id: KeyId, project: Create['project'], wish: KeyWish): Create => ({
  ref: { kind: 'key', id },
  project,
  wish,
  seen: null,
  journal: null,
  place: null,
  wake: false,
})

export const isToken = (key: KeyRecord): boolean => key.wish.role === 'token'

/** Of one user, or all; those that have ended are among them until the user's next one. Faults: 'not-found' (user). */
export async function listTokens(context: Context, user?: string): Promise<readonly TokenLine[]> {
  const { mirror } = context
  await mirror.fresh()
  const wanted = user === undefined ? undefined : userNamed(context, user).id
  const now = context.clock.now()
  return mirror
    .all('key')
    .filter((key) => isToken(key) && (wanted === undefined || key.wish.user === wanted))
    .map((key) => ({
      id: key.wish.accessKeyId,
      user: (key.wish.user && mirror.get('user', key.wish.user)?.wish.name) ?? '',
      project: (key.project && mirror.get('project', key.project)?.wish.name) ?? '',
      valid: !hasEnded(key, now),
      access: key.wish.access ?? 'full',
      expiresAt: key.wish.expiresAt ?? 0,
      createdAt: key.wish.createdAt,
    }))
}

/** Faults: 'not-found', 'unavailable'. */
export async function removeToken(context: Context, operator: Operator, id: string): Promise<void> {
  await attempt(context, operator.actor, 'remove-token', async () => {
    await context.mirror.fresh()
    const key = context.mirror.named(`key:${id}`)
    if (key?.kind !== 'key' || !isToken(key))
      throw fault('not-found', `there is no token ${id}`, { subject: { kind: 'token', id } })
    const { removal, release } = keyRemoval(key)
    return { value: undefined, change: { removals: [removal], releases: [release] } }
  })
}
