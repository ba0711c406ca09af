/** The wish of a machine that is taken over: as it is, so that nothing about it changes by that. */
import type { Size } from '../../model/machine'
import type { ComputeWish, DiskWish, ForeignMachine, InterfaceWish } from '../../model/records'
import { drawName } from '../draw'

export { NEVER_SEEN, NOTHING_DONE } from '../run/new-compute'

interface Draft {
  readonly machine: ForeignMachine
  readonly size: Size
  readonly interfaces: readonly InterfaceWish[]
  readonly name: string
  readonly by: string
  readonly now: number
}

/** Draws its names. What runs is to run, what is off stays off. */
export function adoptedWish({ machine, size, interfaces, name, by, now }: Draft): ComputeWish {
  const runs = machine.domain !== 'off'
  const { name: from, boot, disks } = machine
  return {
    exists: true,
    power: runs ? 'on' : 'off',
    how: 'graceful',
    held: false,
    starts: runs ? 1 : 0,
    boots: 0,
    resets: 0,
    retries: 0,
    abandoned: false,
    size,
    disks: disks.map((disk, at) => diskWish(disk.device, disk.sizeGiB, at)),
    interfaces,
    name: drawName('compute'),
    reservation: drawName('reservation'),
    launchIndex: 0,
    image: null,
    adopted: { from, boot, disks },
    zone: null,
    title: name,
    summary: null,
    hostname: null,
    tags: { Name: name },
    keyName: null,
    userData: null,
    clientToken: null,
    createdAt: now,
    createdBy: by,
    deletedAt: null,
    reason: '',
  }
}

/** EC2 tells by `deleteOnTermination` that what it lies on stays. */
const diskWish = (device: string, sizeGiB: number, at: number): DiskWish => ({
  name: at === 0 ? 'root' : `disk${at}`,
  device: `/dev/${device}`,
  sizeGiB,
  image: null,
  volume: drawName('storage'),
  deleteOnTermination: false,
})
