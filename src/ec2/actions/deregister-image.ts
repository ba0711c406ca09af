import { action } from '../action'
import { imageNamed } from '../resources/images'

/** DeregisterImage: no new instances of it; those that there are run on. */
export const deregisterImage = action(
  'DeregisterImage',
  { ImageId: 'honoured', DeleteAssociatedSnapshots: { accepts: (value: boolean) => !value, only: 'false' } },
  async (input, context) => {
    const { id } = await imageNamed(input.ImageId, context)
    await context.operations.deregisterImage(context.caller, id, { dryRun: input.DryRun === true })
    return { Return: true }
  },
)
