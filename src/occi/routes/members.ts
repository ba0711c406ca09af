/** The caller's entities: those of a collection, those below a path, and one by its id. */
import { type ComputeId, isUuid } from '../../model/ids'
import type { ComputeRecord } from '../../model/records'
import { computeMember, isThere } from '../entities/compute'
import { addressMember } from '../entities/ipreservation'
import type { Member } from '../entities/member'
import { networkMember } from '../entities/network'
import { interfaceMembers } from '../entities/networkinterface'
import { placementGroupMember } from '../entities/placementgroup'
import { publicLinkMembers } from '../entities/public-link'
import { reservationMember } from '../entities/reservation'
import { groupMember } from '../entities/securitygroup'
import { groupLinkMembers } from '../entities/securitygrouplink'
import { storageMember } from '../entities/storage'
import { storageLinkMembers } from '../entities/storagelink'
import type { Exchange, Front } from '../exchange'
import type { Catalogue } from '../model/catalogue'
import type { KindCategory, MixinCategory } from '../model/category'
import {
  COMPUTE,
  ENTITY_KINDS,
  IPRESERVATION,
  NETWORK,
  NETWORKINTERFACE,
  PLACEMENTGROUP,
  RESERVATION,
  SECURITYGROUP,
  SECURITYGROUPLINK,
  STORAGE,
  STORAGELINK,
} from '../model/names'
import { computeMembers } from './compute-members'
import { liveAddress, liveAddresses } from './ipreservation'
import { liveNetwork, liveNetworks } from './network'
import { nothingAt } from './nothing'
import { liveReservations } from './reservation'
import { liveGroups } from './securitygroup'
import { liveStorage, liveStorages } from './storage'

type Asking = Pick<Exchange, 'caller' | 'audience' | 'path'>

/** Live computes, in order of creation. */
export const liveComputes = async (
  front: Front,
  { caller }: Pick<Exchange, 'caller'>,
): Promise<readonly ComputeRecord[]> => (await front.operations.listComputes(caller)).filter(isThere)

/** Members of a kind, in order of creation. */
export async function membersOfKind(front: Front, asking: Asking, kind: string): Promise<readonly Member[]> {
  switch (kind) {
    case COMPUTE:
      return computeMembers(front, asking)
    case NETWORKINTERFACE:
      return (await liveComputes(front, asking)).flatMap((record) => [
        ...interfaceMembers(front, record),
        ...publicLinkMembers(record),
      ])
    case NETWORK:
      return (await liveNetworks(front, asking)).map(networkMember)
    case STORAGE:
      return (await liveStorages(front, asking)).map((view) => storageMember(front, view))
    case STORAGELINK:
      return (await liveComputes(front, asking)).flatMap((record) => storageLinkMembers(front, record))
    case IPRESERVATION:
      return (await liveAddresses(front, asking)).map(addressMember)
    case SECURITYGROUP:
      return (await liveGroups(front, asking)).map(groupMember)
    case SECURITYGROUPLINK:
      return (await liveComputes(front, asking)).flatMap(groupLinkMembers)
    case PLACEMENTGROUP:
      return (await front.operations.listPlacementGroups(asking.caller)).map(placementGroupMember)
    case RESERVATION:
      return (await liveReservations(front, asking)).map(reservationMember)
    default:
      return []
  }
}

/** Everything of the caller's. */
export const allMembers = async (front: Front, asking: Asking): Promise<readonly Member[]> =>
  (await Promise.all(ENTITY_KINDS.map((kind) => membersOfKind(front, asking, kind)))).flat()

/** Members of a mixin; of a base mixin, those of every template that depends on it. */
export function withMixin(
  all: readonly Member[],
  mixin: MixinCategory,
  catalogue: Catalogue,
  asking: Asking,
): readonly Member[] {
  const ids = new Set([
    mixin.id,
    ...catalogue.mixins.filter(({ depends }) => depends.includes(mixin.id)).map(({ id }) => id),
  ])
  return all.filter((member) => member.entity(asking.audience.version).mixins.some((id) => ids.has(id)))
}

/** What lies below an unbound path: the union of the collections there. */
export function inAnyOf(
  all: readonly Member[],
  categories: readonly (KindCategory | MixinCategory)[],
  { audience }: Asking,
): readonly Member[] {
  const ids = new Set(categories.map(({ id }) => id))
  return all.filter((member) => {
    const { kind, mixins } = member.entity(audience.version)
    return ids.has(kind) || mixins.some((id) => ids.has(id))
  })
}

/** Throws 'not-found', also for what its owner deleted and for what another project has. */
export async function liveCompute(front: Front, asking: Asking, id: string): Promise<ComputeRecord> {
  if (!isUuid(id)) throw nothingAt(asking.path)
  const record = await front.operations.getCompute(asking.caller, id as ComputeId)
  if (!isThere(record)) throw nothingAt(asking.path)
  return record
}

/** One entity of any kind. Throws 'not-found'. */
export async function memberAt(front: Front, asking: Asking, kind: string, id: string): Promise<Member> {
  if (kind === COMPUTE) return computeMember(front, await liveCompute(front, asking, id))
  if (kind === IPRESERVATION) return addressMember(await liveAddress(front, asking, id))
  if (kind === NETWORK) return networkMember(await liveNetwork(front, asking, id))
  if (kind === STORAGE) return storageMember(front, await liveStorage(front, asking, id))
  const found = (await membersOfKind(front, asking, kind)).find(({ path }) => path.endsWith(`/${id}`))
  if (found === undefined) throw nothingAt(asking.path)
  return found
}
