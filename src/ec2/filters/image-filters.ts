import { hasDisk, type ImageRecord, imageSizeGiB, isPublic, isSimulated } from '../../model/records'
import {
  imageLocation,
  imageOwner,
  imageSnapshot,
  imageTags,
  imageVolumeType,
  rootDeviceType,
  virtualization,
} from '../show/image'
import { platformDetails } from '../show/platform'
import type { FilterTable } from './filter'

const ofDisk =
  <T>(says: (image: ImageRecord) => T) =>
  (image: ImageRecord): T | undefined =>
    hasDisk(image) ? says(image) : undefined

/** Filters of DescribeImages. */
export const imageFilters: FilterTable<ImageRecord> = {
  says: {
    architecture: ({ wish }) => wish.architecture,
    'block-device-mapping.delete-on-termination': ofDisk(() => true),
    'block-device-mapping.device-name': ofDisk(({ wish }) => wish.rootDevice),
    'block-device-mapping.volume-size': ofDisk(imageSizeGiB),
    'block-device-mapping.snapshot-id': imageSnapshot,
    'block-device-mapping.volume-type': ofDisk(imageVolumeType),
    'block-device-mapping.encrypted': ofDisk(() => false),
    'boot-mode': ({ wish }) => wish.registered?.bootMode,
    'creation-date': ({ wish }) => new Date(wish.createdAt).toISOString(),
    description: ({ wish }) => wish.description,
    'ena-support': ({ wish }) => wish.registered?.enaSupport,
    hypervisor: () => 'xen',
    'image-id': ({ wish }) => wish.ami,
    'image-type': () => 'machine',
    'is-public': isPublic,
    'manifest-location': imageLocation,
    name: ({ wish }) => wish.name,
    'owner-alias': ({ project }) => (project === null ? 'amazon' : undefined),
    'owner-id': imageOwner,
    'root-device-name': ofDisk(({ wish }) => wish.rootDevice),
    'root-device-type': rootDeviceType,
    'source-image-id': ({ wish }) => wish.copyOf,
    'source-instance-id': ({ wish }) => wish.madeFrom,
    'sriov-net-support': ({ wish }) => wish.registered?.sriovNetSupport,
    state: ({ seen }) => seen.state,
    'state-reason-message': ({ seen }) => seen.message,
    'virtualization-type': virtualization,
    'platform-details': (image) => platformDetails({ simulated: isSimulated(image) }),
  },
  tags: imageTags,
  silent: [
    'free-tier-eligible',
    'image-allowed',
    'image-watermark.source-image-creation-time',
    'image-watermark.source-image-id',
    'image-watermark.source-image-region',
    'image-watermark.watermark-creation-time',
    'image-watermark.watermark-key',
    'instance-type-specification.supported-instance-type',
    'instance-type-specification.unsupported-instance-type',
    'kernel-id',
    'platform',
    'product-code',
    'product-code.type',
    'public-ssm-parameter-name',
    'ramdisk-id',
    'scan-result.critical-fix-available-since',
    'scan-result.finding-scan-date',
    'scan-result.high-fix-available-since',
    'scan-result.highest-finding-severity-label',
    'scan-result.informational-fix-available-since',
    'scan-result.low-fix-available-since',
    'scan-result.medium-fix-available-since',
    'source-image-region',
    'state-reason-code',
  ],
}
