/** The root disk is as large as it was ordered: by the image's own device, asked for once. */
import type { Image } from '@aws-sdk/client-ec2'
import type { HostTarget } from '../../../../../workers/drivers/driver'
import type { Call } from '../../../../../workers/drivers/providers/ec2/client'
import { type Roots, rootDisk } from '../../../../../workers/drivers/providers/ec2/root-disk'

const host = { id: 'provider-1', address: 'https://ec2.example.org' } as unknown as HostTarget
const image = (parts: Partial<Image> = {}): Image => ({
  ImageId: 'ami-1',
  RootDeviceName: '/dev/xvda',
  RootDeviceType: 'ebs',
  BlockDeviceMappings: [
    { DeviceName: '/dev/sdb', Ebs: { VolumeSize: 500 } },
    { DeviceName: '/dev/xvda', Ebs: { VolumeSize: 8 } },
  ],
  ...parts,
})

/** An account whose service tells of these images; `asked` counts. */
function account(...images: readonly Image[]) {
  let asked = 0
  const call = (async () => {
    asked += 1
    return { Images: images }
  }) as unknown as Call
  const roots: Roots = new Map()
  return { asked: () => asked, disk: (gib: number, id = 'ami-1') => rootDisk({ call, host, roots }, id, gib) }
}

test('larger than the image: its device with the size, deleted with the machine', async () => {
  expect(await account(image()).disk(20)).toEqual([
    { DeviceName: '/dev/xvda', Ebs: { VolumeSize: 20, DeleteOnTermination: true } },
  ])
})

test('as large as the image, or smaller: nothing is said, for it cannot be made smaller', async () => {
  const { disk } = account(image())
  expect([await disk(8), await disk(1)]).toEqual([[], []])
})

test('whatever volume its image says to keep is deleted with the machine, the root with its size', async () => {
  const kept = image({
    BlockDeviceMappings: [
      { DeviceName: '/dev/sdb', Ebs: { VolumeSize: 500, DeleteOnTermination: false, SnapshotId: 'snap-1' } },
      { DeviceName: '/dev/sdc', Ebs: { VolumeSize: 5, DeleteOnTermination: true } },
      { DeviceName: '/dev/sdd', VirtualName: 'ephemeral0' },
      { DeviceName: '/dev/xvda', Ebs: { VolumeSize: 8, DeleteOnTermination: false } },
    ],
  })
  const ended = (DeviceName: string) => ({ DeviceName, Ebs: { DeleteOnTermination: true } })
  const { disk } = account(kept)
  expect(await disk(8)).toEqual([ended('/dev/sdb'), ended('/dev/xvda')])
  expect(await disk(20)).toEqual([
    { DeviceName: '/dev/xvda', Ebs: { VolumeSize: 20, DeleteOnTermination: true } },
    ended('/dev/sdb'),
  ])
})

test('an image is asked once', async () => {
  const { disk, asked } = account(image())
  await Promise.all([await disk(20), await disk(30)])
  expect(asked()).toBe(1)
  await disk(20, 'ami-2')
  expect(asked()).toBe(2)
})

test('where nobody tells how large the image is, the size that was ordered is said', async () => {
  const { BlockDeviceMappings: _none, ...bare } = image()
  expect(await account(bare).disk(1)).toMatchObject([{ Ebs: { VolumeSize: 1 } }])
})

test.each([
  ['an image on the provider’s own hosts', image({ RootDeviceType: 'instance-store', BlockDeviceMappings: [] })],
  ['an image that is not there', undefined],
])('%s: elsewhere', async (_what, there) => {
  await expect(account(...(there ? [there] : [])).disk(20)).rejects.toMatchObject({
    kind: 'refused',
    detail: { reason: 'elsewhere' },
  })
})
