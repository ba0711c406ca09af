/** Launch templates and their versions, as requests name them. */
import type { LaunchTemplateSpecification } from '@aws-sdk/client-ec2'
import { fault } from '../../faults'
import type { LaunchTemplateRecord, LaunchTemplateVersionRecord } from '../../model/records'
import { versionNumbered } from '../../operations/launch-templates/read'
import type { Ec2Context } from '../action'
import { shorten } from '../codec'
import { pick } from '../filters/pick'
import { checkShortNames } from '../resources/short-names'

type Asking = Pick<Ec2Context, 'operations' | 'caller'>
type Named = Pick<LaunchTemplateSpecification, 'LaunchTemplateId' | 'LaunchTemplateName'>

/** EC2 takes at most so many versions in one request. */
const MOST_VERSIONS = 200

/** Those of these ids and those of these names, or all when none is named. Faults: 'malformed', 'not-found' naming all that are not there. */
export async function templatesAsked(
  {
    ids = [],
    names = [],
  }: { readonly ids?: readonly string[] | undefined; readonly names?: readonly string[] | undefined },
  { operations, caller }: Asking,
): Promise<readonly LaunchTemplateRecord[]> {
  checkShortNames('launchtemplate', ids, 'LaunchTemplateId')
  const all = await operations.listLaunchTemplates(caller)
  if (ids.length === 0 && names.length === 0) return all
  const byId = ids.length === 0 ? [] : pick(all, ids, BY_ID)
  const byName = names.length === 0 ? [] : pick(all, names, BY_NAME)
  return all.filter((template) => byId.includes(template) || byName.includes(template))
}

const says =
  (by: string) =>
  (missing: string): string =>
    `The specified launch template, with template ${by} ${missing}, does not exist.`
const BY_ID = {
  subject: 'launchtemplate',
  field: 'LaunchTemplateId',
  says: says('ID'),
  nameOf: ({ wish }: LaunchTemplateRecord) => wish.template,
}
const BY_NAME = {
  subject: 'launchtemplatename',
  field: 'LaunchTemplateName',
  says: says('name'),
  nameOf: ({ wish }: LaunchTemplateRecord) => wish.name,
}

export const isNamed = ({ LaunchTemplateId, LaunchTemplateName }: Named): boolean =>
  Boolean(LaunchTemplateId) || Boolean(LaunchTemplateName)

/** The one of this id or this name. Faults: 'missing', 'combination' for both, 'malformed', 'not-found'. */
export async function templateNamed(named: Named, context: Asking): Promise<LaunchTemplateRecord> {
  const { LaunchTemplateId: id, LaunchTemplateName: name } = named
  const field = 'LaunchTemplateId'
  if (id && name)
    throw fault('combination', 'Either LaunchTemplateId or LaunchTemplateName is given, not both', { field })
  const asked = { ids: id ? [id] : [], names: name ? [name] : [] }
  const [found] = isNamed(named) ? await templatesAsked(asked, context) : []
  if (found) return found
  throw fault('missing', 'The request must contain the parameter LaunchTemplateId or LaunchTemplateName', { field })
}

/** `$Latest`, `$Default` (what is meant where nothing is said) or a number; whether there is such a version is not looked at. Faults: 'invalid'. */
export function numberOf({ wish }: LaunchTemplateRecord, word: string | undefined, field: string): number {
  if (!word || word === '$Default') return wish.standard
  if (word === '$Latest') return wish.latest
  if (/^\d{1,9}$/.test(word)) return Number(word)
  throw fault(
    'invalid',
    `Value (${shorten(word)}) for parameter ${field} is invalid. Expected: a version number, $Latest or $Default`,
    { field, allowed: ['$Latest', '$Default'] },
  )
}

/** Of one template, in order of their numbers. */
export const versionsOf = async (
  { id }: LaunchTemplateRecord,
  { operations, caller }: Asking,
): Promise<readonly LaunchTemplateVersionRecord[]> =>
  (await operations.listTemplateVersions(caller)).filter(({ wish }) => wish.template === id)

/** Faults: 'invalid', 'not-found'. */
export async function versionNamed(
  template: LaunchTemplateRecord,
  word: string | undefined,
  context: Asking,
): Promise<LaunchTemplateVersionRecord> {
  return versionNumbered(await versionsOf(template, context), numberOf(template, word, 'Version'))
}

/** Faults: 'invalid'. */
export function refuseTooManyVersions(words: readonly string[]): void {
  if (words.length > MOST_VERSIONS)
    throw fault(
      'invalid',
      `The request names ${words.length} launch template versions; at most ${MOST_VERSIONS} are accepted`,
      {
        field: 'LaunchTemplateVersion',
      },
    )
}
