import { type Volume, volumeName } from '../resources/volumes'
import { showModification, showRootModification, showVolume, showVolumeStatus } from '../show/volume'
import type { FilterTable } from './filter'

const attachment = (volume: Volume) => showVolume(volume).Attachments?.[0]

/** Filters of DescribeVolumes. */
export const volumeFilters: FilterTable<Volume> = {
  says: {
    'volume-id': volumeName,
    size: (volume) => showVolume(volume).Size,
    status: (volume) => showVolume(volume).State,
    'volume-type': (volume) => showVolume(volume).VolumeType,
    'availability-zone': (volume) => showVolume(volume).AvailabilityZone,
    'create-time': (volume) => showVolume(volume).CreateTime?.toISOString(),
    'snapshot-id': (volume) => showVolume(volume).SnapshotId,
    encrypted: () => false,
    'multi-attach-enabled': () => false,
    'fast-restored': () => false,
    'attachment.instance-id': (volume) => attachment(volume)?.InstanceId,
    'attachment.device': (volume) => attachment(volume)?.Device,
    'attachment.status': (volume) => attachment(volume)?.State,
    'attachment.attach-time': (volume) => attachment(volume)?.AttachTime?.toISOString(),
    'attachment.delete-on-termination': (volume) => attachment(volume)?.DeleteOnTermination,
  },
  tags: (volume) => (volume.is === 'volume' ? volume.record.wish.tags : (volume.disk.tags ?? {})),
  silent: ['availability-zone-id', 'operator.managed', 'operator.principal', 'source-volume-id', 'sse-type'],
}

/** Filters of DescribeVolumeStatus. */
export const volumeStatusFilters: FilterTable<Volume> = {
  says: {
    'volume-id': volumeName,
    'availability-zone': (volume) => showVolume(volume).AvailabilityZone,
    'volume-status.status': (volume) => showVolumeStatus(volume).VolumeStatus?.Status,
    'volume-status.details-name': () => ['io-enabled', 'io-performance'],
    'volume-status.details-status': (volume) =>
      (showVolumeStatus(volume).VolumeStatus?.Details ?? []).map((detail) => detail.Status ?? ''),
  },
  silent: [
    'action.code',
    'action.description',
    'action.event-id',
    'attachment-status.instance-id',
    'attachment-status.io-performance',
    'availability-zone-id',
    'event.description',
    'event.event-id',
    'event.event-type',
    'event.not-after',
    'event.not-before',
  ],
}

const modification = (volume: Volume) =>
  volume.is === 'volume' ? showModification(volume.record) : showRootModification(volume.compute, volume.disk.name)

/** Filters of DescribeVolumesModifications. */
export const volumeModificationFilters: FilterTable<Volume> = {
  says: {
    'volume-id': volumeName,
    'modification-state': (volume) => modification(volume)?.ModificationState,
    'original-size': (volume) => modification(volume)?.OriginalSize,
    'target-size': (volume) => modification(volume)?.TargetSize,
    'original-iops': (volume) => modification(volume)?.OriginalIops,
    'target-iops': (volume) => modification(volume)?.TargetIops,
    'original-throughput': (volume) => modification(volume)?.OriginalThroughput,
    'target-throughput': (volume) => modification(volume)?.TargetThroughput,
    'original-volume-type': (volume) => modification(volume)?.OriginalVolumeType,
    'target-volume-type': (volume) => modification(volume)?.TargetVolumeType,
    'start-time': (volume) => modification(volume)?.StartTime?.toISOString(),
  },
  silent: [
    'multi-attach-enabled',
    'original-multi-attach-enabled',
    'originalMultiAttachEnabled',
    'target-multi-attach-enabled',
    'targetMultiAttachEnabled',
  ],
}
