import { fault } from '../../faults'
import { action, type Ec2Context, type Output } from '../action'
import { shorten } from '../codec'
import { showIdentifiers } from '../groups/show'
import { type Interface, interfaceNamed } from '../resources/interfaces'
import { showInterfaceAttachment } from '../show/interface'

type Show = (it: Interface, context: Ec2Context) => Output<'DescribeNetworkInterfaceAttribute'>

const SHOWN: Readonly<Record<string, Show>> = {
  description: ({ one }) => ({ Description: { Value: one.description ?? '' } }),
  groupSet: ({ compute }, { operations }) => ({ Groups: showIdentifiers(operations.groupsOf(compute)) }),
  sourceDestCheck: () => ({ SourceDestCheck: { Value: true } }),
  attachment: (it, context) => ({ Attachment: showInterfaceAttachment(it, context) }),
  associatePublicIpAddress: () => ({ AssociatePublicIpAddress: false }),
}

/** DescribeNetworkInterfaceAttribute: one attribute of one network interface. */
export const describeNetworkInterfaceAttribute = action(
  'DescribeNetworkInterfaceAttribute',
  { NetworkInterfaceId: 'honoured', Attribute: 'honoured' },
  async ({ NetworkInterfaceId, Attribute = '' }, context) => {
    const it = await interfaceNamed(NetworkInterfaceId, context)
    const show = Object.hasOwn(SHOWN, Attribute) ? SHOWN[Attribute] : undefined
    if (show) return { NetworkInterfaceId: it.one.name, ...show(it, context) }
    throw fault(
      'invalid',
      `Value (${shorten(Attribute)}) for parameter Attribute is invalid. Expected: one of ${Object.keys(SHOWN).join(', ')}`,
      { field: 'Attribute' },
    )
  },
)
