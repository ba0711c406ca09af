/**
 * The root disk of a machine: as large as it was ordered. RunInstances makes it as large as the image says unless its device is named with
 * another size (EC2 API reference, BlockDeviceMapping), and only the image knows the device (`/dev/sda1`, `/dev/xvda`): it is asked once.
 */
import type { BlockDeviceMapping } from '@aws-sdk/client-ec2'
import { fault } from '../../../../src/faults'
import type { HostTarget } from '../../driver'
import type { Call } from './client'

interface Root {
  /** null: the image lies on a disk of the host itself, which has the size that its type gives. */
  readonly device: string | null
  /** GiB; null: the service does not tell. */
  readonly sizeGiB: number | null
}

export type Roots = Map<string, Root>

/**
 * What RunInstances is told of it; nothing where the image's own size does. Faults: 'refused' with reason `elsewhere` where it would be smaller
 * than it was ordered, or the image is unknown there, and those of the call.
 */
export async function rootDisk(
  { call, host, roots }: { readonly call: Call; readonly host: HostTarget; readonly roots: Roots },
  image: string,
  wantedGiB: number,
): Promise<readonly BlockDeviceMapping[]> {
  const key = JSON.stringify([host.id, host.address, image])
  const root = roots.get(key) ?? (await ask(call, image))
  roots.set(key, root)
  if (wantedGiB <= (root.sizeGiB ?? 0)) return []
  if (root.device !== null)
    return [{ DeviceName: root.device, Ebs: { VolumeSize: wantedGiB, DeleteOnTermination: true } }]
  throw fault('refused', `its provider's image has a root disk of a size of its own, not of ${wantedGiB} GiB`, {
    reason: 'elsewhere',
  })
}

async function ask(call: Call, image: string): Promise<Root> {
  const { Images = [] } = await call((sdk, client, abortSignal) =>
    client.send(new sdk.DescribeImagesCommand({ ImageIds: [image] }), { abortSignal }),
  )
  const found = Images[0]
  if (found === undefined) throw fault('refused', 'its provider does not know its image', { reason: 'elsewhere' })
  const { RootDeviceName: device, RootDeviceType: type, BlockDeviceMappings = [] } = found
  const mapped = BlockDeviceMappings.find(({ DeviceName }) => DeviceName === device)
  return { device: type === 'instance-store' ? null : (device ?? null), sizeGiB: mapped?.Ebs?.VolumeSize ?? null }
}
