import { fault } from '../../faults'
import { action } from '../action'
import { shorten } from '../codec'
import { snapshotNamed } from '../resources/snapshots'

const accounts = (users: readonly string[] | undefined, groups: readonly string[] | undefined): readonly string[] => {
  const other = (groups ?? []).find((group) => group !== 'all')
  if (other !== undefined)
    throw fault('invalid', `There is no group ${shorten(other)}; there is: all`, { field: 'UserGroup' })
  // Everybody is a group: an account of that name would open the snapshot by mistake.
  if (users?.includes('all')) throw fault('invalid', 'all is a group (UserGroup), no account', { field: 'UserId' })
  return [...(users ?? []), ...(groups ?? [])]
}

/** ModifySnapshotAttribute: createVolumePermission, as lists to add and remove or in the older form with OperationType. */
export const modifySnapshotAttribute = action(
  'ModifySnapshotAttribute',
  {
    SnapshotId: 'honoured',
    Attribute: { accepts: (value: string) => value === 'createVolumePermission', only: 'createVolumePermission' },
    CreateVolumePermission: 'honoured',
    OperationType: 'honoured',
    UserIds: 'honoured',
    GroupNames: 'honoured',
  },
  async (input, context) => {
    const { id } = await snapshotNamed(input.SnapshotId, context)
    const { Add = [], Remove = [] } = input.CreateVolumePermission ?? {}
    const named = accounts(input.UserIds, input.GroupNames)
    const list = (given: typeof Add) =>
      accounts(
        given.flatMap(({ UserId }) => UserId ?? []),
        given.flatMap(({ Group }) => Group ?? []),
      )
    const add = [...list(Add), ...(input.OperationType === 'add' ? named : [])]
    const remove = [...list(Remove), ...(input.OperationType === 'remove' ? named : [])]
    if (named.length > 0 && input.OperationType === undefined)
      throw fault('missing', 'The request must contain the parameter OperationType', { field: 'OperationType' })
    if (add.length + remove.length === 0)
      throw fault('missing', 'The request must contain the parameter CreateVolumePermission', {
        field: 'CreateVolumePermission',
      })
    await context.operations.shareSnapshot(context.caller, id, { add, remove, dryRun: input.DryRun === true })
    return {}
  },
)
