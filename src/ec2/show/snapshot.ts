/** Snapshots as EC2 shows them. Pure. */
import type { CreateVolumePermission, Snapshot } from '@aws-sdk/client-ec2'
import type { SnapshotRecord } from '../../model/storage'
import type { Ec2Context } from '../action'
import { showTags } from './tags'

/** 12 digits: the account of the project that has it. */
export const snapshotOwner = ({ project }: SnapshotRecord, { operations, caller }: Ec2Context): string =>
  project === caller.project || project === null ? caller.account : (operations.project(project)?.wish.account ?? '')

/** Another's are told to nobody. */
export const snapshotTags = (
  { project, wish }: Pick<SnapshotRecord, 'project' | 'wish'>,
  { caller }: Ec2Context,
): SnapshotRecord['wish']['tags'] => (project === caller.project ? wish.tags : {})

/** As CreateSnapshot and DescribeSnapshots show it; another's tags are not shown. */
export function showSnapshot(record: SnapshotRecord, context: Ec2Context): Snapshot {
  const { wish, seen } = record
  return {
    SnapshotId: wish.name,
    VolumeId: wish.volume,
    VolumeSize: wish.sizeGiB,
    State: seen.state,
    ...(seen.message === null ? {} : { StateMessage: seen.message }),
    Progress: `${seen.percent}%`,
    StartTime: new Date(wish.createdAt),
    ...(seen.completedAt === null ? {} : { CompletionTime: new Date(seen.completedAt) }),
    OwnerId: snapshotOwner(record, context),
    Description: wish.description,
    Encrypted: false,
    StorageTier: 'standard',
    Tags: showTags(snapshotTags(record, context)),
  }
}

/** Who may make volumes of it. */
export const showPermissions = ({ wish }: SnapshotRecord): CreateVolumePermission[] =>
  wish.sharedWith.map((one) => (one === 'all' ? { Group: 'all' } : { UserId: one }))
