/** Every EC2 action that is implemented: one file and one line each (then run scripts/generate-ec2-table.js). */
import type { AnyAction } from '../action'
import { attachVolume } from './attach-volume'
import { createTags } from './create-tags'
import { createVolume } from './create-volume'
import { deleteTags } from './delete-tags'
import { deleteVolume } from './delete-volume'
import { describeAddresses } from './describe-addresses'
import { describeAvailabilityZones } from './describe-availability-zones'
import { describeImages } from './describe-images'
import { describeInstanceStatus } from './describe-instance-status'
import { describeInstanceTypes } from './describe-instance-types'
import { describeInstances } from './describe-instances'
import { describeRegions } from './describe-regions'
import { describeTags } from './describe-tags'
import { describeVolumeAttribute } from './describe-volume-attribute'
import { describeVolumeStatus } from './describe-volume-status'
import { describeVolumes } from './describe-volumes'
import { describeVolumesModifications } from './describe-volumes-modifications'
import { detachVolume } from './detach-volume'
import { modifyVolume } from './modify-volume'
import { modifyVolumeAttribute } from './modify-volume-attribute'
import { rebootInstances } from './reboot-instances'
import { runInstances } from './run-instances'
import { startInstances } from './start-instances'
import { stopInstances } from './stop-instances'
import { terminateInstances } from './terminate-instances'

export const ACTIONS: readonly AnyAction[] = [
  attachVolume,
  createTags,
  createVolume,
  deleteTags,
  deleteVolume,
  describeAddresses,
  describeAvailabilityZones,
  describeImages,
  describeInstances,
  describeInstanceStatus,
  describeInstanceTypes,
  describeRegions,
  describeTags,
  describeVolumeAttribute,
  describeVolumes,
  describeVolumesModifications,
  describeVolumeStatus,
  detachVolume,
  modifyVolume,
  modifyVolumeAttribute,
  rebootInstances,
  runInstances,
  startInstances,
  stopInstances,
  terminateInstances,
]
