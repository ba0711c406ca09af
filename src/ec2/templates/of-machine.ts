import type { ResponseLaunchTemplateData } from '@aws-sdk/client-ec2'
import { type ComputeRecord, optionsOf } from '../../model/records'
import type { Ec2Context } from '../action'
import { showInterfaces } from '../show/instance-interfaces'
import { showTags } from '../show/tags'

/** What a launch template would say for another machine like this one: its root disk, its first interface, and what its owner said. */
export function dataOfMachine(record: ComputeRecord, context: Ec2Context): ResponseLaunchTemplateData {
  const { wish, place } = record
  const { operations } = context
  const options = optionsOf(wish)
  const image = operations.image(wish.image)
  const zone = wish.zone ?? place.zone
  const group = operations.placementGroupOf(record)
  const userData = operations.userDataOf(record)
  const [root] = wish.disks
  const [first] = showInterfaces(record, context)
  return {
    ...(image ? { ImageId: image.wish.ami } : {}),
    // An OCCI order may name its own sizes: then there is no type, and none is made up.
    ...(wish.size.type === '' ? {} : { InstanceType: wish.size.type as 't2.micro' }),
    ...(wish.keyName === null ? {} : { KeyName: wish.keyName }),
    ...(userData === null ? {} : { UserData: userData }),
    Placement: {
      ...(zone === null ? {} : { AvailabilityZone: zone }),
      ...(group ? { GroupName: group.wish.name } : {}),
    },
    ...(root
      ? {
          BlockDeviceMappings: [
            {
              DeviceName: root.device,
              Ebs: {
                VolumeSize: root.sizeGiB,
                DeleteOnTermination: true,
                ...(root.volumeType ? { VolumeType: root.volumeType } : {}),
              },
            },
          ],
        }
      : {}),
    ...(first
      ? {
          NetworkInterfaces: [
            {
              DeviceIndex: 0,
              DeleteOnTermination: true,
              Groups: (first.Groups ?? []).flatMap(({ GroupId }) => GroupId ?? []),
              ...(first.SubnetId === undefined ? {} : { SubnetId: first.SubnetId }),
            },
          ],
        }
      : {}),
    ...(Object.keys(wish.tags).length === 0
      ? {}
      : { TagSpecifications: [{ ResourceType: 'instance', Tags: showTags(wish.tags) }] }),
    Monitoring: { Enabled: options.monitoring },
    DisableApiTermination: options.isProtected,
    InstanceInitiatedShutdownBehavior: options.onShutdown,
    HibernationOptions: { Configured: options.hibernates },
    MaintenanceOptions: { AutoRecovery: options.restartable ? 'default' : 'disabled' },
    MetadataOptions: {
      HttpTokens: options.metadata.tokens,
      HttpPutResponseHopLimit: options.metadata.hopLimit,
      HttpEndpoint: options.metadata.endpoint,
    },
  }
}
