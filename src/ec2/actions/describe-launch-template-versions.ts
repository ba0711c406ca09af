import { fault } from '../../faults'
import type { LaunchTemplateRecord, LaunchTemplateVersionRecord } from '../../model/records'
import { versionNumbered } from '../../operations/launch-templates/read'
import { action, type Ec2Context, type Input } from '../action'
import { filterBy } from '../filters/filter'
import { launchTemplateVersionFilters, type NumberedVersion } from '../filters/launch-template-filters'
import { page } from '../paging'
import { isNamed, numberOf, refuseTooManyVersions, templateNamed } from '../templates/asked'
import { showVersion } from '../templates/show'

type Asked = Input<'DescribeLaunchTemplateVersions'>

/** DescribeLaunchTemplateVersions: of one template, or the latest and default ones of all. The newest first, as EC2 lists them. */
export const describeLaunchTemplateVersions = action(
  'DescribeLaunchTemplateVersions',
  {
    LaunchTemplateId: 'honoured',
    LaunchTemplateName: 'honoured',
    Versions: 'honoured',
    MinVersion: 'honoured',
    MaxVersion: 'honoured',
    Filters: 'honoured',
    MaxResults: 'honoured',
    NextToken: 'honoured',
    ResolveAlias: 'ignored',
    IncludeManagedResources: 'ignored',
  },
  async (input, context) => {
    const found = await versionsAsked(input, context)
    const { things, next } = page(
      found,
      filterBy(input.Filters, launchTemplateVersionFilters, context),
      input,
      {
        action: 'DescribeLaunchTemplateVersions',
        min: 1,
        max: 200,
        idOf: ({ version }) => version.id,
        // Newest first: a page goes on with what is older.
        madeAt: ({ version }) => Number.MAX_SAFE_INTEGER - version.wish.createdAt,
      },
      context,
    )
    return {
      LaunchTemplateVersions: things.map(({ template, version }) => showVersion(template, version, context)),
      NextToken: next,
    }
  },
)

/** Faults: 'missing', 'invalid', 'combination', 'malformed', 'not-found' (template, version). */
async function versionsAsked(input: Asked, context: Ec2Context): Promise<readonly NumberedVersion[]> {
  const { operations, caller } = context
  const words = input.Versions ?? []
  refuseTooManyVersions(words)
  if (!isNamed(input)) refuseNumbers(words)
  const asked = isNamed(input) ? [await templateNamed(input, context)] : await operations.listLaunchTemplates(caller)
  const all = await operations.listTemplateVersions(caller)
  // Nobody asked for one that was deleted between these two.
  const templates = isNamed(input) ? asked : asked.filter(({ id }) => all.some(({ wish }) => wish.template === id))
  return templates
    .flatMap((template) =>
      chosen(
        template,
        all.filter(({ wish }) => wish.template === template.id),
        input,
      ).map((version) => ({
        template,
        version,
      })),
    )
    .sort(
      ({ version: { wish: one } }, { version: { wish: other } }) =>
        other.createdAt - one.createdAt || other.number - one.number,
    )
}

function refuseNumbers(words: readonly string[]): void {
  const field = 'LaunchTemplateVersion'
  if (words.length === 0)
    throw fault('missing', 'The request must contain the parameter LaunchTemplateId or LaunchTemplateName', { field })
  if (words.some((word) => word !== '$Latest' && word !== '$Default'))
    throw fault('invalid', 'Of all launch templates only the versions $Latest and $Default can be described', { field })
}

function chosen(
  template: LaunchTemplateRecord,
  versions: readonly LaunchTemplateVersionRecord[],
  { Versions: words = [], MinVersion, MaxVersion }: Asked,
): readonly LaunchTemplateVersionRecord[] {
  const least = MinVersion ? numberOf(template, MinVersion, 'MinVersion') : 0
  const most = MaxVersion ? numberOf(template, MaxVersion, 'MaxVersion') : Number.POSITIVE_INFINITY
  const numbers = new Set(words.map((word) => numberOf(template, word, 'LaunchTemplateVersion')))
  const named = numbers.size === 0 ? versions : [...numbers].map((number) => versionNumbered(versions, number))
  return named.filter(({ wish }) => wish.number >= least && wish.number <= most)
}
