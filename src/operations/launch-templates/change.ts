/** The default version of a launch template, and the end of it and of its versions. */
import type { LaunchTemplateRecord, LaunchTemplateVersionRecord } from '../../model/records'
import type { Change, Removal } from '../../store/store'
import { attemptOne, type Propose } from '../attempt'
import type { Caller, Context } from '../context'
import { held } from '../held'
import { once } from '../once'
import { namesOf, rewritten } from './create'
import type { LaunchTemplateOperations, VersionEnd } from './operations'
import { ownTemplate, type Templates, versionNumbered, versionsOf } from './read'

type StandardOrder = Parameters<LaunchTemplateOperations['setStandardVersion']>[1]
type DeleteOrder = Parameters<LaunchTemplateOperations['deleteLaunchTemplate']>[1]
type VersionsOrder = Parameters<LaunchTemplateOperations['deleteTemplateVersions']>[1]

/** Faults: 'not-found' (template, version), 'idempotency', 'conflict', 'unavailable'. */
export const setStandardVersion = async (
  context: Context,
  caller: Caller,
  order: StandardOrder,
): Promise<LaunchTemplateRecord> =>
  attemptOne(
    context,
    caller.actor,
    'modify-launch-template',
    once({ caller, sort: 'template', order }, setting(caller, order), ({ mirror }) =>
      ownTemplate(mirror, caller.project, order.id),
    ),
  )

const setting =
  (caller: Caller, { id, version: number, dryRun }: StandardOrder): Propose<LaunchTemplateRecord> =>
  async (context) => {
    await context.mirror.fresh(caller.project)
    const before = ownTemplate(context.mirror, caller.project, id)
    const version = versionNumbered(versionsOf(context.mirror, before), number)
    if (before.wish.standard === number) return { change: undefined, value: before }
    const { template, update } = rewritten(before, { ...before.wish, standard: number })
    // It may be deleted just now.
    return { value: template, change: dryRun ? undefined : { holds: [held(version)], updates: [update] } }
  }

/** Faults: 'not-found', 'conflict', 'unavailable'. */
export const deleteLaunchTemplate = (
  context: Context,
  caller: Caller,
  { id, dryRun }: DeleteOrder,
): Promise<LaunchTemplateRecord> =>
  attemptOne(context, caller.actor, 'delete-launch-template', async ({ mirror }) => {
    await mirror.fresh(caller.project)
    const value = ownTemplate(mirror, caller.project, id)
    return { value, change: dryRun ? undefined : templateRemoval(mirror, value) }
  })

/** What removes a template with its versions and names. */
export const templateRemoval = (
  mirror: Templates,
  template: LaunchTemplateRecord,
): Required<Pick<Change, 'removals' | 'releases'>> => ({
  removals: [removalOf(template), ...versionsOf(mirror, template).map(removalOf)],
  releases: namesOf(template).map((field) => ({ hash: 'names', field })),
})

const removalOf = ({ kind, id, project, generation }: LaunchTemplateRecord | LaunchTemplateVersionRecord): Removal => ({
  ref: { kind, id },
  project,
  generation,
})

/** Faults: 'not-found' for the template, 'conflict', 'unavailable'. */
export const deleteTemplateVersions = (
  context: Context,
  caller: Caller,
  { id, versions: asked, dryRun }: VersionsOrder,
): Promise<readonly VersionEnd[]> =>
  attemptOne(context, caller.actor, 'delete-launch-template-versions', async ({ mirror }) => {
    await mirror.fresh(caller.project)
    const before = ownTemplate(mirror, caller.project, id)
    const versions = versionsOf(mirror, before)
    const value = [...new Set(asked)].map((number) => ({ number, ended: endOf(before, versions, number) }))
    const ended = new Set(value.filter((one) => one.ended === 'deleted').map(({ number }) => number))
    if (dryRun || ended.size === 0) return { change: undefined, value }
    const latest = Math.max(...versions.map(({ wish }) => wish.number).filter((number) => !ended.has(number)))
    // The template is written even where nothing of it changes: two who delete are told apart by its generation.
    const { update } = rewritten(before, { ...before.wish, latest })
    const removals = versions.filter(({ wish }) => ended.has(wish.number)).map(removalOf)
    return { value, change: { updates: [update], removals } }
  })

function endOf(
  { wish }: LaunchTemplateRecord,
  versions: readonly LaunchTemplateVersionRecord[],
  number: number,
): VersionEnd['ended'] {
  if (number === wish.standard) return 'standard'
  return versions.some((one) => one.wish.number === number) ? 'deleted' : 'unknown'
}
