/**
 * Changing a disk of a machine's own, which EC2 shows as a volume: larger, or its attributes (ModifyVolume, ModifyVolumeAttribute).
 * One script changes the wish and what the machine claims of its host; the machine's job has the disk grown.
 */
import { fault } from '../../faults'
import { refuseToPartner } from '../../model/federation'
import type { ComputeRecord, DiskWish } from '../../model/records'
import { LARGEST_GIB } from '../../model/storage'
import { attempt } from '../attempt'
import { notFound } from '../change-computes'
import type { Caller, Context } from '../context'
import { openProject } from '../open-project'
import { ownCompute } from '../own-compute'
import { overQuota } from '../storage/create'
import { volumeCounters } from '../storage/new-storage'
import type { ModifyOperations } from './operations'
import { claimOnItsHost, countedAs } from './resize-compute'

type Order = Parameters<ModifyOperations['changeDisk']>[1]

/** Faults: 'not-found', 'invalid' (smaller, too large), 'state' (on its way to another host), 'unsupported', 'forbidden' (a partner), 'quota', 'no-capacity', 'conflict', 'unavailable'. */
export const changeDisk = (context: Context, caller: Caller, order: Order): Promise<ComputeRecord> =>
  attempt(context, caller.actor, 'change-disk', async (refusal) => {
    if (refusal?.state === 'quota') throw overQuota(refusal, caller)
    await context.mirror.fresh(caller.project)
    const record = ownCompute(await context.store.read('compute', order.id), caller, order.id)
    const disk = record.wish.disks.find(({ name }) => name === order.disk)
    if (!disk) throw notFound([order.id])
    const changed = wished(context, record, disk, order)
    if (Object.keys(changed).length === 0) return { change: undefined, value: record }
    const more = (changed.sizeGiB ?? disk.sizeGiB) - disk.sizeGiB
    if (more > 0)
      refuseToPartner(context.mirror.get('project', caller.project)?.wish.partner, 'their disks do not grow')
    const size = { ...record.wish.size, diskGiB: record.wish.size.diskGiB + more }
    const reclaims = more === 0 ? [] : await claimOnItsHost(context, record, size)
    const disks = record.wish.disks.map((one) => (one === disk ? { ...disk, ...changed } : one))
    const counted = more === 0 ? {} : { countedGiB: (record.wish.countedGiB ?? 0) + more }
    const wish = { ...record.wish, disks, size, ...counted }
    const value: ComputeRecord = { ...record, wish, rev: record.rev + 1, generation: record.generation + 1 }
    if (order.dryRun) return { change: undefined, value }
    const { id, generation, project } = record
    const update = { ref: { kind: 'compute', id } as const, project, generation, wish, raisePhase: false, wake: true }
    if (more === 0) return { value, change: { updates: [update], reclaims } }
    const counters = volumeCounters(openProject(context, caller.project), 0, more)
    const { used = [], ...place } = countedAs(record, wish, context.clock.now())
    return { value, change: { updates: [{ ...update, phase: record.phase, ...place }], reclaims, used, counters } }
  })

function wished(context: Context, record: ComputeRecord, disk: DiskWish, order: Order): Partial<DiskWish> {
  const { autoEnableIo } = order
  return {
    ...retyped(context, disk, order),
    ...grown(context, record, disk, order),
    ...(autoEnableIo === undefined || autoEnableIo === (disk.autoEnableIo ?? false) ? {} : { autoEnableIo }),
  }
}

/** EC2 counts another type as a modification too; one that was never said is its default. */
function retyped({ clock }: Context, disk: DiskWish, { volumeType }: Order): Partial<DiskWish> {
  const fromType = disk.volumeType ?? 'gp2'
  if (volumeType === undefined || volumeType === fromType) return {}
  return { volumeType, resized: { fromGiB: disk.sizeGiB, fromType, at: clock.now() } }
}

function grown(
  { mirror, clock }: Context,
  { id, place }: ComputeRecord,
  disk: DiskWish,
  { sizeGiB, volumeType }: Order,
): Partial<DiskWish> {
  if (sizeGiB === undefined || sizeGiB === disk.sizeGiB) return {}
  if (!Number.isInteger(sizeGiB) || sizeGiB > LARGEST_GIB || sizeGiB < disk.sizeGiB)
    throw fault(
      'invalid',
      `the volume ${disk.volume} has ${disk.sizeGiB} GiB; it can be made larger, up to ${LARGEST_GIB} GiB, not smaller`,
      { field: 'sizeGiB' },
    )
  // What it claims on the host that it comes to was counted when it set out.
  if (place.moving)
    throw fault(
      'state',
      `the volume ${disk.volume} cannot grow while its machine is moved to another host; try again soon`,
      {
        subject: { kind: 'compute', id },
      },
    )
  const host = place.host === null ? undefined : mirror.get('host', place.host)
  // What a provider made whole keeps its disk as it is, also where volumes can grow.
  const verb = place.offer === undefined ? 'grow-disk' : 'resize'
  const lack = host?.seen.capabilities?.lacks.find((one) => one.verb === verb)
  if (lack) throw fault('unsupported', `the volume ${disk.volume} cannot grow: ${lack.because}`, { field: 'sizeGiB' })
  const type = disk.volumeType ?? 'gp2'
  const fromType = volumeType === undefined || volumeType === type ? {} : { fromType: type }
  return { sizeGiB, resized: { fromGiB: disk.sizeGiB, ...fromType, at: clock.now() } }
}
