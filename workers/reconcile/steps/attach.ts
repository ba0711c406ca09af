import { fault } from '../../../src/faults'
import type { MachineSighting } from '../../../src/model/machine'
import type { ComputeRecord } from '../../../src/model/records'
import { volumesOf } from '../../../src/model/storage'
import type { Step } from './step'

/** Volumes' disks bear their EC2 name; a machine's own begin with the machine's. */
const isVolume = (disk: string): boolean => disk.startsWith('vol-')

const attached = (machine: MachineSighting): readonly string[] =>
  machine.disks.filter((disk) => disk.attached && isVolume(disk.name)).map((disk) => disk.name)

/** A volume that hangs on the machine and should not. */
export const unwantedVolume = (record: ComputeRecord, machine: MachineSighting): string | undefined =>
  attached(machine).find((name) => !volumesOf(record).some((wanted) => wanted.name === name))

/**
 * Up: every volume of the machine hangs on it, hot while it runs. Down: none does; the volumes themselves are others' to keep
 * or remove. The record's wish names only volumes that are ready on this host (volumes.ts).
 */
export const attach: Step = {
  name: 'attach',
  lacks: (record, machine) => {
    const there = attached(machine)
    return volumesOf(record).find((wanted) => !there.includes(wanted.name))?.name
  },
  leaves: (_record, machine) => attached(machine)[0],
  up({ driver, host, ticket, record, item }) {
    const wanted = volumesOf(record).find((volume) => volume.name === item)
    if (!wanted) throw fault('internal', `no volume ${item} is wanted`)
    return driver.disk.attach(host, ticket, { name: item, device: wanted.device })
  },
  down: ({ driver, host, ticket, item }) => driver.disk.detach(host, ticket, item),
  after: (machine, direction, record, item) => {
    const others = machine.disks.filter((present) => present.name !== item)
    const sizeGiB = volumesOf(record).find((volume) => volume.name === item)?.sizeGiB ?? 0
    return { ...machine, disks: direction === 'up' ? [...others, { name: item, sizeGiB, attached: true }] : others }
  },
}
