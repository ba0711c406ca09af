import { action } from '../action'
import { templateNamed } from '../templates/asked'
import { showTemplate } from '../templates/show'

/** DeleteLaunchTemplate: with all its versions. Machines that were launched by it stay. */
export const deleteLaunchTemplate = action(
  'DeleteLaunchTemplate',
  { LaunchTemplateId: 'honoured', LaunchTemplateName: 'honoured' },
  async (input, context) => {
    const { id } = await templateNamed(input, context)
    const order = { id, dryRun: input.DryRun === true }
    return {
      LaunchTemplate: showTemplate(await context.operations.deleteLaunchTemplate(context.caller, order), context),
    }
  },
)
