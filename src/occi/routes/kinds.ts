/** What each kind does at its paths, computes aside: a kind is one entry here and one file beside. */

import { groupPath } from '../entities/securitygroup'
import type { Answer, Exchange, Front } from '../exchange'
import type { Catalogue } from '../model/catalogue'
import { NETWORK, NETWORKINTERFACE, SECURITYGROUP, SECURITYGROUPLINK, STORAGE, STORAGELINK } from '../model/names'
import { actOnNetworks, atNetwork, createNetwork, deleteNetworks, liveNetworks } from './network'
import { atInterface, createInterface } from './networkinterface'
import { atGroup, createGroup, deleteGroups, liveGroups } from './securitygroup'
import { atGroupLink, createGroupLink } from './securitygrouplink'
import { actOnStorages, atStorage, createStorage, deleteStorages, liveStorages } from './storage'
import { atStorageLink, createStorageLink } from './storagelink'

/** On those members of the collection that lie at these paths. */
type Several = (front: Front, exchange: Exchange, paths: ReadonlySet<string>) => Promise<Answer>

export interface KindRoutes {
  /** POST on its collection, or on `/`. */
  create(front: Front, exchange: Exchange, catalogue: Catalogue): Promise<Answer>
  /** At the path of one. */
  entity(front: Front, exchange: Exchange, catalogue: Catalogue, id: string, method: string): Promise<Answer>
  readonly act?: Several
  readonly remove?: Several
}

const storages = async (front: Front, exchange: Exchange, paths: ReadonlySet<string>) =>
  (await liveStorages(front, exchange)).filter(({ record }) => paths.has(`/storage/${record.id}`))

const networks = async (front: Front, exchange: Exchange, paths: ReadonlySet<string>) =>
  (await liveNetworks(front, exchange)).filter(({ id }) => paths.has(`/network/${id}`))

const groups = async (front: Front, exchange: Exchange, paths: ReadonlySet<string>) =>
  (await liveGroups(front, exchange)).filter(({ id }) => paths.has(groupPath(id)))

export const KIND_ROUTES: Readonly<Partial<Record<string, KindRoutes>>> = {
  [STORAGE]: {
    create: createStorage,
    entity: atStorage,
    act: async (front, exchange, paths) => actOnStorages(front, exchange, await storages(front, exchange, paths)),
    remove: async (front, exchange, paths) => deleteStorages(front, exchange, await storages(front, exchange, paths)),
  },
  [STORAGELINK]: { create: createStorageLink, entity: atStorageLink },
  [NETWORK]: {
    create: createNetwork,
    entity: atNetwork,
    act: async (front, exchange, paths) => actOnNetworks(front, exchange, await networks(front, exchange, paths)),
    remove: async (front, exchange, paths) => deleteNetworks(front, exchange, await networks(front, exchange, paths)),
  },
  [NETWORKINTERFACE]: { create: createInterface, entity: atInterface },
  [SECURITYGROUP]: {
    create: createGroup,
    entity: atGroup,
    remove: async (front, exchange, paths) => deleteGroups(front, exchange, await groups(front, exchange, paths)),
  },
  [SECURITYGROUPLINK]: { create: createGroupLink, entity: atGroupLink },
}
