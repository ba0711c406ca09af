/** Every EC2 action that is implemented: one file and one line each (then run scripts/generate-ec2-table.js). */
import type { AnyAction } from '../action'
import { createKeyPair } from './create-key-pair'
import { createTags } from './create-tags'
import { deleteKeyPair } from './delete-key-pair'
import { deleteTags } from './delete-tags'
import { describeAvailabilityZones } from './describe-availability-zones'
import { describeImages } from './describe-images'
import { describeInstanceStatus } from './describe-instance-status'
import { describeInstanceTypes } from './describe-instance-types'
import { describeInstances } from './describe-instances'
import { describeKeyPairs } from './describe-key-pairs'
import { describeRegions } from './describe-regions'
import { describeTags } from './describe-tags'
import { importKeyPair } from './import-key-pair'
import { rebootInstances } from './reboot-instances'
import { runInstances } from './run-instances'
import { startInstances } from './start-instances'
import { stopInstances } from './stop-instances'
import { terminateInstances } from './terminate-instances'

export const ACTIONS: readonly AnyAction[] = [
  createKeyPair,
  createTags,
  deleteKeyPair,
  deleteTags,
  describeAvailabilityZones,
  describeImages,
  describeInstanceStatus,
  describeInstances,
  describeInstanceTypes,
  describeKeyPairs,
  describeRegions,
  describeTags,
  importKeyPair,
  rebootInstances,
  runInstances,
  startInstances,
  stopInstances,
  terminateInstances,
]
