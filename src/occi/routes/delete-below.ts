/** DELETE of a path above collections (GFD.223 §5.5.4): everything that GET lists there with the same filter, or nothing. */
import { fault } from '../../faults'
import { isDefaultGroup } from '../../model/records'
import type { Part } from '../../operations/together/operations'
import { isLink } from '../entities/entity'
import { addressPath } from '../entities/ipreservation'
import type { Member } from '../entities/member'
import { groupPath } from '../entities/securitygroup'
import type { Answer, Exchange, Front } from '../exchange'
import type { Catalogue } from '../model/catalogue'
import { NETWORKINTERFACE, SECURITYGROUPLINK, STORAGELINK } from '../model/names'
import { deleteEach } from './delete-each'
import { addressesGoing, liveAddresses } from './ipreservation'
import { chosenMembers } from './listing'
import { liveComputes } from './members'
import { liveNetworks, networksGoing } from './network'
import { unlinking } from './networkinterface'
import type { Place } from './place'
import { groupsGoing, liveGroups } from './securitygroup'
import { ungrouping } from './securitygrouplink'
import { liveStorages } from './storage'
import { detachment } from './storagelink'

/** Links go with their computes. Throws 'forbidden' where something can never go: the provider's networks, the group `default`. */
export async function deleteBelow(
  front: Front,
  exchange: Exchange,
  place: Extract<Place, { readonly at: 'unbound' }>,
  catalogue: Catalogue,
): Promise<Answer> {
  const members = await chosenMembers(front, exchange, place, catalogue)
  const paths = new Set(members.map(({ path }) => path))
  const isChosen = (folder: string) => (id: string) => paths.has(folder + id)
  const computes = (await liveComputes(front, exchange)).filter(({ id }) => isChosen('/compute/')(id))
  const links = standing(members, new Set(computes.map(({ id }) => `/compute/${id}`)), exchange)
  const isStorage = isChosen('/storage/')
  const storages = (await liveStorages(front, exchange)).filter(({ record }) => isStorage(record.id))
  const addresses = (await liveAddresses(front, exchange)).filter(({ record }) => isChosen(addressPath(''))(record.id))
  const groups = (await liveGroups(front, exchange)).filter(({ id }) => isChosen(groupPath(''))(id))
  const networks = (await liveNetworks(front, exchange)).filter(({ id }) => isChosen('/network/')(id))
  const stays = [
    ...groups.filter(isDefaultGroup).map(({ id }) => groupPath(id)),
    ...networks.filter(({ project }) => project === null).map(({ id }) => `/network/${id}`),
  ]
  if (stays.length > 0) throw fault('forbidden', `${stays[0]} cannot be deleted, so nothing was`)
  const ids = computes.map(({ id }) => id)
  const parts: readonly Part[] = [
    ...(ids.length > 0 ? [{ do: 'deleteComputes', order: { ids } } as const] : []),
    ...(await unlinking(front, exchange, links.of(NETWORKINTERFACE))),
    ...links.of(STORAGELINK).flatMap((member) => detachment(member, exchange)),
    ...links.of(SECURITYGROUPLINK).map((member) => ungrouping(member, exchange)),
    ...(storages.length > 0
      ? [{ do: 'deleteStorages', order: { ids: storages.map(({ record }) => record.id), goingWith: ids } } as const]
      : []),
    ...addressesGoing(addresses),
    ...groupsGoing(groups),
    ...networksGoing(networks),
  ]
  const going = [...computes, ...links.all, ...storages, ...addresses, ...groups, ...networks]
  return deleteEach(front, exchange, going, parts)
}

/** Links of computes that stay. */
function standing(members: readonly Member[], going: ReadonlySet<string>, { audience }: Exchange) {
  const all = members.filter((member) => {
    const entity = member.entity(audience.version)
    return isLink(entity) && !going.has(entity.source.path)
  })
  return { all, of: (kind: string) => all.filter((member) => member.entity(audience.version).kind === kind) }
}
