import type { Placement, PlacementGroup } from '@aws-sdk/client-ec2'
import type { ComputeRecord, PlacementGroupRecord } from '../../model/records'
import type { Ec2Context } from '../action'
import { showTags } from '../show/tags'
import { zoneOf } from '../show/where'
import { affinityOf, hostIdOf, tenancyOf } from './hosting'
import { spreadLevelOf, strategyOf } from './strategy'

export const placementGroupArn = (name: string, { caller, region }: Ec2Context): string =>
  `arn:aws:ec2:${region}:${caller.account}:placement-group/${name}`

/** A placement group as EC2 shows it. It is made and gone with the answer, so it is always available. */
export function showPlacementGroup({ wish }: PlacementGroupRecord, context: Ec2Context): PlacementGroup {
  const { name, group, rule, tags } = wish
  const level = spreadLevelOf(rule)
  return {
    GroupName: name,
    State: 'available',
    Strategy: strategyOf(rule),
    ...(rule.partitions === undefined ? {} : { PartitionCount: rule.partitions }),
    GroupId: group,
    Tags: showTags(tags),
    GroupArn: placementGroupArn(name, context),
    ...(level === undefined ? {} : { SpreadLevel: level }),
  }
}

/** Where a machine is and is to be; members that old clients fail without are there even when empty. */
export function showPlacement(record: ComputeRecord, { operations }: Pick<Ec2Context, 'operations'>): Placement {
  const group = operations.placementGroupOf(record)
  const partition = record.wish.placementGroup?.partition
  const host = hostIdOf(record)
  return {
    AvailabilityZone: zoneOf(record),
    GroupName: group?.wish.name ?? '',
    ...(group ? { GroupId: group.wish.group } : {}),
    ...(partition === undefined ? {} : { PartitionNumber: partition }),
    Tenancy: tenancyOf(record.wish.hosting),
    ...(host === undefined ? {} : { HostId: host, Affinity: affinityOf(record.wish.hosting) }),
  }
}
