import { fault } from '../../../src/faults'
import type { MachineSighting } from '../../../src/model/machine'
import { type ComputeRecord, type DiskWish, filesOf, imageSizeGiB } from '../../../src/model/records'
import { type Step, undefinedMachine } from './step'

/** A disk's name on its host: `i-…-root`. */
export const diskName = (record: ComputeRecord, disk: DiskWish): string => `${record.wish.name}-${disk.name}`

const shownOn = (machine: MachineSighting, name: string) => machine.disks.find((present) => present.name === name)

const sizeOn = (machine: MachineSighting, name: string): number | undefined => shownOn(machine, name)?.sizeGiB

/** A disk that is there is never made again; what it lacks is size. */
export const isThere = (machine: MachineSighting | null, name: string): boolean =>
  machine !== null && sizeOn(machine, name) !== undefined

/** Not there, or smaller than wanted and nothing in the way of more. */
function isLacking(machine: MachineSighting, name: string, sizeGiB: number): boolean {
  const shown = shownOn(machine, name)
  return shown === undefined || (shown.sizeGiB < sizeGiB && !shown.open)
}

/** Up: every disk of the machine is there, made from its image once, and as large as wanted. Down: none is; volumes of others are not its disks. */
export const disk: Step = {
  name: 'disk',
  lacks: (record, machine) =>
    record.wish.disks
      .filter((wanted) => isLacking(machine, diskName(record, wanted), wanted.sizeGiB))
      .map((wanted) => diskName(record, wanted))[0],
  leaves: (record, machine) => machine.disks.find((present) => present.name.startsWith(`${record.wish.name}-`))?.name,
  async up({ driver, host, ticket, record, item, image }) {
    const wanted = record.wish.disks.find((candidate) => diskName(record, candidate) === item)
    if (!wanted) throw fault('internal', `no disk ${item} is wanted`)
    if (isThere(record.seen.machine, item)) return driver.disk.grow(host, ticket, item, wanted.sizeGiB)
    if (record.wish.adopted) throw fault('refused', `what ${item} lies on was taken over with the machine, and is gone`)
    if (wanted.image === null)
      return driver.disk.ensure(host, ticket, { name: item, sizeGiB: wanted.sizeGiB, source: { from: 'blank' } })
    const from = await image(wanted.image)
    if (!from) throw fault('refused', 'its image is not there any more')
    const { disk: file } = filesOf(from)
    return driver.disk.ensure(host, ticket, {
      name: item,
      sizeGiB: wanted.sizeGiB,
      source: { from: 'image', image: from.wish.ami, sizeGiB: imageSizeGiB(from), ...(file ? { file } : {}) },
    })
  },
  down: ({ driver, host, ticket, item }) => driver.disk.remove(host, ticket, item),
  after: (machine, direction, record, item) => {
    const others = machine.disks.filter((present) => present.name !== item)
    const sizeGiB = record.wish.disks.find((wanted) => diskName(record, wanted) === item)?.sizeGiB ?? 0
    const before = machine.disks.find((present) => present.name === item)
    const disks = direction === 'up' ? [...others, { attached: false, ...before, name: item, sizeGiB }] : others
    return undefinedMachine({ ...machine, disks })
  },
}
