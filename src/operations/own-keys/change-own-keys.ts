/** A user's own keys. Only keys of the user who asks are seen: all others are not there. */
import { fault } from '../../faults'
import type { KeyRecord, UserRecord } from '../../model/records'
import { attempt } from '../attempt'
import type { Caller, Context } from '../context'
import { hasEnded, type KeyLine, keyChange, keyRemoval, lineOf, newKey, ownerTouched } from '../keys'
import { userNamed } from '../named'
import type { NewOwnKey } from './operations'

/** As many as AWS gives a user: one in use and its successor. */
const MOST = 2

export async function ownUser(context: Context, caller: Caller): Promise<UserRecord> {
  await context.mirror.fresh()
  return userNamed(context, caller.userName)
}

const keysOf = ({ mirror }: Context, user: UserRecord): readonly KeyRecord[] =>
  mirror
    .all('key')
    .filter(({ wish }) => wish.role === 'tenant' && wish.user === user.id)
    .toSorted((a, b) => a.wish.createdAt - b.wish.createdAt || (a.id < b.id ? -1 : 1))

export async function listOwnKeys(context: Context, caller: Caller): Promise<readonly KeyLine[]> {
  const user = await ownUser(context, caller)
  return keysOf(context, user).map((key) => lineOf(context, key))
}

/** Faults: 'quota', 'unavailable'. */
export async function addOwnKey(context: Context, caller: Caller): Promise<NewOwnKey> {
  return attempt(context, caller.actor, 'add-key', async () => {
    const user = await ownUser(context, caller)
    const now = context.clock.now()
    if (keysOf(context, user).filter((key) => !hasEnded(key, now)).length >= MOST)
      throw fault('quota', `Cannot exceed quota for AccessKeysPerUser: ${MOST}`, { field: 'AccessKeysPerUser' })
    const limits = caller.endsAt === undefined ? {} : { expiresAt: caller.endsAt }
    const { shown, create, take } = newKey(context.ring, user, now, limits)
    return {
      value: { accessKeyId: shown.accessKeyId, secretAccessKey: shown.secretAccessKey, createdAt: now },
      change: { creates: [create], updates: [ownerTouched(user)], takes: [take] },
    }
  })
}

async function ownKey(context: Context, caller: Caller, accessKeyId: string): Promise<KeyRecord> {
  const user = await ownUser(context, caller)
  const key = keysOf(context, user).find(({ wish }) => wish.accessKeyId === accessKeyId)
  if (key) return key
  throw fault('not-found', 'The Access Key with the given id cannot be found.', {
    subject: { kind: 'key', id: accessKeyId },
  })
}

/** Faults: 'not-found', 'forbidden' (enabling what an operator disabled), 'unavailable'. */
export async function setOwnKey(
  context: Context,
  caller: Caller,
  accessKeyId: string,
  change: { readonly enabled: boolean },
): Promise<void> {
  await attempt(context, caller.actor, 'set-key', async () => {
    const key = await ownKey(context, caller, accessKeyId)
    if (change.enabled && !key.wish.enabled && key.wish.disabledBy === 'operator')
      throw fault('forbidden', 'an operator disabled this key, and only an operator enables it again', {
        subject: { kind: 'key', id: accessKeyId },
      })
    return { value: undefined, change: { updates: [keyChange(key, change, 'user')] } }
  })
}

/** Faults: 'not-found', 'unavailable'. */
export async function removeOwnKey(context: Context, caller: Caller, accessKeyId: string): Promise<void> {
  await attempt(context, caller.actor, 'remove-key', async () => {
    const { removal, release } = keyRemoval(await ownKey(context, caller, accessKeyId))
    return { value: undefined, change: { removals: [removal], releases: [release] } }
  })
}
