import { fault } from '../../faults'
import { action } from '../action'
import { shorten } from '../codec'
import { defaultVpcs } from '../default-vpc'
import { pick } from '../filters/pick'
import { checkShortNames } from '../resources/short-names'

const ATTRIBUTES = {
  enableDnsSupport: 'EnableDnsSupport',
  enableDnsHostnames: 'EnableDnsHostnames',
  enableNetworkAddressUsageMetrics: 'EnableNetworkAddressUsageMetrics',
} as const
const isKnown = (name: string): name is keyof typeof ATTRIBUTES => Object.hasOwn(ATTRIBUTES, name)

/** DescribeVpcAttribute: all three are off, because the gateway runs no resolver and names no guest in a DNS. */
export const describeVpcAttribute = action(
  'DescribeVpcAttribute',
  { VpcId: 'honoured', Attribute: 'honoured' },
  async ({ VpcId = '', Attribute = '' }, context) => {
    checkShortNames('vpc', [VpcId], 'VpcId')
    pick(await defaultVpcs(context), [VpcId], {
      nameOf: (vpc) => vpc.VpcId,
      field: 'VpcId',
      subject: 'vpc',
      says: (id) => `The vpc ID '${id}' does not exist`,
    })
    if (!isKnown(Attribute))
      throw fault(
        'invalid',
        `Value (${shorten(Attribute)}) for parameter Attribute is invalid. Expected: one of ${Object.keys(ATTRIBUTES).join(', ')}`,
        { field: 'Attribute' },
      )
    return { VpcId, [ATTRIBUTES[Attribute]]: { Value: false } }
  },
)
