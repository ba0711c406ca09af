/** PUT and partial POST of a link that is there: it joins what it joins, and mixins of users come and go (GFD.223 §5.5.6). */
import type { MixinMember } from '../../operations/operations'
import { isLink, type LinkEntity } from '../entities/entity'
import type { Member } from '../entities/member'
import { type Answer, answer, type Exchange, type Front } from '../exchange'
import type { Catalogue } from '../model/catalogue'
import { negotiate } from '../negotiation'
import { describesOne } from '../requests/describes-one'
import { type LinkKind, linkDescribed, mixinsLeftOut } from '../requests/link-described'
import { refuseLinkChanges } from '../requests/link-ends'
import { memberAt } from './members'
import { nothingAt } from './nothing'

export const showLink = (exchange: Exchange, member: Member): Answer =>
  answer(exchange, 'other', (rendering) => rendering.entity(member, exchange.audience))

/** `wearer`: which thing of the records it is. Throws 'conflict' (409) for what would be another link. */
export async function updateLink(
  front: Front,
  exchange: Exchange,
  catalogue: Catalogue,
  member: Member,
  kind: LinkKind,
  wearer: (link: LinkEntity) => Promise<MixinMember> | MixinMember,
): Promise<Answer> {
  negotiate(exchange.accept, 'other')
  const link = member.entity(exchange.audience.version)
  if (!isLink(link)) throw nothingAt(exchange.path)
  const document = describesOne(exchange.document())
  const { values, own } = linkDescribed(document, { model: front.model, catalogue }, kind, link)
  refuseLinkChanges(values, link, exchange.audience.base)
  const left = exchange.method === 'PUT' ? mixinsLeftOut(document, link, catalogue) : []
  if (own.length + left.length === 0) return showLink(exchange, member)
  const members = [await wearer(link)]
  await front.operations.together(exchange.caller, [
    ...own.map((mixin) => ({ do: 'wear', order: { mixin, how: 'add', members } }) as const),
    ...left.map((mixin) => ({ do: 'wear', order: { mixin, how: 'remove', members } }) as const),
  ])
  return showLink(exchange, await memberAt(front, exchange, kind.kind, link.id))
}
