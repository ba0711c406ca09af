import { fault } from '../../faults'
import { action, type Ec2Context } from '../action'
import { shorten } from '../codec'
import { vpcIdOf } from '../default-vpc'
import { groupArn } from '../groups/show'
import { tagsAtCreation } from '../resources/tags'
import { showTags } from '../show/tags'

/** CreateSecurityGroup: nothing comes in, everything goes out, until rules say otherwise. */
export const createSecurityGroup = action(
  'CreateSecurityGroup',
  { GroupName: 'honoured', Description: 'honoured', VpcId: 'honoured', TagSpecifications: 'honoured' },
  async (input, context) => {
    refuseOtherVpc(input.VpcId, context)
    const { wish } = await context.operations.createGroup(context.caller, {
      name: input.GroupName ?? '',
      description: input.Description ?? '',
      tags: tagsAtCreation(input.TagSpecifications, 'security-group'),
      dryRun: input.DryRun === true,
    })
    return {
      GroupId: wish.group,
      Tags: showTags(wish.tags),
      SecurityGroupArn: groupArn(wish.group, context.caller.account, context.region),
    }
  },
)

/** Every group is of the default VPC. */
function refuseOtherVpc(id: string | undefined, { caller }: Ec2Context): void {
  if (id === undefined || id === '' || id === vpcIdOf(caller.project)) return
  throw fault('not-found', `The vpc ID '${shorten(id)}' does not exist`, {
    field: 'VpcId',
    subject: { kind: 'vpc', id: shorten(id) },
  })
}
