/** Whether an image costs what `cost.ts` does not count. Pure. */
import type { Image } from '@aws-sdk/client-ec2'
import { MOST_DISK_GIB } from './cost'

/** Kinds of EBS volumes that the cost is counted for; the others have a price for each operation a second. */
const KINDS: readonly (string | undefined)[] = ['gp2', 'gp3', 'standard', undefined]
/** What gp3 has for nothing. */
const MOST_IOPS = 3000

/** GiB of all disks of its own. */
export const disksGiB = ({ BlockDeviceMappings = [] }: Image): number =>
  BlockDeviceMappings.reduce((sum, { Ebs }) => sum + (Ebs?.VolumeSize ?? 0), 0)

/** Undefined: nothing of it costs more. */
export function priceTrouble(image: Image | undefined): string | undefined {
  const { PlatformDetails: platform = '', ProductCodes = [], BlockDeviceMappings = [] } = image ?? {}
  // RHEL, SUSE, Windows and what is sold have a price of their own; our simulated hosts say so behind the words.
  if (!platform.startsWith('Linux/UNIX')) return `its platform may have a price: ${platform || 'it is not told'}`
  if (ProductCodes.length > 0) return 'it is sold in the marketplace'
  const disks = BlockDeviceMappings.flatMap(({ Ebs }) => Ebs ?? [])
  if (disks.some(({ DeleteOnTermination: ends }) => ends === false)) return 'a disk of it stays after its machine ends'
  if (disks.some(({ VolumeType, Iops = 0 }) => !KINDS.includes(VolumeType) || Iops > MOST_IOPS))
    return 'a disk of it is a dear one'
  const sum = disksGiB({ BlockDeviceMappings })
  return sum > MOST_DISK_GIB ? `its disks have ${sum} GiB, more than ${MOST_DISK_GIB}` : undefined
}
