/** What a ModifyImageAttribute asks for, in either of its two forms (`LaunchPermission.Add…`, or Attribute with OperationType). */
import { fault } from '../../faults'
import type { ImageChange } from '../../operations/images/operations'
import type { Input } from '../action'
import { shorten } from '../codec'

type Modify = Input<'ModifyImageAttribute'>
type Permission = { readonly Group?: string | undefined; readonly UserId?: string | undefined }

/** Faults: 'missing' for none, 'combination' for several, 'invalid', 'unsupported'. */
export function imageModificationOf(input: Modify): Pick<ImageChange, 'description' | 'share' | 'unshare'> {
  const changes = [
    ...(input.Description ? [described(input.Description.Value)] : []),
    ...permissions(input),
    ...named(input),
  ]
  const [first, ...more] = changes
  if (!first) throw fault('missing', 'The request must name an attribute to modify', { field: 'Attribute' })
  if (more.length > 0)
    throw fault('combination', 'Fields for multiple attribute types specified', { field: 'Attribute' })
  return first
}

const described = (description: string | undefined) => ({ description: description ?? '' })

function permissions({ LaunchPermission }: Modify) {
  if (!LaunchPermission) return []
  const { Add = [], Remove = [] } = LaunchPermission
  return [{ share: Add.map(whom), unshare: Remove.map(whom) }]
}

function whom({ Group, UserId }: Permission): string {
  // Everybody is a group: an account of that name would open the image by mistake.
  if (UserId !== undefined && UserId !== 'all' && Group === undefined) return UserId
  if (Group === 'all' && UserId === undefined) return Group
  throw fault('invalid', 'A launch permission names one account (UserId), or Group=all', { field: 'LaunchPermission' })
}

function named({ Attribute, OperationType, UserIds = [], UserGroups = [], Value }: Modify) {
  if (Attribute === undefined) return []
  if (Attribute === 'description') return Value === undefined ? [] : [described(Value)]
  if (Attribute !== 'launchPermission')
    throw fault('unsupported', `The attribute ${shorten(Attribute)} cannot be modified on this gateway`, {
      field: 'Attribute',
    })
  const all = [...UserIds.map((UserId) => whom({ UserId })), ...UserGroups.map((Group) => whom({ Group }))]
  if (all.length === 0) return []
  if (OperationType === 'add') return [{ share: all, unshare: [] }]
  if (OperationType === 'remove') return [{ share: [], unshare: all }]
  throw fault('invalid', 'OperationType is add or remove', { field: 'OperationType' })
}
