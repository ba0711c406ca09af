import { fault } from '../../faults'
import { action } from '../action'
import { shorten } from '../codec'
import { imageNamed } from '../resources/images'

/** ResetImageAttribute: afterwards only its owner may launch it. */
export const resetImageAttribute = action(
  'ResetImageAttribute',
  { Attribute: 'honoured', ImageId: 'honoured' },
  async (input, context) => {
    if (input.Attribute !== 'launchPermission')
      throw fault(
        'invalid',
        `Value (${shorten(input.Attribute ?? '')}) for parameter Attribute is invalid. Expected: launchPermission`,
        { field: 'Attribute' },
      )
    const { id, wish } = await imageNamed(input.ImageId, context)
    const unshare = wish.sharedWith ?? []
    await context.operations.changeImage(context.caller, id, { unshare, dryRun: input.DryRun === true })
    return {}
  },
)
