/**
 * Ending a project: everything it has, then its keys and users, then itself.
 *
 * The first call marks it. Whatever is made in a project holds the project's generation (`Change.holds`), so an order that was
 * checked before the mark and is written after it is refused by the script: nothing is left behind unseen.
 */
import { lifecycle } from '../model/lifecycle'
import type { AddressState } from '../model/public-addresses'
import type { ProjectRecord } from '../model/records'
import { isLiving } from '../model/reservations'
import { viewOf } from './addresses/read'
import { addressRemoval, releaseAddress } from './addresses/release'
import { asOwner } from './as-owner'
import { attempt } from './attempt'
import type { Caller, Context, Operator } from './context'
import { deleteComputes } from './delete-computes'
import { groupRemovals } from './groups/delete'
import { deregisterImage } from './images/change-image'
import { dropUploads, fileRemovals } from './images/purge'
import { keyPairRemoval } from './key-pairs/key-pairs'
import { keyRemoval } from './keys'
import { templateRemoval } from './launch-templates/change'
import { mixinRemoval } from './mixins/remove-mixins'
import { projectNamed } from './named'
import { deleteNetworks } from './networks/delete'
import { isUsed } from './networks/read'
import { placementGroupRemoval } from './placement-groups/create'
import { cancelReservation, reservationRemoval } from './reservations/cancel'
import { MOST_AT_ONCE } from './run/check-order'
import { deleteStorages } from './storage/delete'
import { listStorages } from './storage/read'
import { deleteSnapshot } from './storage/snapshots/change'
import { userItself } from './users'

export interface Purged {
  /** Machines, reservations, volumes, snapshots, networks and addresses at providers that are not gone yet. */
  readonly left: number
  readonly done: boolean
}

/** Starts or continues. Faults: 'not-found' (also once it is done), 'conflict', 'unavailable'. */
export async function purgeProject(context: Context, operator: Operator, name: string): Promise<Purged> {
  await context.mirror.fresh()
  const { id } = projectNamed(context, name)
  await close(context, operator, name)
  await context.mirror.fresh(id)
  const computes = context.mirror.list('compute', id)
  const standing = computes.filter((compute) => compute.wish.exists).map((compute) => compute.id)
  for (let from = 0; from < standing.length; from += MOST_AT_ONCE)
    await deleteComputes(
      context,
      asOwner(operator, id),
      { ids: standing.slice(from, from + MOST_AT_ONCE) },
      'overruled',
    )
  const reservations = await purgeReservations(context, asOwner(operator, id))
  const volumes = await purgeStorages(context, asOwner(operator, id))
  const snapshots = await purgeSnapshots(context, asOwner(operator, id))
  const networks = await purgeNetworks(context, asOwner(operator, id))
  const theirs = await purgeAddresses(context, asOwner(operator, id))
  const ending = computes.filter((compute) => lifecycle(compute) !== 'done').length
  const left = ending + reservations + networks + volumes + snapshots + theirs
  if (left > 0) return { left, done: false }
  await dropUploads(context, id)
  await remove(context, operator, name)
  return { left: 0, done: true }
}

/**
 * Cancels those that are not over; answers how many still hold places. The job of one that is over takes its claims off the hosts,
 * and only its record names them: without it they would stay there.
 */
async function purgeReservations(context: Context, owner: Caller): Promise<number> {
  for (const { id: reservation, wish } of context.mirror.list('reservation', owner.project))
    if (isLiving({ wish }, context.clock.now())) await cancelReservation(context, owner, { reservation })
  return context.mirror.list('reservation', owner.project).filter(({ seen }) => seen.goneAt === null).length
}

/** Deletes what hangs on no machine any more; answers how many are not gone yet. */
async function purgeStorages(context: Context, owner: Caller): Promise<number> {
  const volumes = await listStorages(context, owner)
  const free = volumes.filter(({ record, attachment }) => record.wish.exists && attachment === undefined)
  for (let from = 0; from < free.length; from += MOST_AT_ONCE)
    await deleteStorages(context, owner, { ids: free.slice(from, from + MOST_AT_ONCE).map(({ record }) => record.id) })
  return volumes.length
}

/** Deletes those that no machine is on any more; answers how many are not gone yet. */
async function purgeNetworks(context: Context, owner: Caller): Promise<number> {
  const networks = context.mirror.list('network', owner.project)
  for (const record of networks.filter(({ wish }) => wish.exists))
    if (!isUsed(context.mirror, record)) await deleteNetworks(context, owner, { ids: [record.id] })
  return networks.length
}

/** States of an address that no machine has or may have. */
const IDLE: ReadonlySet<AddressState> = new Set<AddressState>(['allocating', 'free'])

/** Those that their providers take back; answers how many are not gone yet. The site's own go with the project. */
async function purgeAddresses(context: Context, owner: Caller): Promise<number> {
  await context.mirror.fresh(owner.project)
  const theirs = context.mirror.list('address', owner.project).filter(({ wish }) => wish.atProvider)
  for (const record of theirs)
    if (IDLE.has(viewOf(context.mirror, record).state)) await releaseAddress(context, owner, { address: record.id })
  return theirs.length
}

/** Its snapshots, once its images are deregistered: they are named by them. Answers how many are not gone yet. */
async function purgeSnapshots(context: Context, owner: Caller): Promise<number> {
  const images = context.mirror.list('image', owner.project).filter(({ wish }) => wish.exists)
  for (const { id } of images) await deregisterImage(context, owner, id)
  await context.mirror.fresh(owner.project)
  const snapshots = context.mirror.list('snapshot', owner.project)
  for (const { id, wish } of snapshots) if (wish.exists) await deleteSnapshot(context, owner, id)
  return snapshots.length
}

const close = (context: Context, operator: Operator, name: string): Promise<void> =>
  attempt(context, operator.actor, 'close-project', async () => {
    await context.mirror.fresh()
    const project = projectNamed(context, name)
    if (project.wish.purging) return { change: undefined, value: undefined }
    const update = { ...reference(project), wish: { ...project.wish, purging: true }, raisePhase: false, wake: false }
    return { change: { updates: [update] }, value: undefined }
  })

const remove = (context: Context, operator: Operator, name: string): Promise<void> =>
  attempt(context, operator.actor, 'remove-project', async () => {
    await context.mirror.fresh()
    await context.mirror.fresh(projectNamed(context, name).id)
    const project = projectNamed(context, name)
    await context.mirror.fresh(project.id)
    const users = context.mirror.all('user').filter((user) => user.project === project.id)
    const keys = context.mirror.all('key').filter((key) => key.project === project.id)
    const pairs = context.mirror.list('keypair', project.id).map(keyPairRemoval)
    const removed = [...users.map(userItself), ...keys.map(keyRemoval)]
    const now = context.clock.now()
    const addresses = context.mirror.list('address', project.id).map((record) => addressRemoval(record, now))
    const reservations = context.mirror.list('reservation', project.id).map(reservationRemoval)
    const groups = groupRemovals(context.mirror.list('securitygroup', project.id))
    const placements = context.mirror.list('placementgroup', project.id).map(placementGroupRemoval)
    const templates = context.mirror
      .list('launchtemplate', project.id)
      .map((record) => templateRemoval(context.mirror, record))
    const files = fileRemovals(context.mirror, project.id)
    const mixins = mixinRemoval(context.mirror.list('mixin', project.id))
    const names = [`project:${project.wish.name}`, `account:${project.wish.account}`]
    return {
      value: undefined,
      change: {
        removals: [
          ...[...removed, ...pairs, ...groups, ...placements].map(({ removal }) => removal),
          ...[...addresses, ...reservations, ...templates].flatMap(({ removals }) => removals),
          ...files.removals,
          ...mixins.removals,
          reference(project),
        ],
        releases: [
          ...removed.map(({ release }) => release),
          ...[...pairs, ...groups, ...placements, ...addresses, ...reservations, ...templates].flatMap(
            ({ releases }) => releases,
          ),
          ...files.releases,
          ...mixins.releases,
          ...names.map((field) => ({ hash: 'names', field })),
        ],
        used: addresses.flatMap(({ used }) => used),
      },
    }
  })

const reference = ({ id, generation }: ProjectRecord) => ({
  ref: { kind: 'project', id } as const,
  project: id,
  generation,
})
