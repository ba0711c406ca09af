import { fault } from '../../faults'
import { action } from '../action'
import { tokenOf } from '../client-token'
import { numberOf, templateNamed } from '../templates/asked'
import { showTemplate } from '../templates/show'

/** ModifyLaunchTemplate: another default version. */
export const modifyLaunchTemplate = action(
  'ModifyLaunchTemplate',
  {
    ClientToken: 'honoured',
    LaunchTemplateId: 'honoured',
    LaunchTemplateName: 'honoured',
    DefaultVersion: 'honoured',
  },
  async (input, context) => {
    const before = await templateNamed(input, context)
    const field = 'SetDefaultVersion'
    if (!input.DefaultVersion) throw fault('missing', `The request must contain the parameter ${field}`, { field })
    const template = await context.operations.setStandardVersion(context.caller, {
      id: before.id,
      version: numberOf(before, input.DefaultVersion, field),
      ...tokenOf(input),
      dryRun: input.DryRun === true,
    })
    return { LaunchTemplate: showTemplate(template, context) }
  },
)
