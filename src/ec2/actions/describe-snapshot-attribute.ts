import { fault } from '../../faults'
import { action } from '../action'
import { shorten } from '../codec'
import { snapshotNamed } from '../resources/snapshots'
import { showPermissions } from '../show/snapshot'

/** DescribeSnapshotAttribute: who may make volumes of it; product codes, of which there are none. */
export const describeSnapshotAttribute = action(
  'DescribeSnapshotAttribute',
  { SnapshotId: 'honoured', Attribute: 'honoured' },
  async (input, context) => {
    const record = await snapshotNamed(input.SnapshotId, context)
    const { name } = record.wish
    switch (input.Attribute) {
      case 'createVolumePermission':
        if (record.project !== context.caller.project)
          throw fault('forbidden', `You are not the owner of the snapshot ${name}`, { field: 'SnapshotId' })
        return { SnapshotId: name, CreateVolumePermissions: showPermissions(record) }
      case 'productCodes':
        return { SnapshotId: name, ProductCodes: [] }
      case undefined:
        throw fault('missing', 'The request must contain the parameter Attribute', { field: 'Attribute' })
      default:
        throw fault('invalid', `A snapshot has no attribute ${shorten(input.Attribute)}`, { field: 'Attribute' })
    }
  },
)
