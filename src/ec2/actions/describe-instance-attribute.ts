import { action } from '../action'
import { showAttribute } from '../attributes/show-attribute'
import { instanceNamed } from '../resources/instances'

/** DescribeInstanceAttribute: one attribute of one machine. */
export const describeInstanceAttribute = action(
  'DescribeInstanceAttribute',
  { InstanceId: 'honoured', Attribute: 'honoured' },
  async (input, context) =>
    showAttribute(await instanceNamed(input.InstanceId, context), input.Attribute ?? '', context),
)
