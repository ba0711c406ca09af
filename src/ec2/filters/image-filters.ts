import type { ImageRecord } from '../../model/records'
import { imageOwner } from '../show/image'
import { platformDetails } from '../show/platform'
import type { FilterTable } from './filter'

/** Filters of DescribeImages. */
export const imageFilters: FilterTable<ImageRecord> = {
  says: {
    architecture: ({ wish }) => wish.architecture,
    'block-device-mapping.delete-on-termination': () => true,
    'block-device-mapping.device-name': ({ wish }) => wish.rootDevice,
    'block-device-mapping.volume-size': ({ wish }) => wish.sizeGiB,
    'block-device-mapping.encrypted': () => false,
    'creation-date': ({ wish }) => new Date(wish.createdAt).toISOString(),
    description: ({ wish }) => wish.description,
    hypervisor: () => 'xen',
    'image-id': ({ wish }) => wish.ami,
    'image-type': () => 'machine',
    'is-public': ({ project }) => project === null,
    name: ({ wish }) => wish.name,
    'owner-alias': ({ project }) => (project === null ? 'amazon' : undefined),
    'owner-id': imageOwner,
    'root-device-name': ({ wish }) => wish.rootDevice,
    'root-device-type': () => 'ebs',
    state: ({ seen }) => seen.state,
    'virtualization-type': () => 'hvm',
    'platform-details': ({ wish }) => platformDetails(wish),
  },
  tags: ({ wish }) => wish.tags,
  silent: [
    'block-device-mapping.snapshot-id',
    'block-device-mapping.volume-type',
    'boot-mode',
    'ena-support',
    'free-tier-eligible',
    'image-allowed',
    'kernel-id',
    'manifest-location',
    'platform',
    'product-code',
    'product-code.type',
    'ramdisk-id',
    'source-image-id',
    'source-image-region',
    'source-instance-id',
    'sriov-net-support',
    'state-reason-code',
    'state-reason-message',
  ],
}
