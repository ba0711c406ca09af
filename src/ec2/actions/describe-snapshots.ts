import { isSnapshotSharedWith, type SnapshotRecord } from '../../model/storage'
import { action, type Ec2Context } from '../action'
import { filterBy } from '../filters/filter'
import { snapshotFilters } from '../filters/snapshot-filters'
import { page, refusePagingOfNamed } from '../paging'
import { snapshotsAsked } from '../resources/snapshots'
import { showSnapshot, snapshotOwner } from '../show/snapshot'

/** `self` or an account; the site has no public snapshots of its own, so its alias owns none. */
const isOwnedBy =
  (owners: readonly string[] | undefined, context: Ec2Context) =>
  (record: SnapshotRecord): boolean =>
    owners === undefined ||
    owners.length === 0 ||
    owners.some((owner) =>
      owner === 'self' ? record.project === context.caller.project : owner === snapshotOwner(record, context),
    )

/** `self`, `all`, or an account: who may make volumes of it. */
const isRestorableBy =
  (users: readonly string[] | undefined, { caller }: Ec2Context) =>
  (record: SnapshotRecord): boolean =>
    users === undefined ||
    users.length === 0 ||
    users.some((user) =>
      user === 'self' || user === caller.account
        ? record.project === caller.project || isSnapshotSharedWith(record, caller.account)
        : record.wish.sharedWith.includes(user),
    )

/** DescribeSnapshots: the caller's own, and those that others share with it. */
export const describeSnapshots = action(
  'DescribeSnapshots',
  {
    SnapshotIds: 'honoured',
    OwnerIds: 'honoured',
    RestorableByUserIds: 'honoured',
    Filters: 'honoured',
    MaxResults: 'honoured',
    NextToken: 'honoured',
  },
  async (input, context) => {
    refusePagingOfNamed(input.SnapshotIds, input.MaxResults, 'SnapshotId')
    const matches = filterBy(input.Filters, snapshotFilters, context)
    const owned = isOwnedBy(input.OwnerIds, context)
    const restorable = isRestorableBy(input.RestorableByUserIds, context)
    const { things, next } = page(
      await snapshotsAsked(input.SnapshotIds, context),
      (record) => owned(record) && restorable(record) && matches(record),
      input,
      {
        action: 'DescribeSnapshots',
        min: 5,
        max: 1000,
        idOf: ({ id }) => id,
        madeAt: ({ wish }) => wish.createdAt,
      },
      context,
    )
    return { Snapshots: things.map((record) => showSnapshot(record, context)), NextToken: next }
  },
)
