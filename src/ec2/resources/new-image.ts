/** What the actions that make images have in common. */
import type { BlockDeviceMapping } from '@aws-sdk/client-ec2'
import { fault } from '../../faults'
import type { ImageRegistered } from '../../model/records'
import { VOLUME_TYPES, type VolumeType } from '../../model/storage'
import { shorten } from '../codec'
import { checkShortNames } from './short-names'
import { performanceOf } from './volume-type'

/** EC2's ImageName, which must be said. Faults: 'missing'. */
export function nameAsked(name: string | undefined): string {
  if (name) return name
  throw fault('missing', 'The request must contain the parameter Name', { field: 'Name' })
}

/** Faults: 'unsupported' for what no host here runs. */
export function architectureAsked(asked: string | undefined): 'x86_64' | 'arm64' {
  if (asked === undefined || asked === 'x86_64') return 'x86_64'
  if (asked === 'arm64') return asked
  throw fault('unsupported', `The architecture ${shorten(asked)} is not supported by this gateway`, {
    field: 'Architecture',
  })
}

export interface RootAsked {
  readonly rootDevice: string
  /** `snap-…` */
  readonly snapshot: string
  readonly sizeGiB?: number
  readonly volumeType?: VolumeType
  /** What is said of its Iops and Throughput. */
  readonly performance: Pick<ImageRegistered, 'iops' | 'throughput'>
}

/**
 * The one disk of an image. What its type promises is for machines that are made of it: what is not offered here is passed over, and
 * refused to an order for a machine that asks for it. Faults: 'missing', 'malformed', 'unsupported' for more than one disk.
 */
export function rootAsked(
  rootDeviceName: string | undefined,
  mappings: readonly BlockDeviceMapping[] | undefined,
): RootAsked | undefined {
  const disks = (mappings ?? []).filter(
    ({ NoDevice, VirtualName }) => NoDevice === undefined && VirtualName === undefined,
  )
  if (disks.length === 0) return undefined
  const rootDevice = rootDeviceName ?? disks[0]?.DeviceName ?? '/dev/sda1'
  const root = disks.find(({ DeviceName }) => DeviceName === rootDevice)
  const snapshot = root?.Ebs?.SnapshotId
  if (snapshot === undefined || snapshot === '')
    throw fault('missing', `The root device ${shorten(rootDevice)} needs a SnapshotId in BlockDeviceMapping`, {
      field: 'BlockDeviceMapping',
    })
  if (disks.length > 1)
    throw fault('unsupported', 'An image has one disk on this gateway; give others when you launch', {
      field: 'BlockDeviceMapping',
    })
  checkShortNames('snapshot', [snapshot], 'SnapshotId')
  if (root?.Ebs?.Encrypted)
    throw fault('unsupported', 'Encrypted disks are not supported by this gateway', { field: 'BlockDeviceMapping' })
  const { VolumeSize: size, VolumeType: asked } = root?.Ebs ?? {}
  const type = VOLUME_TYPES.find((one) => one === asked)
  const { Iops: baseIops, Throughput: baseThroughput } = performanceOf(type ?? 'gp2')
  const { Iops: iops, Throughput: throughput } = root?.Ebs ?? {}
  return {
    rootDevice,
    snapshot,
    ...(size === undefined ? {} : { sizeGiB: size }),
    ...(type === undefined ? {} : { volumeType: type }),
    performance: {
      ...(iops && iops === baseIops ? { iops } : {}),
      ...(throughput && throughput === baseThroughput ? { throughput } : {}),
    },
  }
}
