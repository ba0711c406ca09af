import type { LaunchTemplateUsed } from '../../model/records'
import type { Ec2Context, Input } from '../action'
import { templateNamed, versionNamed } from './asked'
import { dataOf } from './data'
import { merged } from './merged'

type Run = Input<'RunInstances'>

/** A launch with what its launch template says. Faults: 'missing', 'combination', 'malformed', 'invalid', 'not-found' (template, version). */
export async function withTemplate(
  input: Run,
  context: Ec2Context,
): Promise<{ readonly whole: Run; readonly launchTemplate?: LaunchTemplateUsed }> {
  const { LaunchTemplate: named, ...said } = input
  if (named === undefined) return { whole: input }
  const template = await templateNamed(named, context)
  const version = await versionNamed(template, named.Version, context)
  return {
    whole: merged(dataOf(version, context), said),
    launchTemplate: { template: template.wish.template, version: version.wish.number },
  }
}
