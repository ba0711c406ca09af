import { fault } from '../../faults'
import { action } from '../action'
import { shorten } from '../codec'
import { instanceNamed } from '../resources/instances'

/** ResetInstanceAttribute: sourceDestCheck is what it would be reset to anyway; machines here have no kernel of their own. */
export const resetInstanceAttribute = action(
  'ResetInstanceAttribute',
  { InstanceId: 'honoured', Attribute: 'honoured' },
  async ({ InstanceId, Attribute = '' }, context) => {
    await instanceNamed(InstanceId, context)
    const field = 'Attribute'
    if (Attribute === 'kernel' || Attribute === 'ramdisk')
      throw fault('unsupported', `The attribute ${Attribute} cannot be reset on this gateway`, { field })
    if (Attribute !== 'sourceDestCheck')
      throw fault(
        'invalid',
        `Value (${shorten(Attribute)}) for parameter Attribute is invalid. Expected: kernel, ramdisk or sourceDestCheck`,
        { field },
      )
    return {}
  },
)
