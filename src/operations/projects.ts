/** Projects (tenants): what belongs together, has an account id, limits, users and keys. */
import { fault } from '../faults'
import type { ProjectId } from '../model/ids'
import { DEFAULT_QUOTA } from '../model/quota'
import type { ProjectRecord, ProjectWish, Quota, UserRecord } from '../model/records'
import type { Create } from '../store/store'
import { type BudgetOrder, budgetOf } from './accounts/budget'
import { lookedAtAgain } from './accounts/record'
import { attempt } from './attempt'
import { checkName } from './check-name'
import type { Context, Operator } from './context'
import { created } from './created'
import { drawAccount, drawId, drawPassword } from './draw'
import { type NewKey, newKey } from './keys'
import { projectNamed } from './named'
import { newUser } from './users'

/** With its first user and key; the password and the secret are told once. */
export interface NewProject {
  readonly project: ProjectRecord
  readonly user: UserRecord
  readonly password: string
  readonly key: NewKey
}

export interface ProjectOrder {
  readonly name: string
  readonly quota?: Partial<Quota>
  /** What else its record says from the start; `password` is its first user's. */
  readonly beside?: (id: ProjectId, password: string) => Pick<ProjectWish, 'partner' | 'bursts'>
}

/**
 * A project with its first user, who bears its name, and that user's first key. Password and secret are told here and never
 * again. Faults: 'invalid', 'exists', 'unavailable'.
 */
export async function addProject(context: Context, operator: Operator, order: ProjectOrder): Promise<NewProject> {
  checkName('project', 'name', order.name)
  const quota = checkedQuota({ ...DEFAULT_QUOTA, ...order.quota })
  const password = drawPassword()
  return attempt(context, operator.actor, 'add-project', async () => {
    await context.mirror.fresh()
    for (const kind of ['project', 'user'] as const)
      if (context.mirror.named(`${kind}:${order.name}`))
        throw fault('exists', `there is a ${kind} ${order.name} already`, { field: 'name' })
    const now = context.clock.now()
    const id = drawId<ProjectId>()
    const more = order.beside?.(id, password)
    const wish: ProjectWish = {
      name: order.name,
      account: drawAccount(),
      quota,
      purging: false,
      ...more,
      createdAt: now,
    }
    const user = await newUser(context, id, order.name, password)
    const key = newKey(context.ring, user.record, now)
    const create: Create = {
      ref: { kind: 'project', id },
      project: id,
      wish,
      seen: null,
      journal: null,
      place: null,
      wake: false,
    }
    const names = [`project:${order.name}`, `account:${wish.account}`]
    return {
      value: { project: created('project', create), user: user.record, password, key: key.shown },
      change: {
        creates: [create, user.create, key.create],
        takes: [...names.map((field) => ({ hash: 'names', field, value: `project:${id}` })), user.take, key.take],
      },
    }
  })
}

function checkedQuota(quota: Quota): Quota {
  for (const [field, limit] of Object.entries(quota))
    if (!Number.isInteger(limit) || limit < 0 || limit > 2 ** 50)
      throw fault('invalid', `the limit of ${field} is a whole number from 0 to 2^50`, { field: `quota.${field}` })
  return quota
}

export interface ProjectChange {
  /** Limits that are not named stay. */
  readonly quota?: Partial<Quota>
  /** Seconds that a machine may wait for a place before it has failed; null: as long as it takes. */
  readonly pendingTimeout?: number | null
  /** Whether its machines may run at providers. Machines that do, stay. */
  readonly bursts?: 'allowed' | 'never'
  /** What it may cost in a month before it is told; null: nobody is told. */
  readonly budget?: BudgetOrder | null
}

/** Between a minute and a year. */
const PENDING_TIMEOUT = { least: 60, most: 366 * 86_400 }

/** What it has already is not touched by a smaller limit. Faults: 'not-found', 'invalid', 'conflict', 'unavailable'. */
export async function setProject(
  context: Context,
  operator: Operator,
  name: string,
  { quota, pendingTimeout, bursts, budget }: ProjectChange,
): Promise<ProjectWithUse> {
  const { least, most } = PENDING_TIMEOUT
  if (
    pendingTimeout != null &&
    !(Number.isInteger(pendingTimeout) && pendingTimeout >= least && pendingTimeout <= most)
  )
    throw fault('invalid', `pendingTimeout is a whole number of seconds from ${least} to ${most}, or null`, {
      field: 'pendingTimeout',
    })
  const changed = await attempt(context, operator.actor, 'set-project', async () => {
    await context.mirror.fresh()
    const project = projectNamed(context, name)
    const { pendingTimeout: former, bursts: formerBursts, budget: formerBudget, ...rest } = project.wish
    const timeout = pendingTimeout === undefined ? former : (pendingTimeout ?? undefined)
    const keepsHome = (bursts ?? formerBursts) === 'never'
    const limit = budgetOf(context, budget, formerBudget)
    const wish: ProjectWish = {
      ...rest,
      quota: checkedQuota({ ...rest.quota, ...quota }),
      ...(timeout === undefined ? {} : { pendingTimeout: timeout }),
      ...(keepsHome ? { bursts: 'never' } : {}),
      ...(limit === undefined ? {} : { budget: limit }),
    }
    const { id, generation } = project
    const ref = { kind: 'project', id } as const
    // Machines that wait are given up by placement, with its next look.
    const update = { ref, project: id, generation, wish, raisePhase: false, wake: false }
    const value: ProjectRecord = { ...project, rev: project.rev + 1, generation: generation + 1, wish }
    const { creates = [], wakes = [] } = budget === undefined ? {} : lookedAtAgain(context)
    return { value, change: { updates: [update], creates, wakes: [{ kind: 'placement', id: 'site' }, ...wakes] } }
  })
  return { ...changed, used: await context.store.counters(changed.id) }
}

export type ProjectWithUse = ProjectRecord & { readonly used: Readonly<Record<string, number>> }

/** All projects with what they use, in order of creation. */
export async function listProjects(context: Context): Promise<readonly ProjectWithUse[]> {
  await context.mirror.fresh()
  const projects = context.mirror.all('project')
  const used = await Promise.all(projects.map((project) => context.store.counters(project.id)))
  return projects.map((project, index) => ({ ...project, used: used[index] ?? {} }))
}
