import type { ComputeRecord, InterfaceWish } from '../../model/records'
import type { Operations } from '../../operations/operations'
import { subnetIdOf, vpcIdOf } from '../default-vpc'

/** Where it is, or else where it is wanted. */
export const zoneOf = ({ place, wish }: ComputeRecord): string => place.zone ?? wish.zone ?? ''

/** eth2 is 2: the number stays when others come and go. */
export const deviceIndexOf = ({ device }: InterfaceWish): number => Number(device.replace(/^\D*/, ''))

/**
 * Where an interface of a machine is (its first, where none is said): the default VPC, and there a network of the project's own, or the subnet
 * of its zone. None before it has a zone, none of a deleted machine.
 */
export function placeInVpc(
  record: ComputeRecord,
  { operations }: { readonly operations: Pick<Operations, 'network'> },
  one: InterfaceWish | undefined = record.wish.interfaces[0],
): { readonly VpcId?: string; readonly SubnetId?: string } {
  const { project, wish } = record
  if (project === null || !wish.exists) return {}
  const network = one === undefined ? undefined : operations.network(one.network)
  if (network?.project === project) return { VpcId: vpcIdOf(project), SubnetId: network.wish.subnet }
  const zone = zoneOf(record)
  return { VpcId: vpcIdOf(project), ...(zone === '' ? {} : { SubnetId: subnetIdOf(project, zone) }) }
}
