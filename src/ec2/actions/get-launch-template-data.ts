import { action } from '../action'
import { instanceNamed } from '../resources/instances'
import { dataOfMachine } from '../templates/of-machine'

/** GetLaunchTemplateData: what a launch template would say for another machine like this one. */
export const getLaunchTemplateData = action(
  'GetLaunchTemplateData',
  { InstanceId: 'honoured' },
  async (input, context) => ({
    LaunchTemplateData: dataOfMachine(await instanceNamed(input.InstanceId, context), context),
  }),
)
