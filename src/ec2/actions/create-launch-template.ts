import { action } from '../action'
import { tokenOf } from '../client-token'
import { tagsAtCreation } from '../resources/tags'
import { keptData } from '../templates/data'
import { showTemplate } from '../templates/show'

/** CreateLaunchTemplate: with its first version, which is the default one. */
export const createLaunchTemplate = action(
  'CreateLaunchTemplate',
  {
    ClientToken: 'honoured',
    LaunchTemplateName: 'honoured',
    VersionDescription: 'honoured',
    LaunchTemplateData: 'honoured',
    TagSpecifications: 'honoured',
    Operator: 'refused',
  },
  async (input, context) => {
    const { template } = await context.operations.createLaunchTemplate(context.caller, {
      name: input.LaunchTemplateName ?? '',
      ...keptData(input.LaunchTemplateData ?? {}),
      tags: tagsAtCreation(input.TagSpecifications, 'launch-template'),
      ...(input.VersionDescription ? { description: input.VersionDescription } : {}),
      ...tokenOf(input),
      dryRun: input.DryRun === true,
    })
    return { LaunchTemplate: showTemplate(template, context) }
  },
)
