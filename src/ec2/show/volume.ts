/** Volumes as EC2 shows them. Pure. */
import type { VolumeAttachment, VolumeModification, VolumeStatusItem, Volume as VolumeXml } from '@aws-sdk/client-ec2'
import type { ComputeRecord } from '../../model/records'
import {
  ec2VolumeState,
  GROWS_STOPPED,
  isBroken,
  isGrowing,
  type StorageRecord,
  storageMessage,
  type VolumeType,
} from '../../model/storage'
import type { StorageView } from '../../operations/storage/operations'
import { performanceOf } from '../resources/volume-type'
import { typeOfVolume, type Volume } from '../resources/volumes'
import { diskStatus } from './instance-disks'
import { showTags } from './tags'
import { zoneOf } from './where'

export function showVolume(volume: Volume): VolumeXml {
  return volume.is === 'volume' ? ownVolume(volume) : rootVolume(volume)
}

/** Where it lies, or else where it is wanted; '' for one of OCCI's that any zone will do for. */
const volumeZone = ({ place, wish }: StorageRecord): string => place.zone ?? wish.zone ?? ''

export const ownVolume = (view: StorageView): VolumeXml => {
  const { wish } = view.record
  return {
    VolumeId: wish.name,
    Size: wish.sizeGiB,
    SnapshotId: wish.source?.snapshot ?? '',
    AvailabilityZone: volumeZone(view.record),
    State: ec2VolumeState(view.record, view.attachment),
    CreateTime: new Date(wish.createdAt),
    Attachments: showAttachments(view),
    Tags: showTags(wish.tags),
    VolumeType: wish.type,
    ...performanceOf(wish.type),
    Encrypted: false,
    MultiAttachEnabled: false,
  }
}

const showAttachments = (view: StorageView): VolumeAttachment[] =>
  view.attachment === undefined ? [] : [showAttachment(view)]

/** The attachment; of a volume that hangs nowhere, that it is detached. */
export function showAttachment({ record, attachment }: StorageView): VolumeAttachment {
  const holder = attachment?.holder ?? record.wish.former
  return {
    VolumeId: record.wish.name,
    InstanceId: holder?.computeName,
    Device: holder?.device,
    State: attachment?.state ?? 'detached',
    AttachTime: holder ? new Date(holder.since) : undefined,
    DeleteOnTermination: holder?.deleteOnTermination ?? false,
  }
}

function rootVolume(volume: Extract<Volume, { readonly is: 'root' }>): VolumeXml {
  const { compute, disk } = volume
  const { wish } = compute
  return {
    VolumeId: disk.volume,
    Size: disk.sizeGiB,
    SnapshotId: '',
    AvailabilityZone: zoneOf(compute),
    State: wish.exists ? 'in-use' : 'deleting',
    CreateTime: new Date(wish.createdAt),
    Attachments: [
      {
        VolumeId: disk.volume,
        InstanceId: wish.name,
        Device: disk.device,
        State: wish.exists ? diskStatus(compute, `${wish.name}-${disk.name}`) : 'detaching',
        AttachTime: new Date(wish.createdAt),
        DeleteOnTermination: disk.deleteOnTermination,
      },
    ],
    Tags: showTags(disk.tags ?? {}),
    VolumeType: typeOfVolume(volume),
    ...performanceOf(typeOfVolume(volume)),
    Encrypted: false,
    MultiAttachEnabled: false,
  }
}

const showTypes = (from: VolumeType, to: VolumeType): Partial<VolumeModification> => ({
  OriginalVolumeType: from,
  OriginalIops: performanceOf(from).Iops,
  OriginalThroughput: performanceOf(from).Throughput,
  TargetVolumeType: to,
  TargetIops: performanceOf(to).Iops,
  TargetThroughput: performanceOf(to).Throughput,
})

/** The same for a disk of a machine's own. */
export function showRootModification(
  { wish, seen, journal }: ComputeRecord,
  name: string,
): VolumeModification | undefined {
  const disk = wish.disks.find((one) => one.name === name)
  if (disk?.resized === undefined) return undefined
  const there = seen.machine?.disks.find((one) => one.name === `${wish.name}-${name}`)
  const goesOn = there !== undefined && there.sizeGiB < disk.sizeGiB
  const type = disk.volumeType ?? 'gp2'
  return {
    VolumeId: disk.volume,
    ModificationState: goesOn ? 'modifying' : 'completed',
    StatusMessage: goesOn ? (there.open ? GROWS_STOPPED : (journal.trouble?.message ?? '')) : '',
    OriginalSize: disk.resized.fromGiB,
    TargetSize: disk.sizeGiB,
    ...showTypes(disk.resized.fromType ?? type, type),
    Progress: goesOn ? 0 : 100,
    StartTime: new Date(disk.resized.at),
    EndTime: goesOn ? undefined : new Date(disk.resized.at),
  }
}

/** The last change of its size or type; undefined: there was none. What has no disk yet is as large as wanted when it gets one. */
export function showModification(record: StorageRecord): VolumeModification | undefined {
  const { wish, seen, journal } = record
  if (wish.resized === null) return undefined
  const goesOn = isGrowing(record)
  const failed = goesOn && journal.stuck !== null
  const endedAt = Math.max(seen.grownAt ?? 0, wish.resized.at)
  return {
    VolumeId: wish.name,
    ModificationState: failed ? 'failed' : goesOn ? 'modifying' : 'completed',
    StatusMessage: (goesOn ? storageMessage(record) : null) ?? '',
    OriginalSize: wish.resized.fromGiB,
    TargetSize: wish.sizeGiB,
    ...showTypes(wish.resized.fromType ?? wish.type, wish.type),
    Progress: goesOn ? 0 : 100,
    StartTime: new Date(wish.resized.at),
    EndTime: goesOn ? undefined : new Date(endedAt),
  }
}

/** Of a volume that is so already and was never otherwise: nothing was to be done. */
export const showNoModification = (volume: Volume): VolumeModification => {
  const { VolumeId, Size } = showVolume(volume)
  const type = typeOfVolume(volume)
  return {
    VolumeId,
    ModificationState: 'completed',
    StatusMessage: '',
    OriginalSize: Size,
    TargetSize: Size,
    ...showTypes(type, type),
    Progress: 100,
  }
}

/** Impaired: what its host refuses or has lost. */
export function showVolumeStatus(volume: Volume): VolumeStatusItem {
  const impaired =
    volume.is === 'volume'
      ? isBroken(volume.record)
      : volume.compute.seen.contact === 'lost' || volume.compute.journal.failed !== null
  const status = impaired ? 'impaired' : 'ok'
  const shown = showVolume(volume)
  return {
    VolumeId: shown.VolumeId,
    AvailabilityZone: shown.AvailabilityZone,
    VolumeStatus: {
      Status: status,
      Details: [
        { Name: 'io-enabled', Status: impaired ? 'failed' : 'passed' },
        { Name: 'io-performance', Status: 'not-applicable' },
      ],
    },
    Events: [],
    Actions: [],
  }
}
