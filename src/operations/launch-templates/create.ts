/** Making launch templates and versions of them (EC2 CreateLaunchTemplate, CreateLaunchTemplateVersion). */
import { fault } from '../../faults'
import type { LaunchTemplateId, LaunchTemplateVersionId } from '../../model/ids'
import type { LaunchTemplateRecord, LaunchTemplateVersionWish, LaunchTemplateWish } from '../../model/records'
import { launchTemplateName } from '../../store/names'
import { seal } from '../../store/sealed'
import type { Create, Update } from '../../store/store'
import { attemptOne, type Propose } from '../attempt'
import { checkTags } from '../check-tags'
import type { Caller, Context } from '../context'
import { created } from '../created'
import { drawId, drawName } from '../draw'
import { held } from '../held'
import { once } from '../once'
import { openProject } from '../open-project'
import { checkTemplateName, checkVersion, MOST_TEMPLATES, MOST_VERSIONS, refuseTooLarge } from './check'
import type { LaunchTemplateOperations, TemplateWithVersion, VersionOrder } from './operations'
import { answered, ownTemplate, type Templates } from './read'

type CreateOrder = Parameters<LaunchTemplateOperations['createLaunchTemplate']>[1]
type VersionsOrder = Parameters<LaunchTemplateOperations['addTemplateVersion']>[1]

/** Faults: 'malformed', 'invalid', 'too-large' (tags, user data), 'missing', 'exists', 'quota', 'idempotency', 'forbidden', 'unavailable'. */
export const createLaunchTemplate = async (
  context: Context,
  caller: Caller,
  order: CreateOrder,
): Promise<TemplateWithVersion> =>
  attemptOne(
    context,
    caller.actor,
    'create-launch-template',
    once({ caller, sort: 'template', order }, creating(context, caller, order), (now, answer) =>
      answered(now, caller, answer),
    ),
  )

function creating({ clock }: Pick<Context, 'clock'>, caller: Caller, order: CreateOrder): Propose<TemplateWithVersion> {
  const { name, tags = {} } = order
  checkTemplateName(name)
  checkTags(tags)
  const userData = checkVersion(order)
  const { project: owner, userName: createdBy } = caller
  const id = drawId<LaunchTemplateId>()
  const shared = { createdAt: clock.now(), createdBy }
  const numbers = { standard: 1, latest: 1, drawn: 1 }
  const wish: LaunchTemplateWish = { name, template: drawName('launchtemplate'), ...numbers, tags, ...shared }
  const names = namesOf({ project: owner, wish })
  return async (context, refusal) => {
    if (refusal?.state === 'taken' && refusal.take.field === launchTemplateName(owner, name)) throw taken(name)
    await context.mirror.fresh(owner)
    const project = openProject(context, owner)
    if (context.mirror.named(launchTemplateName(owner, name))) throw taken(name)
    refuseTooMany(context.mirror, caller)
    const create: Create = { ref: { kind: 'launchtemplate', id }, project: owner, wish, ...NOTHING_ELSE }
    const version = newVersion(context, caller, order, userData, { template: id, number: 1, ...shared })
    const value = {
      template: created('launchtemplate', create),
      version: created('launchtemplateversion', version),
    }
    if (order.dryRun) return { change: undefined, value }
    return {
      value,
      answer: { launchTemplate: id, version: 1 },
      change: {
        holds: [held(project)],
        creates: [create, version],
        takes: names.map((field) => ({ hash: 'names', field, value: `launchtemplate:${id}` })),
      },
    }
  }
}

const NOTHING_ELSE = { seen: null, journal: null, place: null, wake: false } as const

const taken = (name: string) =>
  fault('exists', `Launch template name already in use.`, { subject: { kind: 'launchtemplatename', id: name } })

/** `lt-…`, and its own name. */
export const namesOf = ({ project, wish }: Pick<LaunchTemplateRecord, 'project' | 'wish'>): readonly string[] => [
  wish.template,
  launchTemplateName(project, wish.name),
]

/** Faults: 'quota'. */
function refuseTooMany(mirror: Templates, caller: Caller): void {
  if (mirror.list('launchtemplate', caller.project).length >= MOST_TEMPLATES)
    throw fault('quota', `a project has at most ${MOST_TEMPLATES} launch templates`, { field: 'launchTemplates' })
  refuseTooManyVersions(mirror, caller)
}

/** Faults: 'quota'. */
function refuseTooManyVersions(mirror: Templates, { project }: Caller): void {
  if (mirror.list('launchtemplateversion', project).length >= MOST_VERSIONS)
    throw fault('quota', `a project's launch templates have at most ${MOST_VERSIONS} versions together`, {
      field: 'launchTemplateVersions',
    })
}

/** Its user data is sealed under its own id. Faults: 'quota' where it is too much for the project's. */
function newVersion(
  { ring, mirror }: Pick<Context, 'ring' | 'mirror'>,
  { project }: Caller,
  { data, description }: VersionOrder,
  userData: string | null,
  rest: Omit<LaunchTemplateVersionWish, 'data' | 'description' | 'userData'>,
): Create {
  const id = drawId<LaunchTemplateVersionId>()
  const wish: LaunchTemplateVersionWish = {
    ...rest,
    data,
    description: description ?? null,
    userData: userData === null ? null : seal(ring, id, userData),
  }
  refuseTooLarge([...mirror.list('launchtemplateversion', project).map((version) => version.wish), wish])
  return { ref: { kind: 'launchtemplateversion', id }, project, wish, ...NOTHING_ELSE }
}

/** Faults: 'not-found', 'invalid', 'too-large', 'missing', 'quota', 'idempotency', 'forbidden', 'unavailable'. */
export const addTemplateVersion = async (
  context: Context,
  caller: Caller,
  order: VersionsOrder,
): Promise<TemplateWithVersion> =>
  attemptOne(
    context,
    caller.actor,
    'create-launch-template-version',
    once({ caller, sort: 'template', order }, adding(caller, order), (now, answer) => answered(now, caller, answer)),
  )

function adding(caller: Caller, order: VersionsOrder): Propose<TemplateWithVersion> {
  const userData = checkVersion(order)
  return async (context) => {
    await context.mirror.fresh(caller.project)
    const project = openProject(context, caller.project)
    const before = ownTemplate(context.mirror, project.id, order.id)
    refuseTooManyVersions(context.mirror, caller)
    const number = before.wish.drawn + 1
    const { template, update } = rewritten(before, { ...before.wish, latest: number, drawn: number })
    const made = { createdAt: context.clock.now(), createdBy: caller.userName }
    const create = newVersion(context, caller, order, userData, { template: before.id, number, ...made })
    const value = { template, version: created('launchtemplateversion', create) }
    if (order.dryRun) return { change: undefined, value }
    return {
      value,
      answer: { launchTemplate: before.id, version: number },
      change: { holds: [held(project)], creates: [create], updates: [update] },
    }
  }
}

/** A template with another wish, and what writes it. */
export const rewritten = (
  before: LaunchTemplateRecord,
  wish: LaunchTemplateWish,
): { readonly template: LaunchTemplateRecord; readonly update: Update } => ({
  template: { ...before, wish, rev: before.rev + 1, generation: before.generation + 1 },
  update: {
    ref: { kind: 'launchtemplate', id: before.id },
    project: before.project,
    generation: before.generation,
    wish,
    raisePhase: false,
    wake: false,
  },
})
