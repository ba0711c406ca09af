import type { ComputeRecord } from '../../model/records'
import { subnetIdOf, vpcIdOf } from '../default-vpc'

/** Where it is, or else where it is wanted. */
export const zoneOf = ({ place, wish }: ComputeRecord): string => place.zone ?? wish.zone ?? ''

/** The default VPC and the subnet of its zone: none before it has a zone, none of a deleted machine. */
export function placeInVpc(record: ComputeRecord): { readonly VpcId?: string; readonly SubnetId?: string } {
  const { project, wish } = record
  if (project === null || !wish.exists) return {}
  const zone = zoneOf(record)
  return { VpcId: vpcIdOf(project), ...(zone === '' ? {} : { SubnetId: subnetIdOf(project, zone) }) }
}
