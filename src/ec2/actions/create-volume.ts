import { fault } from '../../faults'
import { action } from '../action'
import { digestOf } from '../launch/digest'
import { tagsAtCreation } from '../resources/tags'
import { volumeType } from '../resources/volume-type'
import { ownVolume } from '../show/volume'

const off = { accepts: (value: boolean) => !value, only: 'false' }

/** CreateVolume: an empty volume in a zone. It is made on a host when it is first attached, and lives there from then on. */
export const createVolume = action(
  'CreateVolume',
  {
    AvailabilityZone: 'honoured',
    Size: 'honoured',
    VolumeType: 'honoured',
    TagSpecifications: 'honoured',
    ClientToken: 'honoured',
    Encrypted: off,
    MultiAttachEnabled: off,
    AvailabilityZoneId: 'refused',
    Iops: 'refused',
    KmsKeyId: 'refused',
    Operator: 'refused',
    OutpostArn: 'refused',
    // Until there are snapshots.
    SnapshotId: 'refused',
    Throughput: 'refused',
    VolumeInitializationRate: 'refused',
  },
  async (input, context) => {
    for (const field of ['AvailabilityZone', 'Size'] as const)
      if (input[field] === undefined || input[field] === '')
        throw fault('missing', `The request must contain the parameter ${field}`, { field })
    const record = await context.operations.createStorage(context.caller, {
      sizeGiB: input.Size ?? 0,
      zone: input.AvailabilityZone ?? '',
      type: volumeType(input.VolumeType),
      tags: tagsAtCreation(input.TagSpecifications, 'volume'),
      ...(input.ClientToken ? { token: { token: input.ClientToken, digest: digestOf(input) } } : {}),
      ...(input.DryRun ? { dryRun: true } : {}),
    })
    return ownVolume({ record, attachment: undefined })
  },
)
