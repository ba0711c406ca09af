/** What can be done with `/securitygrouplink/` and `/securitygrouplink/<id>`: which groups a compute has. */
import { fault } from '../../faults'
import type { ComputeId, SecurityGroupId } from '../../model/ids'
import type { Part } from '../../operations/together/operations'
import { isLink, type LinkEntity } from '../entities/entity'
import type { Member } from '../entities/member'
import { groupLinkId, groupLinkMembers } from '../entities/securitygrouplink'
import type { Answer, Exchange, Front } from '../exchange'
import type { Catalogue } from '../model/catalogue'
import { SECURITYGROUPLINK } from '../model/names'
import { idAt } from '../path'
import { linkDescribed } from '../requests/link-described'
import { linkEnds } from '../requests/link-ends'
import { createEach } from './create-each'
import { deleteEach } from './delete-each'
import { memberAt } from './members'
import { nothingAt } from './nothing'
import { showLink, updateLink } from './update-link'

const KIND = { kind: SECURITYGROUPLINK, mixins: [] }

/** 201 with Location: all interfaces of the computes have the groups too. */
export const createGroupLink = (front: Front, exchange: Exchange, catalogue: Catalogue): Promise<Answer> => {
  const { base } = exchange.audience
  const asked: SecurityGroupId[] = []
  return createEach<'setGroups'>(front, exchange, {
    folder: '/securitygrouplink/',
    at: 'collection',
    fields: {},
    order(document) {
      const { values, own } = linkDescribed(document, { model: front.model, catalogue }, KIND)
      if (own.length > 0) throw unmixable()
      const { source, target } = linkEnds(values)
      const group = idAt(target, base, '/securitygroup/') as SecurityGroupId
      asked.push(group)
      return {
        do: 'setGroups',
        order: { id: idAt(source, base, '/compute/') as ComputeId, groups: [group], how: 'add' },
      }
    },
    member(record, index) {
      const path = groupLinkId(record.id, asked[index] ?? ('' as SecurityGroupId))
      const member = groupLinkMembers(record).find((one) => one.path.endsWith(path))
      if (member === undefined) throw fault('conflict', 'the machine has no interface that a group could be put on')
      return member
    },
  })
}

const unmixable = () =>
  fault('unsupported', 'no mixins are put on a link to a security group: put them on the group', { field: 'mixins' })

/** GET, DELETE (the compute has it no more), PUT and partial POST of what is there already. */
export async function atGroupLink(
  front: Front,
  exchange: Exchange,
  catalogue: Catalogue,
  id: string,
  method: string,
): Promise<Answer> {
  const member = await memberAt(front, exchange, SECURITYGROUPLINK, id)
  if (method === 'DELETE') return deleteEach(front, exchange, [member], [ungrouping(member, exchange)])
  if (method === 'GET') return showLink(exchange, member)
  return updateLink(front, exchange, catalogue, member, KIND, () => {
    throw unmixable()
  })
}

/** What takes a group off its compute. Throws 'state' where it would be left without any. */
export function ungrouping(member: Member, { audience }: Pick<Exchange, 'audience'>): Part<'setGroups'> {
  const link = member.entity(audience.version)
  if (!isLink(link)) throw nothingAt(member.path)
  return { do: 'setGroups', order: { ...endsOf(link, audience.base), how: 'remove' } }
}

const endsOf = ({ source, target }: LinkEntity, base: string) => ({
  id: idAt(source.path, base, '/compute/') as ComputeId,
  groups: [idAt(target.path, base, '/securitygroup/') as SecurityGroupId],
})
