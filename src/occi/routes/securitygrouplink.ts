/** What can be done with `/securitygrouplink/` and `/securitygrouplink/<id>`: which groups a compute has. */
import { fault } from '../../faults'
import type { ComputeId, SecurityGroupId } from '../../model/ids'
import { isLink } from '../entities/entity'
import { groupLinkId, groupLinkMembers } from '../entities/securitygrouplink'
import { type Answer, answer, type Exchange, type Front } from '../exchange'
import type { Catalogue } from '../model/catalogue'
import type { KindCategory } from '../model/category'
import { SECURITYGROUPLINK } from '../model/names'
import { negotiate } from '../negotiation'
import { idAt } from '../path'
import { namedCategories, oneKind } from '../requests/categories'
import { describesOne } from '../requests/describes-one'
import { entityValues, type Values } from '../requests/entity-values'
import { linkEnds, refuseLinkChanges } from '../requests/link-ends'
import { deleted } from './deleted'
import { memberAt } from './members'
import { nothingAt } from './nothing'

function described(
  { model }: Front,
  exchange: Exchange,
  catalogue: Catalogue,
  present?: Parameters<typeof entityValues>[2],
): Values {
  const document = describesOne(exchange.document())
  const named = namedCategories(document.categories, model, catalogue)
  if (present === undefined || named.kinds.length > 0) {
    const kind = oneKind(named)
    if (kind.id !== SECURITYGROUPLINK)
      throw fault('combination', `this path takes ${SECURITYGROUPLINK}, the request describes ${kind.id}`, {
        field: 'kind',
      })
  }
  return entityValues(document.attributes, model.find(SECURITYGROUPLINK) as KindCategory, present)
}

/** 201 with Location: all interfaces of the compute have the group too. */
export async function createGroupLink(front: Front, exchange: Exchange, catalogue: Catalogue): Promise<Answer> {
  negotiate(exchange.accept, 'listing')
  const { source, target } = linkEnds(described(front, exchange, catalogue))
  const { base } = exchange.audience
  const id = idAt(source, base, '/compute/') as ComputeId
  const group = idAt(target, base, '/securitygroup/') as SecurityGroupId
  const record = await front.operations.setGroups(exchange.caller, { id, groups: [group], how: 'add' })
  const path = groupLinkId(id, group)
  const member = groupLinkMembers(record).find((one) => one.path.endsWith(path))
  if (member === undefined) throw fault('conflict', 'the machine has no interface that a group could be put on')
  return answer(exchange, 'listing', (rendering) => rendering.created(member, exchange.audience), {
    status: 201,
    headers: { Location: base + member.path },
  })
}

/** GET, DELETE (the compute has it no more), PUT and partial POST of what is there already. */
export async function atGroupLink(
  front: Front,
  exchange: Exchange,
  catalogue: Catalogue,
  id: string,
  method: string,
): Promise<Answer> {
  const member = await memberAt(front, exchange, SECURITYGROUPLINK, id)
  const link = member.entity(exchange.audience.version)
  if (!isLink(link)) throw nothingAt(exchange.path)
  const { base } = exchange.audience
  if (method === 'DELETE') {
    const answered = deleted(exchange)
    await front.operations.setGroups(exchange.caller, {
      id: idAt(link.source.path, base, '/compute/') as ComputeId,
      groups: [idAt(link.target.path, base, '/securitygroup/') as SecurityGroupId],
      how: 'remove',
    })
    return answered
  }
  if (method !== 'GET') refuseLinkChanges(described(front, exchange, catalogue, link), link, base)
  return answer(exchange, 'other', (rendering) => rendering.entity(member, exchange.audience))
}
