import { action } from '../action'
import { groupNamed } from '../groups/asked'

/** DeleteSecurityGroup: refused while a machine has it or another group's rules name it. */
export const deleteSecurityGroup = action(
  'DeleteSecurityGroup',
  { GroupId: 'honoured', GroupName: 'honoured' },
  async (input, context) => {
    const { id, wish } = await groupNamed({ id: input.GroupId, name: input.GroupName }, context)
    await context.operations.deleteGroups(context.caller, { ids: [id], dryRun: input.DryRun === true })
    return { Return: true, GroupId: wish.group }
  },
)
