/**
 * The disks that come of a machine's image: its root disk as large as it was ordered, and none that outlives it. RunInstances makes them as
 * the image says unless their device is named with something else (EC2 API reference, BlockDeviceMapping), and only the image knows its
 * devices (`/dev/sda1`, `/dev/xvda`) and which volumes of them stay when their machine ends: it is asked once.
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
  /** Devices whose volumes the image does not say to delete with the machine: each would stay behind, and cost. */
  readonly staying: readonly string[]
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
  const { device } = root
  const isLarger = wantedGiB > (root.sizeGiB ?? 0)
  const grown = isLarger && device !== null ? [disk(device, { VolumeSize: wantedGiB })] : []
  const staying = root.staying.filter((one) => grown.length === 0 || one !== device)
  if (!isLarger || device !== null) return [...grown, ...staying.map((one) => disk(one))]
  throw fault('refused', `its provider's image has a root disk of a size of its own, not of ${wantedGiB} GiB`, {
    reason: 'elsewhere',
  })
}

const disk = (device: string, more: { readonly VolumeSize?: number } = {}): BlockDeviceMapping => ({
  DeviceName: device,
  Ebs: { ...more, DeleteOnTermination: true },
})

async function ask(call: Call, image: string): Promise<Root> {
  const { Images = [] } = await call((sdk, client, abortSignal) =>
    client.send(new sdk.DescribeImagesCommand({ ImageIds: [image] }), { abortSignal }),
  )
  const found = Images[0]
  if (found === undefined) throw fault('refused', 'its provider does not know its image', { reason: 'elsewhere' })
  const { RootDeviceName: device, RootDeviceType: type, BlockDeviceMappings = [] } = found
  const mapped = BlockDeviceMappings.find(({ DeviceName }) => DeviceName === device)
  const staying = BlockDeviceMappings.flatMap(({ DeviceName, Ebs }) =>
    DeviceName !== undefined && Ebs?.DeleteOnTermination === false ? [DeviceName] : [],
  )
  const isOnHost = type === 'instance-store'
  return { device: isOnHost ? null : (device ?? null), sizeGiB: mapped?.Ebs?.VolumeSize ?? null, staying }
}
