import type { AvailabilityZone } from '@aws-sdk/client-ec2'
import type { FilterTable } from './filter'

/** Filters of DescribeAvailabilityZones. */
export const zoneFilters: FilterTable<AvailabilityZone> = {
  says: {
    'zone-name': (zone) => zone.ZoneName,
    'zone-id': (zone) => zone.ZoneId,
    'zone-type': (zone) => zone.ZoneType,
    state: (zone) => zone.State,
    'region-name': (zone) => zone.RegionName,
    'group-name': (zone) => zone.GroupName,
    'network-border-group': (zone) => zone.NetworkBorderGroup,
    'opt-in-status': (zone) => zone.OptInStatus,
  },
  silent: ['message', 'parent-zone-id', 'parent-zone-name', 'group-long-name'],
}
