import type { ResponseError } from '@aws-sdk/client-ec2'
import { fault } from '../../faults'
import type { VersionEnd } from '../../operations/launch-templates/operations'
import { action } from '../action'
import { numberOf, refuseTooManyVersions, templateNamed } from '../templates/asked'

/** In EC2's words, which has no code of its own for the default one. */
const REFUSED: Readonly<Record<Exclude<VersionEnd['ended'], 'deleted'>, ResponseError>> = {
  unknown: {
    Code: 'launchTemplateVersionDoesNotExist',
    Message: 'The specified launch template version does not exist.',
  },
  standard: {
    Code: 'unexpectedError',
    Message: 'The default version of a launch template cannot be deleted: set another one first.',
  },
}

/** DeleteLaunchTemplateVersions: each by itself; what is refused is told beside what is deleted. */
export const deleteLaunchTemplateVersions = action(
  'DeleteLaunchTemplateVersions',
  { LaunchTemplateId: 'honoured', LaunchTemplateName: 'honoured', Versions: 'honoured' },
  async (input, context) => {
    const template = await templateNamed(input, context)
    const field = 'LaunchTemplateVersion'
    const words = input.Versions ?? []
    if (words.length === 0) throw fault('missing', `The request must contain the parameter ${field}`, { field })
    refuseTooManyVersions(words)
    const ends = await context.operations.deleteTemplateVersions(context.caller, {
      id: template.id,
      versions: words.map((word) => numberOf(template, word, field)),
      dryRun: input.DryRun === true,
    })
    const shown = (number: number) => ({
      LaunchTemplateId: template.wish.template,
      LaunchTemplateName: template.wish.name,
      VersionNumber: number,
    })
    return {
      SuccessfullyDeletedLaunchTemplateVersions: ends.flatMap(({ number, ended }) =>
        ended === 'deleted' ? [shown(number)] : [],
      ),
      UnsuccessfullyDeletedLaunchTemplateVersions: ends.flatMap(({ number, ended }) =>
        ended === 'deleted' ? [] : [{ ...shown(number), ResponseError: REFUSED[ended] }],
      ),
    }
  },
)
