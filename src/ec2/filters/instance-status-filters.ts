import type { InstanceStatus } from '@aws-sdk/client-ec2'
import type { FilterTable } from './filter'

/** Filters of DescribeInstanceStatus: they ask what is shown. */
export const instanceStatusFilters: FilterTable<InstanceStatus> = {
  says: {
    'availability-zone': (shown) => shown.AvailabilityZone,
    'instance-state-code': (shown) => shown.InstanceState?.Code,
    'instance-state-name': (shown) => shown.InstanceState?.Name,
    'instance-status.status': (shown) => shown.InstanceStatus?.Status,
    'instance-status.reachability': (shown) => shown.InstanceStatus?.Details?.[0]?.Status,
    'system-status.status': (shown) => shown.SystemStatus?.Status,
    'system-status.reachability': (shown) => shown.SystemStatus?.Details?.[0]?.Status,
  },
  silent: [
    'application-status.status',
    'attached-ebs-status.status',
    'availability-zone-id',
    'event.code',
    'event.description',
    'event.instance-event-id',
    'event.not-after',
    'event.not-before',
    'event.not-before-deadline',
    'operator.managed',
    'operator.principal',
  ],
}
