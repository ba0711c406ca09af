/** What a ModifyInstanceAttribute asks for: exactly one attribute, in either of its two forms (`X.Value=…` or Attribute and Value). */
import { fault } from '../../faults'
import type { Input } from '../action'
import { shorten } from '../codec'

type Modify = Input<'ModifyInstanceAttribute'>
export type DiskMapping = NonNullable<Modify['BlockDeviceMappings']>[number]

export type Modification =
  | { readonly what: 'type'; readonly type: string }
  /** base64 */
  | { readonly what: 'userData'; readonly userData: string }
  | { readonly what: 'protection'; readonly isProtected: boolean }
  | { readonly what: 'shutdown'; readonly onShutdown: 'stop' | 'terminate' }
  /** `sg-…` */
  | { readonly what: 'groups'; readonly groups: readonly string[] }
  /** Whether disks end with their machine. */
  | { readonly what: 'disks'; readonly mappings: readonly DiskMapping[] }
  /** It asks for what is so anyway. */
  | { readonly what: 'nothing' }

/** Faults: 'missing' for none, 'combination' for several, 'invalid', 'unsupported'. */
export function modificationOf(input: Modify): Modification {
  const [first, ...more] = [...named(input), ...byName(input)]
  if (!first) throw fault('missing', 'The request must name an attribute to modify', { field: 'Attribute' })
  if (more.length > 0)
    throw fault('combination', 'Fields for multiple attribute types specified', { field: 'Attribute' })
  return first
}

function named(input: Modify): readonly Modification[] {
  const { InstanceType, UserData, DisableApiTermination, InstanceInitiatedShutdownBehavior } = input
  const { SourceDestCheck, EbsOptimized, EnaSupport, DisableApiStop, BlockDeviceMappings } = input
  const harmless = [SourceDestCheck, EbsOptimized, EnaSupport, DisableApiStop]
  return [
    ...(InstanceType ? [{ what: 'type', type: InstanceType.Value ?? '' } as const] : []),
    ...(UserData
      ? [{ what: 'userData', userData: Buffer.from(UserData.Value ?? '').toString('base64') } as const]
      : []),
    ...(BlockDeviceMappings ? [{ what: 'disks', mappings: BlockDeviceMappings } as const] : []),
    ...(input.Groups ? [{ what: 'groups', groups: input.Groups } as const] : []),
    ...(DisableApiTermination ? [protection(DisableApiTermination.Value)] : []),
    ...(InstanceInitiatedShutdownBehavior ? [shutdown(InstanceInitiatedShutdownBehavior.Value)] : []),
    // Refused before, by the action, where they ask for something else than what is so.
    ...harmless.filter((value) => value !== undefined).map(() => ({ what: 'nothing' }) as const),
  ]
}

function byName({ Attribute, Value }: Modify): readonly Modification[] {
  // Old clients name the attribute beside its own parameter.
  if (Attribute === undefined || Value === undefined) return []
  switch (Attribute) {
    case 'instanceType':
      return [{ what: 'type', type: Value }]
    case 'userData':
      return [{ what: 'userData', userData: Value }]
    case 'disableApiTermination':
      return [protection(booleanOf(Value))]
    case 'instanceInitiatedShutdownBehavior':
      return [shutdown(Value)]
    case 'sourceDestCheck':
      return [onlyIf(booleanOf(Value), Attribute, 'true')]
    case 'ebsOptimized':
    case 'disableApiStop':
      return [onlyIf(!booleanOf(Value), Attribute, 'false')]
    default:
      throw fault('unsupported', `The attribute ${shorten(Attribute)} cannot be modified on this gateway`, {
        field: 'Attribute',
      })
  }
}

const protection = (value: boolean | undefined): Modification => ({ what: 'protection', isProtected: value ?? false })

function shutdown(value: string | undefined): Modification {
  if (value === 'stop' || value === 'terminate') return { what: 'shutdown', onShutdown: value }
  throw wrongValue(value ?? '', 'stop or terminate')
}

function booleanOf(value: string): boolean {
  const lower = value.toLowerCase()
  if (lower === 'true' || lower === '1') return true
  if (lower === 'false' || lower === '0') return false
  throw wrongValue(value, 'true or false')
}

const wrongValue = (value: string, expected: string) =>
  fault('invalid', `Value (${shorten(value)}) for parameter Value is invalid. Expected: ${expected}`, {
    field: 'Value',
  })

function onlyIf(holds: boolean, attribute: string, only: string): Modification {
  if (holds) return { what: 'nothing' }
  throw fault('unsupported', `The attribute ${attribute} is supported only as: ${only}`, { field: 'Attribute' })
}
