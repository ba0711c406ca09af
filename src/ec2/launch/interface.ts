/**
 * `NetworkInterface.1` of a launch, the form in which some clients name subnet and groups (boto3's examples, Ansible, Terraform): it
 * is the one interface that every machine has. What would make it another one is refused by name.
 */
import { fault } from '../../faults'
import type { SecurityGroupId } from '../../model/ids'
import type { Ec2Context, Input } from '../action'
import { groupsAsked } from '../groups/asked'

type Run = Input<'RunInstances'>

/** What may be said of it: true of every interface here. */
const SO_ANYWAY: Readonly<Record<string, (value: unknown) => boolean>> = {
  DeviceIndex: (value) => value === 0,
  NetworkCardIndex: (value) => value === 0,
  DeleteOnTermination: (value) => value === true,
  AssociatePublicIpAddress: (value) => value === false,
  InterfaceType: (value) => value === 'interface',
  Description: () => true,
}

/** What to do for those that clients ask for most. */
const INSTEAD: Readonly<Record<string, string>> = {
  AssociatePublicIpAddress:
    'a machine has a public address once one is leased (AllocateAddress) and associated with it (AssociateAddress)',
}

interface Wanted {
  readonly subnet: string | undefined
  readonly groups: readonly string[]
}

/** Faults: 'unsupported', 'combination'. */
export function interfaceAsked({ NetworkInterfaces, SubnetId, SecurityGroupIds, SecurityGroups }: Run): Wanted {
  const [one, ...more] = NetworkInterfaces ?? []
  // Packer names a subnet, empty, where none was asked for.
  if (one === undefined) return { subnet: SubnetId || undefined, groups: SecurityGroupIds ?? [] }
  if (more.length > 0) throw unsupported('NetworkInterface.2')
  for (const [field, value] of Object.entries(one)) {
    if (value === undefined || field === 'SubnetId' || field === 'Groups') continue
    if (SO_ANYWAY[field]?.(value) !== true) throw unsupported(`NetworkInterface.1.${field}`, INSTEAD[field])
  }
  if (SubnetId !== undefined || SecurityGroupIds !== undefined || SecurityGroups !== undefined)
    throw fault(
      'combination',
      'Network interfaces and an instance-level subnet ID or security groups may not be specified on the same request',
      { field: 'NetworkInterface' },
    )
  return { subnet: one.SubnetId, groups: one.Groups ?? [] }
}

const unsupported = (field: string, instead?: string) =>
  fault('unsupported', `The parameter ${field} is not supported by this gateway${instead ? `: ${instead}` : ''}`, {
    field,
  })

/** The groups of a launch, in the order of the project's; none: `default`. Faults: 'malformed', 'not-found'. */
export async function launchGroups(
  groups: readonly string[],
  { SecurityGroups }: Run,
  context: Ec2Context,
): Promise<readonly SecurityGroupId[]> {
  if (groups.length === 0 && (SecurityGroups ?? []).length === 0) return []
  return (await groupsAsked({ ids: groups, names: SecurityGroups }, context)).map(({ id }) => id)
}
