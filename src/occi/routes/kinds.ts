/** What each kind does at its paths: a kind is one entry here and one file beside. */

import type { ComputeId } from '../../model/ids'
import type { Part } from '../../operations/together/operations'
import { addressPath } from '../entities/ipreservation'
import type { Member } from '../entities/member'
import { groupPath } from '../entities/securitygroup'
import type { Answer, Exchange, Front } from '../exchange'
import type { Catalogue } from '../model/catalogue'
import {
  COMPUTE,
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
import { actOnAll } from './act'
import { atCompute, computesGoing } from './compute'
import { createCompute } from './create'
import { actOnAddresses, addressesGoing, atAddress, createAddress, liveAddresses } from './ipreservation'
import { liveComputes } from './members'
import { actOnNetworks, atNetwork, createNetwork, liveNetworks, networksGoing } from './network'
import { atInterface, createInterface, unlinking } from './networkinterface'
import { atPlacementGroup, createPlacementGroup, placementGroupsGoing } from './placementgroup'
import { atReservation, createReservation, reservationsGoing } from './reservation'
import { atGroup, createGroup, groupsGoing, liveGroups } from './securitygroup'
import { atGroupLink, createGroupLink, ungrouping } from './securitygrouplink'
import { actOnStorages, atStorage, createStorage, liveStorages, storagesGoing } from './storage'
import { atStorageLink, createStorageLink, detachment } from './storagelink'

/** On these members of its collection. */
type Several = (front: Front, exchange: Exchange, members: readonly Member[]) => Promise<Answer>

export interface KindRoutes {
  /** POST on its collection, or on `/`. */
  create(front: Front, exchange: Exchange, catalogue: Catalogue): Promise<Answer>
  /** At the path of one. */
  entity(front: Front, exchange: Exchange, catalogue: Catalogue, id: string, method: string): Promise<Answer>
  readonly act?: Several
  /** What deletes these of its members; `goingWith`: computes that go in the same script. */
  going(
    front: Front,
    exchange: Exchange,
    members: readonly Member[],
    goingWith: readonly ComputeId[],
  ): Promise<readonly Part[]> | readonly Part[]
}

/** Whether the entity of an id in a folder is one of these. */
function among(members: readonly Member[], folder: string): (id: string) => boolean {
  const paths = new Set(members.map(({ path }) => path))
  return (id) => paths.has(folder + id)
}

async function computes(front: Front, exchange: Exchange, members: readonly Member[]) {
  const isChosen = among(members, '/compute/')
  return (await liveComputes(front, exchange)).filter(({ id }) => isChosen(id))
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

/** In the order in which kinds go where several do: what uses something before what is used. */
export const KIND_ROUTES: Readonly<Partial<Record<string, KindRoutes>>> = {
  [COMPUTE]: {
    create: createCompute,
    entity: atCompute,
    act: async (front, exchange, members) => actOnAll(front, exchange, await computes(front, exchange, members)),
    going: (_front, _exchange, members) => computesGoing(members),
  },
  [NETWORKINTERFACE]: { create: createInterface, entity: atInterface, going: unlinking },
  [STORAGELINK]: {
    create: createStorageLink,
    entity: atStorageLink,
    going: (_front, exchange, members) => members.flatMap((member) => detachment(member, exchange)),
  },
  [SECURITYGROUPLINK]: {
    create: createGroupLink,
    entity: atGroupLink,
    going: (_front, exchange, members) => members.map((member) => ungrouping(member, exchange)),
  },
  [STORAGE]: {
    create: createStorage,
    entity: atStorage,
    act: async (front, exchange, members) => actOnStorages(front, exchange, await storages(front, exchange, members)),
    going: (_front, _exchange, members, goingWith) => storagesGoing(members, goingWith),
  },
  [IPRESERVATION]: {
    create: createAddress,
    entity: atAddress,
    act: async (front, exchange, members) => actOnAddresses(front, exchange, await addresses(front, exchange, members)),
    going: async (front, exchange, members) => addressesGoing(await addresses(front, exchange, members)),
  },
  [SECURITYGROUP]: {
    create: createGroup,
    entity: atGroup,
    going: async (front, exchange, members) => groupsGoing(await groups(front, exchange, members)),
  },
  [NETWORK]: {
    create: createNetwork,
    entity: atNetwork,
    act: async (front, exchange, members) => actOnNetworks(front, exchange, await networks(front, exchange, members)),
    going: async (front, exchange, members) => networksGoing(await networks(front, exchange, members)),
  },
  [PLACEMENTGROUP]: {
    create: createPlacementGroup,
    entity: atPlacementGroup,
    going: (_front, _exchange, members) => placementGroupsGoing(members),
  },
  [RESERVATION]: {
    create: createReservation,
    entity: atReservation,
    going: (_front, _exchange, members) => reservationsGoing(members),
  },
}
