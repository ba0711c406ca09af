/** Disks of a simulated host. Content once made is never made again; nothing shrinks; space is really counted. */
import { findDisk, holderOf, used } from '../sight'
import type { Disk, Resource } from '../state'
import type { OrderOf } from '../wire'
import { ALREADY, changed, type Deed, type Here, machineOf, refuse, slow, withMachine } from './deed'

const fits = (here: Here, moreGiB: number): void => {
  const free = here.host.capacity.diskGiB - used(here.host, here.all).diskGiB
  if (moreGiB > free) refuse(`no space left on device: needs ${moreGiB} GiB, has ${free}`)
}

const diskOf = (here: Here, name: string): Disk => findDisk(here.all, name) ?? refuse(`failed to stat: no disk ${name}`)

/** A disk or volume with its first contents; a blank one at once, a copy detached. */
export function ensureDisk(here: Here, resource: Resource, order: OrderOf<'disk.ensure'>): Deed {
  const there = findDisk(here.all, order.name)
  if (there) {
    if (!resource.disks.includes(there)) refuse(`${order.name} belongs to another resource`)
    return there.sizeGiB >= order.sizeGiB ? ALREADY : refuse(`${order.name} is there with ${there.sizeGiB} GiB`)
  }
  const least = sourceGiB(here, order)
  if (least > order.sizeGiB) refuse(`${order.sizeGiB} GiB are too few for contents of ${least} GiB`)
  fits(here, order.sizeGiB)
  return order.source.from === 'blank' ? finishDisk(here, resource, order) : slow(resource)
}

function sourceGiB(here: Here, { source }: OrderOf<'disk.ensure'>): number {
  if (source.from === 'image') return source.sizeGiB
  if (source.from === 'blank') return 0
  for (const { snapshots } of here.all)
    for (const snapshot of snapshots) if (snapshot.name === source.snapshot) return snapshot.sizeGiB
  return here.elsewhere?.(source.snapshot)?.sizeGiB ?? refuse(`no snapshot ${source.snapshot}`)
}

/** The copy is through. */
export function finishDisk(here: Here, resource: Resource, order: OrderOf<'disk.ensure'>): Deed {
  const { name, sizeGiB, source } = order
  const from = source.from === 'image' ? source.image : source.from === 'snapshot' ? source.snapshot : 'blank'
  const disk: Disk = { name, sizeGiB, from, createdAt: here.now }
  return changed({ ...resource, disks: [...resource.disks, disk] }, 'disk.ensure')
}

export function removeDisk(here: Here, resource: Resource, { name }: OrderOf<'disk.remove'>): Deed {
  const disks = resource.disks.filter((disk) => disk.name !== name)
  const snapshots = resource.snapshots.filter((snapshot) => snapshot.name !== name)
  if (disks.length === resource.disks.length && snapshots.length === resource.snapshots.length) return ALREADY
  const holder = holderOf(here.all, name)
  if (holder !== null) refuse(`${name} is attached to ${holder}`)
  return changed({ ...resource, disks, snapshots }, 'disk.remove')
}

export function attachDisk(here: Here, resource: Resource, order: OrderOf<'disk.attach'>): Deed {
  const { definition } = machineOf(resource)
  const there = definition.disks.find((disk) => disk.name === order.name)
  if (there) return there.device === order.device ? ALREADY : refuse(`${order.name} is attached as ${there.device}`)
  diskOf(here, order.name)
  const holder = holderOf(here.all, order.name)
  if (holder !== null) refuse(`${order.name} is attached to ${holder}`)
  if (definition.disks.some((disk) => disk.device === order.device)) refuse(`device ${order.device} is taken`)
  const disks = [...definition.disks, order]
  return changed(withMachine(resource, { definition: { ...definition, disks } }), 'disk.attach')
}

export function detachDisk(_here: Here, resource: Resource, { name }: OrderOf<'disk.detach'>): Deed {
  const definition = resource.machine?.definition
  if (!definition?.disks.some((disk) => disk.name === name)) return ALREADY
  const disks = definition.disks.filter((disk) => disk.name !== name)
  return changed(withMachine(resource, { definition: { ...definition, disks } }), 'disk.detach')
}

export function growDisk(here: Here, resource: Resource, { name, sizeGiB }: OrderOf<'disk.grow'>): Deed {
  const disk = resource.disks.find((one) => one.name === name) ?? refuse(`failed to stat: no disk ${name}`)
  if (disk.sizeGiB === sizeGiB) return ALREADY
  if (disk.sizeGiB > sizeGiB) refuse(`${name} has ${disk.sizeGiB} GiB and is not made smaller`)
  fits(here, sizeGiB - disk.sizeGiB)
  const disks = resource.disks.map((one) => (one === disk ? { ...disk, sizeGiB } : one))
  return changed({ ...resource, disks }, 'disk.grow')
}

/** A snapshot belongs to the resource of its disk and is removed like one. */
export function snapshotDisk(here: Here, resource: Resource, { name, snapshot }: OrderOf<'disk.snapshot'>): Deed {
  if (resource.snapshots.some((one) => one.name === snapshot)) return ALREADY
  const disk = resource.disks.find((one) => one.name === name) ?? refuse(`failed to stat: no disk ${name}`)
  fits(here, disk.sizeGiB)
  const made: Disk = { name: snapshot, sizeGiB: disk.sizeGiB, from: name, createdAt: here.now }
  return changed({ ...resource, snapshots: [...resource.snapshots, made] }, 'disk.snapshot')
}
