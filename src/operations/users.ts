/** Users: a name that is the site's only one, and a password of which only a hash is kept. */
import { fault } from '../faults'
import type { ProjectId, UserId } from '../model/ids'
import type { UserRecord, UserWish } from '../model/records'
import type { Create, Removal, Take, Update } from '../store/store'
import { attempt } from './attempt'
import { checkName } from './check-name'
import type { Context, Operator } from './context'
import { created } from './created'
import { drawId, drawPassword } from './draw'
import { held } from './held'
import { digestSecret } from './identify/digest'
import { hashPassword } from './identify/password'
import { keyRemoval } from './keys'
import { projectNamed, userNamed } from './named'

export interface NewUser {
  readonly record: UserRecord
  readonly create: Create
  readonly take: Take
}

/** A user's record and what makes it. */
export async function newUser(context: Context, project: ProjectId, name: string, password: string): Promise<NewUser> {
  const id = drawId<UserId>()
  const secrets = { password: await hashPassword(password), ...digestSecret(context, { id, name }, password) }
  const wish: UserWish = { name, ...secrets, enabled: true, createdAt: context.clock.now() }
  const create: Create = {
    ref: { kind: 'user', id },
    project,
    wish,
    seen: null,
    journal: null,
    place: null,
    wake: false,
  }
  return {
    record: created('user', create),
    create,
    take: { hash: 'names', field: `user:${name}`, value: `user:${id}` },
  }
}

/** Faults: 'invalid', 'not-found' (project), 'exists', 'forbidden' (the project is being removed), 'unavailable'. */
export async function addUser(
  context: Context,
  operator: Operator,
  order: { readonly project: string; readonly name: string; readonly password?: string },
): Promise<{ readonly user: UserRecord; readonly password: string }> {
  checkName('user', 'name', order.name)
  const password = checkedPassword(order.password ?? drawPassword())
  return attempt(context, operator.actor, 'add-user', async () => {
    await context.mirror.fresh()
    const project = projectNamed(context, order.project)
    if (project.wish.purging) throw fault('forbidden', 'the project is being removed')
    if (context.mirror.named(`user:${order.name}`))
      throw fault('exists', `there is a user ${order.name} already`, { field: 'name' })
    const user = await newUser(context, project.id, order.name, password)
    return {
      value: { user: user.record, password },
      change: { holds: [held(project)], creates: [user.create], takes: [user.take] },
    }
  })
}

function checkedPassword(password: string): string {
  if (password.length < 8 || password.length > 256)
    throw fault('invalid', 'a password has 8 to 256 characters', { field: 'password' })
  return password
}

/** Of one project, or all. Faults: 'not-found' (project). */
export async function listUsers(context: Context, project?: string): Promise<readonly UserRecord[]> {
  await context.mirror.fresh()
  const wanted = project === undefined ? undefined : projectNamed(context, project).id
  return context.mirror.all('user').filter((user) => wanted === undefined || user.project === wanted)
}

/** A new password, or disabled, or enabled again: at once, in every gateway. Faults: 'not-found', 'invalid', 'unavailable'. */
export async function setUser(
  context: Context,
  operator: Operator,
  name: string,
  change: { readonly password?: string; readonly enabled?: boolean },
): Promise<UserRecord> {
  const { password } = change
  const hash = password === undefined ? undefined : await hashPassword(checkedPassword(password))
  return attempt(context, operator.actor, 'set-user', async () => {
    await context.mirror.fresh()
    const user = userNamed(context, name)
    const wish: UserWish = {
      ...user.wish,
      ...(password === undefined || hash === undefined
        ? {}
        : { password: hash, ...digestSecret(context, { id: user.id, name: user.wish.name }, password) }),
      ...(change.enabled === undefined ? {} : { enabled: change.enabled }),
    }
    const update: Update = {
      ref: { kind: 'user', id: user.id },
      project: user.project,
      generation: user.generation,
      wish,
      raisePhase: false,
      wake: false,
    }
    const record: UserRecord = { ...user, rev: user.rev + 1, generation: user.generation + 1, wish }
    return { value: record, change: { updates: [update] } }
  })
}

/** The user and all their keys. Faults: 'not-found', 'unavailable'. */
export async function removeUser(context: Context, operator: Operator, name: string): Promise<void> {
  await attempt(context, operator.actor, 'remove-user', async () => {
    await context.mirror.fresh()
    const user = userNamed(context, name)
    const keys = context.mirror.all('key').filter((key) => key.wish.user === user.id)
    const removed = [userItself(user), ...keys.map(keyRemoval)]
    const change = {
      removals: removed.map(({ removal }) => removal),
      releases: removed.map(({ release }) => release),
    }
    return { value: undefined, change }
  })
}

/** What removes a user and their name; their keys go in the same change. */
export const userItself = (
  user: UserRecord,
): { readonly removal: Removal; readonly release: { readonly hash: string; readonly field: string } } => ({
  removal: { ref: { kind: 'user', id: user.id }, project: user.project, generation: user.generation },
  release: { hash: 'names', field: `user:${user.wish.name}` },
})
