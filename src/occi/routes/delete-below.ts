/** DELETE of a path above collections (GFD.223 §5.5.4): everything that GET lists there with the same filter, or nothing. */
import type { ComputeId } from '../../model/ids'
import type { Part } from '../../operations/together/operations'
import { isLink } from '../entities/entity'
import type { Member } from '../entities/member'
import type { Answer, Exchange, Front } from '../exchange'
import type { Catalogue } from '../model/catalogue'
import { COMPUTE } from '../model/names'
import { deleteEach } from './delete-each'
import { KIND_ROUTES } from './kinds'
import { chosenMembers } from './listing'
import type { Place } from './place'

/** Links go with their computes. What belongs to the provider stays where there is more of its kind, else it is refused. */
export async function deleteBelow(
  front: Front,
  exchange: Exchange,
  place: Extract<Place, { readonly at: 'unbound' }>,
  catalogue: Catalogue,
): Promise<Answer> {
  const entityOf = (member: Member) => member.entity(exchange.audience.version)
  const all = await chosenMembers(front, exchange, place, catalogue)
  const computes = new Set(all.filter((member) => entityOf(member).kind === COMPUTE).map(({ path }) => path))
  const going = all.filter((member) => {
    const entity = entityOf(member)
    return !isLink(entity) || !computes.has(entity.source.path)
  })
  const ids = [...computes].map((path) => path.slice('/compute/'.length) as ComputeId)
  const parts: Part[] = []
  for (const [kind, routes] of Object.entries(KIND_ROUTES)) {
    const members = going.filter((member) => entityOf(member).kind === kind)
    if (routes && members.length > 0) parts.push(...(await routes.going(front, exchange, members, ids)))
  }
  return deleteEach(front, exchange, going, parts)
}
