import { fault } from '../../faults'
import { DEFAULT_ADDRESS_QUOTA } from '../../model/records'
import { MOST_OF_ONE } from '../../operations/groups/members'
import { action, type Ec2Context } from '../action'
import { shorten } from '../codec'
import { vpcIdOf } from '../default-vpc'

const addressesOf = ({ operations, caller }: Ec2Context): string =>
  String(operations.project(caller.project)?.wish.quota.addresses ?? DEFAULT_ADDRESS_QUOTA)

/** Each attribute that EC2 has. */
const ATTRIBUTES: Readonly<Record<string, (context: Ec2Context) => string>> = {
  'supported-platforms': () => 'VPC',
  'default-vpc': ({ caller }) => vpcIdOf(caller.project),
  'max-instances': ({ operations, caller }) => String(operations.project(caller.project)?.wish.quota.instances ?? 0),
  'vpc-max-security-groups-per-interface': () => String(MOST_OF_ONE),
  'max-elastic-ips': addressesOf,
  'vpc-max-elastic-ips': addressesOf,
}

/** DescribeAccountAttributes: what the caller's project may have. */
export const describeAccountAttributes = action(
  'DescribeAccountAttributes',
  { AttributeNames: 'honoured' },
  async (input, context) => {
    const names = input.AttributeNames?.length ? input.AttributeNames : Object.keys(ATTRIBUTES)
    return {
      AccountAttributes: names.map((name) => {
        const value = Object.hasOwn(ATTRIBUTES, name) ? ATTRIBUTES[name] : undefined
        if (!value) throw fault('invalid', `The attribute '${shorten(name)}' is invalid`, { field: 'AttributeName' })
        return {
          AttributeName: name as 'default-vpc',
          AttributeValues: [{ AttributeValue: value(context) }],
        }
      }),
    }
  },
)
