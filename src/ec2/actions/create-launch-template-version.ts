import { action, type Ec2Context, type Input } from '../action'
import { tokenOf } from '../client-token'
import { templateNamed, versionNamed } from '../templates/asked'
import { dataOf, keptData, type TemplateData } from '../templates/data'
import { showVersion } from '../templates/show'

/** CreateLaunchTemplateVersion: anew, or a former version with what is said in its place. */
export const createLaunchTemplateVersion = action(
  'CreateLaunchTemplateVersion',
  {
    ClientToken: 'honoured',
    LaunchTemplateId: 'honoured',
    LaunchTemplateName: 'honoured',
    SourceVersion: 'honoured',
    VersionDescription: 'honoured',
    LaunchTemplateData: 'honoured',
    // An image is named by its id: there is no other name to resolve.
    ResolveAlias: 'ignored',
  },
  async (input, context) => {
    const { id } = await templateNamed(input, context)
    const { template, version } = await context.operations.addTemplateVersion(context.caller, {
      id,
      ...keptData(await wholeData(input, context)),
      ...(input.VersionDescription ? { description: input.VersionDescription } : {}),
      ...tokenOf(input),
      dryRun: input.DryRun === true,
    })
    return { LaunchTemplateVersion: showVersion(template, version, context) }
  },
)

async function wholeData(input: Input<'CreateLaunchTemplateVersion'>, context: Ec2Context): Promise<TemplateData> {
  const said = input.LaunchTemplateData ?? {}
  if (!input.SourceVersion) return said
  const source = await versionNamed(await templateNamed(input, context), input.SourceVersion, context)
  return { ...dataOf(source, context), ...said } as TemplateData
}
