/** Access keys: the id is public, the secret is sealed in the record (design.md §5) and told once, when it is made. */
import type { KeyId, ProjectId, UserId } from '../model/ids'
import type { KeyRecord, KeyWish } from '../model/records'
import { type KeyRing, seal } from '../store/sealed'
import type { Create, Removal, Take, Update } from '../store/store'
import { attempt } from './attempt'
import type { Context, Operator } from './context'
import { drawAccessKeyId, drawId, drawSecret } from './draw'
import { keyNamed, userNamed } from './named'
import type { NewKey } from './operations'

/** A key and what makes it. */
export function newKey(
  ring: KeyRing,
  project: ProjectId | null,
  user: UserId,
  now: number,
): { readonly shown: NewKey; readonly create: Create; readonly take: Take } {
  const id = drawId<KeyId>()
  const accessKeyId = drawAccessKeyId()
  const secretAccessKey = drawSecret()
  const secret = seal(ring, id, secretAccessKey)
  const wish: KeyWish = { accessKeyId, secret, user, role: 'tenant', enabled: true, createdAt: now }
  return {
    shown: { id, accessKeyId, secretAccessKey },
    create: { ref: { kind: 'key', id }, project, wish, seen: null, journal: null, place: null, wake: false },
    take: { hash: 'names', field: `key:${accessKeyId}`, value: `key:${id}` },
  }
}

/** Faults: 'not-found' (user), 'unavailable'. */
export async function addKey(context: Context, operator: Operator, order: { readonly user: string }): Promise<NewKey> {
  return attempt(context, operator.actor, 'add-key', async () => {
    await context.mirror.fresh()
    const user = userNamed(context, order.user)
    const key = newKey(context.ring, user.project, user.id, context.clock.now())
    // The user changes with it, so that who removes the user at the same time reads again and removes this key too.
    const owner: Update = {
      ref: { kind: 'user', id: user.id },
      project: user.project,
      generation: user.generation,
      wish: user.wish,
      raisePhase: false,
      wake: false,
    }
    return { value: key.shown, change: { creates: [key.create], updates: [owner], takes: [key.take] } }
  })
}

export interface KeyLine {
  readonly accessKeyId: string
  readonly user: string
  readonly project: string
  readonly enabled: boolean
  readonly createdAt: number
}

/** Tenants' keys, without their secrets; of one user, or all. Faults: 'not-found' (user). */
export async function listKeys(context: Context, user?: string): Promise<readonly KeyLine[]> {
  const { mirror } = context
  await mirror.fresh()
  const wanted = user === undefined ? undefined : userNamed(context, user).id
  return mirror
    .all('key')
    .filter((key) => key.wish.role === 'tenant' && (wanted === undefined || key.wish.user === wanted))
    .map((key) => ({
      accessKeyId: key.wish.accessKeyId,
      user: (key.wish.user && mirror.get('user', key.wish.user)?.wish.name) ?? '',
      project: (key.project && mirror.get('project', key.project)?.wish.name) ?? '',
      enabled: key.wish.enabled,
      createdAt: key.wish.createdAt,
    }))
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
    const key = keyNamed(context, accessKeyId)
    const update = {
      ref: { kind: 'key', id: key.id } as const,
      project: key.project,
      generation: key.generation,
      wish: { ...key.wish, enabled: change.enabled },
      raisePhase: false,
      wake: false,
    }
    return { value: undefined, change: { updates: [update] } }
  })
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
