/** Access keys: the id is public, the secret is sealed in the record and told once, when it is made. */
import { fault } from '../faults'
import type { KeyId } from '../model/ids'
import type { KeyRecord, KeyWish, UserRecord } from '../model/records'
import { type KeyRing, seal } from '../store/sealed'
import type { Create, Removal, Take, Update } from '../store/store'
import { attempt } from './attempt'
import type { Context, Operator } from './context'
import { drawAccessKeyId, drawId, drawSecret } from './draw'
import { keyNamed, userNamed } from './named'

/** A key shown once: afterwards only the sealed secret exists. */
export interface NewKey {
  readonly id: KeyId
  readonly accessKeyId: string
  readonly secretAccessKey: string
}

/** What a key may be limited to; absent: nothing. */
export interface KeyLimits {
  readonly access?: 'read-only'
  /** ms since 1970 */
  readonly expiresAt?: number
}

/** A key and what makes it. */
export function newKey(
  ring: KeyRing,
  { id: user, project }: Pick<UserRecord, 'id' | 'project'>,
  now: number,
  limits: KeyLimits = {},
): { readonly shown: NewKey; readonly create: Create; readonly take: Take } {
  const id = drawId<KeyId>()
  const accessKeyId = drawAccessKeyId()
  const secretAccessKey = drawSecret()
  const secret = seal(ring, id, secretAccessKey)
  const wish: KeyWish = { accessKeyId, secret, user, role: 'tenant', enabled: true, createdAt: now, ...limits }
  return {
    shown: { id, accessKeyId, secretAccessKey },
    create: { ref: { kind: 'key', id }, project, wish, seen: null, journal: null, place: null, wake: false },
    take: { hash: 'names', field: `key:${accessKeyId}`, value: `key:${id}` },
  }
}

/** An operator's order for a key of a user. */
export interface KeyOrder {
  readonly user: string
  readonly access?: 'read-only'
  /** Absent: it never ends by itself. */
  readonly expiresInSeconds?: number
}

/** Faults: 'not-found' (user), 'invalid' (expiresInSeconds), 'unavailable'. */
export async function addKey(context: Context, operator: Operator, order: KeyOrder): Promise<NewKey> {
  const { user: name, access, expiresInSeconds } = order
  if (expiresInSeconds !== undefined) checkSeconds(expiresInSeconds, 'a key')
  return attempt(context, operator.actor, 'add-key', async () => {
    await context.mirror.fresh()
    const user = userNamed(context, name)
    const now = context.clock.now()
    const key = newKey(context.ring, user, now, {
      ...(access === undefined ? {} : { access }),
      ...(expiresInSeconds === undefined ? {} : { expiresAt: now + expiresInSeconds * 1000 }),
    })
    return { value: key.shown, change: { creates: [key.create], updates: [ownerTouched(user)], takes: [key.take] } }
  })
}

const SHORTEST_SECONDS = 60
const LONGEST_SECONDS = 10 * 366 * 86_400

/** How long credentials may last. Fault: 'invalid'. */
export function checkSeconds(seconds: number, what: string): void {
  if (Number.isInteger(seconds) && seconds >= SHORTEST_SECONDS && seconds <= LONGEST_SECONDS) return
  throw fault('invalid', `${what} lasts from ${SHORTEST_SECONDS} to ${LONGEST_SECONDS} seconds`, {
    field: 'expiresInSeconds',
  })
}

/** Whether it is past the end that it was given. */
export const hasEnded = ({ wish }: KeyRecord, now: number): boolean =>
  (wish.expiresAt ?? Number.POSITIVE_INFINITY) <= now

/** The user changes with a new key, so that who removes the user at the same time reads again and removes the key too. */
export const ownerTouched = ({ id, project, generation, wish }: UserRecord): Update => ({
  ref: { kind: 'user', id },
  project,
  generation,
  wish,
  raisePhase: false,
  wake: false,
})

export interface KeyLine {
  readonly accessKeyId: string
  readonly user: string
  readonly project: string
  readonly enabled: boolean
  readonly access: 'full' | 'read-only'
  /** ms since 1970; null: never. */
  readonly expiresAt: number | null
  /** It is past its end. */
  readonly ended: boolean
  readonly createdAt: number
}

/** A key without its secret. */
export const lineOf = ({ mirror, clock }: Context, key: KeyRecord): KeyLine => ({
  accessKeyId: key.wish.accessKeyId,
  user: (key.wish.user && mirror.get('user', key.wish.user)?.wish.name) ?? '',
  project: (key.project && mirror.get('project', key.project)?.wish.name) ?? '',
  enabled: key.wish.enabled,
  access: key.wish.access ?? 'full',
  expiresAt: key.wish.expiresAt ?? null,
  ended: hasEnded(key, clock.now()),
  createdAt: key.wish.createdAt,
})

/** Tenants' keys, without their secrets; of one user, or all. Faults: 'not-found' (user). */
export async function listKeys(context: Context, user?: string): Promise<readonly KeyLine[]> {
  await context.mirror.fresh()
  const wanted = user === undefined ? undefined : userNamed(context, user).id
  return context.mirror
    .all('key')
    .filter((key) => key.wish.role === 'tenant' && (wanted === undefined || key.wish.user === wanted))
    .map((key) => lineOf(context, key))
}

/** Takes effect at once, in every gateway. Faults: 'not-found', 'unavailable'. */
export async function setKey(
  context: Context,
  operator: Operator,
  accessKeyId: string,
  change: { readonly enabled: boolean },
): Promise<void> {
  await attempt(context, operator.actor, 'set-key', async () => {
    await context.mirror.fresh()
    return { value: undefined, change: { updates: [keyChange(keyNamed(context, accessKeyId), change, 'operator')] } }
  })
}

/** What lets a key sign again, or no longer. One that an operator disabled stays so whoever else disables it too. */
export function keyChange(key: KeyRecord, { enabled }: { readonly enabled: boolean }, by: 'operator' | 'user'): Update {
  const { disabledBy: before, ...wish } = key.wish
  const { id, project, generation } = key
  const disabledBy = before === 'operator' ? before : by
  return {
    ref: { kind: 'key', id },
    project,
    generation,
    wish: { ...wish, enabled, ...(enabled ? {} : { disabledBy }) },
    raisePhase: false,
    wake: false,
  }
}

/** Faults: 'not-found', 'unavailable'. */
export async function removeKey(context: Context, operator: Operator, accessKeyId: string): Promise<void> {
  await attempt(context, operator.actor, 'remove-key', async () => {
    await context.mirror.fresh()
    const { removal, release } = keyRemoval(keyNamed(context, accessKeyId))
    return { value: undefined, change: { removals: [removal], releases: [release] } }
  })
}

/** What removes a key and its name. */
export const keyRemoval = (
  key: KeyRecord,
): { readonly removal: Removal; readonly release: { readonly hash: string; readonly field: string } } => ({
  removal: { ref: { kind: 'key', id: key.id }, project: key.project, generation: key.generation },
  release: { hash: 'names', field: `key:${key.wish.accessKeyId}` },
})
