import type { AvailabilityZone } from '@aws-sdk/client-ec2'
import type { Zone } from '../../operations/operations'

/** `<region>b` is `<region>-az2`; a zone that the operator named otherwise is its own id. */
function zoneId(region: string, name: string): string {
  const letter = name.startsWith(region) ? name.slice(region.length) : ''
  return /^[a-z]$/.test(letter) ? `${region}-az${letter.charCodeAt(0) - 96}` : name
}

/** A zone as DescribeAvailabilityZones shows it: available while a host of it takes orders. `group`: where its public addresses are of. */
export const showZone = (zone: Zone, region: string, group = region): AvailabilityZone => ({
  OptInStatus: 'opt-in-not-required',
  Messages: [],
  RegionName: region,
  ZoneName: zone.name,
  ZoneId: zoneId(region, zone.name),
  GroupName: region,
  NetworkBorderGroup: group,
  ZoneType: 'availability-zone',
  State: zone.enabled ? 'available' : 'unavailable',
})
