import { fault } from '../../faults'
import type { StorageRecord } from '../../model/storage'
import { action, type Ec2Context, type Input } from '../action'
import { orAsBefore, tokenOf } from '../client-token'
import { snapshotNamed } from '../resources/snapshots'
import { tagsAtCreation } from '../resources/tags'
import { checkPerformance, volumeType } from '../resources/volume-type'
import { ownVolume } from '../show/volume'

const off = { accepts: (value: boolean) => !value, only: 'false' }

/** CreateVolume: a volume in a zone, empty or of a snapshot. It is made on a host when it is first attached, and lives there from then on. */
export const createVolume = action(
  'CreateVolume',
  {
    AvailabilityZone: 'honoured',
    Size: 'honoured',
    SnapshotId: 'honoured',
    VolumeType: 'honoured',
    Iops: 'honoured',
    Throughput: 'honoured',
    TagSpecifications: 'honoured',
    ClientToken: 'honoured',
    Encrypted: off,
    MultiAttachEnabled: off,
    AvailabilityZoneId: 'refused',
    KmsKeyId: 'refused',
    Operator: 'refused',
    OutpostArn: 'refused',
    VolumeInitializationRate: 'refused',
  },
  async (input, context) => {
    const { operations, caller } = context
    const order = () => ordered(input, context)
    const record = await orAsBefore(input, order, (token) => operations.createdBefore(caller, token))
    return ownVolume({ record, attachment: undefined })
  },
)

async function ordered(input: Input<'CreateVolume'>, context: Ec2Context): Promise<StorageRecord> {
  const missing = (field: string) => fault('missing', `The request must contain the parameter ${field}`, { field })
  if (!input.AvailabilityZone) throw missing('AvailabilityZone')
  const type = volumeType(input.VolumeType)
  checkPerformance(input, type)
  // Amazon's clients send an empty SnapshotId with a volume that begins empty.
  const snapshot = input.SnapshotId ? await snapshotNamed(input.SnapshotId, context) : undefined
  if (input.Size === undefined && !snapshot) throw missing('Size')
  return context.operations.createStorage(context.caller, {
    ...(input.Size === undefined ? {} : { sizeGiB: input.Size }),
    ...(snapshot ? { snapshot: snapshot.id } : {}),
    zone: input.AvailabilityZone,
    type,
    tags: tagsAtCreation(input.TagSpecifications, 'volume'),
    ...tokenOf(input),
    ...(input.DryRun ? { dryRun: true } : {}),
  })
}
