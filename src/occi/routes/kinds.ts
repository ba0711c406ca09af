/** What each kind does at its paths, computes aside: a kind is one entry here and one file beside. */

import { addressPath } from '../entities/ipreservation'
import type { Member } from '../entities/member'
import { placementGroupPath } from '../entities/placementgroup'
import { reservationPath } from '../entities/reservation'
import { groupPath } from '../entities/securitygroup'
import type { Answer, Exchange, Front } from '../exchange'
import type { Catalogue } from '../model/catalogue'
import {
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
import { atAddress, createAddress, deleteAddresses, liveAddresses } from './ipreservation'
import { actOnNetworks, atNetwork, createNetwork, deleteNetworks, liveNetworks } from './network'
import { atInterface, createInterface, unlinkAll } from './networkinterface'
import { atPlacementGroup, createPlacementGroup, deletePlacementGroups } from './placementgroup'
import { atReservation, cancelReservations, createReservation } from './reservation'
import { atGroup, createGroup, deleteGroups, liveGroups } from './securitygroup'
import { atGroupLink, createGroupLink } from './securitygrouplink'
import { actOnStorages, atStorage, createStorage, deleteStorages, liveStorages } from './storage'
import { atStorageLink, createStorageLink, deleteStorageLinks } from './storagelink'

/** On these members of its collection. */
type Several = (front: Front, exchange: Exchange, members: readonly Member[]) => Promise<Answer>

export interface KindRoutes {
  /** POST on its collection, or on `/`. */
  create(front: Front, exchange: Exchange, catalogue: Catalogue): Promise<Answer>
  /** At the path of one. */
  entity(front: Front, exchange: Exchange, catalogue: Catalogue, id: string, method: string): Promise<Answer>
  readonly act?: Several
  readonly remove?: Several
}

/** Whether the entity of an id in a folder is one of these. */
function among(members: readonly Member[], folder: string): (id: string) => boolean {
  const paths = new Set(members.map(({ path }) => path))
  return (id) => paths.has(folder + id)
}

async function storages(front: Front, exchange: Exchange, members: readonly Member[]) {
  const isChosen = among(members, '/storage/')
  return (await liveStorages(front, exchange)).filter(({ record }) => isChosen(record.id))
}

async function networks(front: Front, exchange: Exchange, members: readonly Member[]) {
  const isChosen = among(members, '/network/')
  return (await liveNetworks(front, exchange)).filter(({ id }) => isChosen(id))
}

async function addresses(front: Front, exchange: Exchange, members: readonly Member[]) {
  const isChosen = among(members, addressPath(''))
  return (await liveAddresses(front, exchange)).filter(({ record }) => isChosen(record.id))
}

async function groups(front: Front, exchange: Exchange, members: readonly Member[]) {
  const isChosen = among(members, groupPath(''))
  return (await liveGroups(front, exchange)).filter(({ id }) => isChosen(id))
}

export const KIND_ROUTES: Readonly<Partial<Record<string, KindRoutes>>> = {
  [STORAGE]: {
    create: createStorage,
    entity: atStorage,
    act: async (front, exchange, members) => actOnStorages(front, exchange, await storages(front, exchange, members)),
    remove: async (front, exchange, members) =>
      deleteStorages(front, exchange, await storages(front, exchange, members)),
  },
  [STORAGELINK]: { create: createStorageLink, entity: atStorageLink, remove: deleteStorageLinks },
  [NETWORK]: {
    create: createNetwork,
    entity: atNetwork,
    act: async (front, exchange, members) => actOnNetworks(front, exchange, await networks(front, exchange, members)),
    remove: async (front, exchange, members) =>
      deleteNetworks(front, exchange, await networks(front, exchange, members)),
  },
  [NETWORKINTERFACE]: { create: createInterface, entity: atInterface, remove: unlinkAll },
  [IPRESERVATION]: {
    create: createAddress,
    entity: atAddress,
    remove: async (front, exchange, members) =>
      deleteAddresses(front, exchange, await addresses(front, exchange, members)),
  },
  [SECURITYGROUP]: {
    create: createGroup,
    entity: atGroup,
    remove: async (front, exchange, members) => deleteGroups(front, exchange, await groups(front, exchange, members)),
  },
  [SECURITYGROUPLINK]: { create: createGroupLink, entity: atGroupLink },
  [PLACEMENTGROUP]: {
    create: createPlacementGroup,
    entity: atPlacementGroup,
    remove: (front, exchange, members) =>
      deletePlacementGroups(front, exchange, among(members, placementGroupPath(''))),
  },
  [RESERVATION]: {
    create: createReservation,
    entity: atReservation,
    remove: (front, exchange, members) => cancelReservations(front, exchange, among(members, reservationPath(''))),
  },
}
