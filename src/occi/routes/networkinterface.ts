/** What can be done with `/networkinterface/` and `/networkinterface/<id>`: linking and unlinking (GFD.224 §3.4). */
import { fault } from '../../faults'
import type { AddressId, ComputeId } from '../../model/ids'
import type { ComputeRecord, InterfaceWish } from '../../model/records'
import { isLink } from '../entities/entity'
import type { Member } from '../entities/member'
import { interfaceId, interfaceMembers } from '../entities/networkinterface'
import { publicLinkId, publicLinkMembers } from '../entities/public-link'
import { type Answer, answer, type Exchange, type Front } from '../exchange'
import type { Catalogue } from '../model/catalogue'
import { IPNETWORKINTERFACE, IPRESERVATION, NETWORKINTERFACE } from '../model/names'
import { negotiate } from '../negotiation'
import { idAt, locationPath } from '../path'
import { namedCategories, oneKind, refuseMisapplied } from '../requests/categories'
import { ownOf } from '../requests/create-compute'
import { describesOne } from '../requests/describes-one'
import { inOcciFields } from '../requests/in-occi-fields'
import { INTERFACE_FIELDS, interfaceAsked, interfaceValues } from '../requests/interface-values'
import { linkEnds, refuseLinkChanges } from '../requests/link-ends'
import { refuseTooMany } from './act'
import { created } from './created'
import { deleted } from './deleted'
import { liveComputes, memberAt } from './members'
import { nothingAt } from './nothing'

/** 201 with Location: the machine is on its way to its network. */
export async function createInterface(front: Front, exchange: Exchange, catalogue: Catalogue): Promise<Answer> {
  negotiate(exchange.accept, 'listing')
  const document = describesOne(exchange.document())
  const { base } = exchange.audience
  const named = namedCategories(document.categories, front.model, catalogue)
  const kind = oneKind(named)
  if (kind.id !== NETWORKINTERFACE)
    throw fault('combination', `this path takes ${NETWORKINTERFACE}, the request describes ${kind.id}`, {
      field: 'kind',
    })
  refuseMisapplied(named.mixins, NETWORKINTERFACE)
  const strange = named.mixins.find(({ id, own }) => own === null && id !== IPNETWORKINTERFACE)
  if (strange) throw fault('unsupported', `${strange.id} cannot be put on an interface here`, { field: strange.id })
  const values = interfaceValues(document.attributes, front.model)
  const { source, target } = linkEnds(values)
  if (locationPath(target, base).startsWith('/ipreservation/')) return linkAddress(front, exchange, source, target)
  const order = {
    ...interfaceAsked(values, target, base, ownOf(named.mixins)),
    compute: idAt(source, base, '/compute/') as ComputeId,
  }
  const { record, made } = await inOcciFields(INTERFACE_FIELDS, () =>
    front.operations.connectInterface(exchange.caller, order),
  )
  const member = interfaceMembers(front, record).find(({ path }) => path.endsWith(interfaceId(made.name)))
  if (member === undefined) throw fault('internal', 'an interface was made and is not there')
  return created(exchange, member)
}

/** The address leads to the first interface of the machine from now on, and nowhere else. */
async function linkAddress(front: Front, exchange: Exchange, source: string, target: string): Promise<Answer> {
  const { base } = exchange.audience
  const compute = idAt(source, base, '/compute/') as ComputeId
  const address = idAt(target, base, '/ipreservation/') as AddressId
  const order = { address, compute, former: 'stays' as const }
  const { record } = await front.operations.associateAddress(exchange.caller, order)
  const path = `/networkinterface/${publicLinkId(record.wish.holder?.association ?? '')}`
  const machine = await front.operations.getCompute(exchange.caller, compute)
  const member = publicLinkMembers(machine).find((one) => one.path === path)
  if (member === undefined) throw fault('conflict', 'the link was removed while it was being made')
  return answer(exchange, 'listing', (rendering) => rendering.created(member, exchange.audience), {
    status: 201,
    headers: { Location: base + member.path },
  })
}

/** GET, DELETE (unlinks), PUT and partial POST of what is there already; what a link joins is not changed (409 would be a new link). */
export async function atInterface(
  front: Front,
  exchange: Exchange,
  catalogue: Catalogue,
  id: string,
  method: string,
): Promise<Answer> {
  const member = await memberAt(front, exchange, NETWORKINTERFACE, id)
  if (method === 'DELETE') return unlink(front, exchange, member)
  if (method !== 'GET') refuseChanges(front, exchange, catalogue, member)
  return answer(exchange, 'other', (rendering) => rendering.entity(member, exchange.audience))
}

function refuseChanges(front: Front, exchange: Exchange, catalogue: Catalogue, member: Member): void {
  const link = member.entity(exchange.audience.version)
  if (!isLink(link)) throw nothingAt(exchange.path)
  const document = describesOne(exchange.document())
  const shown = new Set(link.mixins)
  const named = namedCategories(
    document.categories.filter((one) => !shown.has(one.id)),
    front.model,
    catalogue,
  )
  const [other] = [...named.kinds.filter((kind) => kind.id !== NETWORKINTERFACE), ...named.mixins]
  if (other !== undefined)
    throw fault('conflict', `${other.id} is not put on a link that is there: delete it and make another one`, {
      field: other.id,
    })
  refuseLinkChanges(interfaceValues(document.attributes, front.model, link), link, exchange.audience.base)
}

const unlink = (front: Front, exchange: Exchange, member: Member): Promise<Answer> =>
  unlinkAll(front, exchange, [member])

/** Each is checked before the first goes. */
export async function unlinkAll(front: Front, exchange: Exchange, members: readonly Member[]): Promise<Answer> {
  refuseTooMany(members)
  const answered = deleted(exchange)
  const { base, version } = exchange.audience
  for (const dryRun of [true, false])
    for (const member of members) {
      const link = member.entity(version)
      if (isLink(link) && link.target.kind === IPRESERVATION) {
        const address = idAt(link.target.path, base, '/ipreservation/') as AddressId
        await front.operations.disassociateAddress(exchange.caller, { address, dryRun })
        continue
      }
      const { record, one } = await interfaceOf(front, exchange, member)
      await front.operations.disconnectInterface(exchange.caller, { compute: record.id, name: one.name, dryRun })
    }
  return answered
}

async function interfaceOf(
  front: Front,
  exchange: Exchange,
  { path }: Member,
): Promise<{ readonly record: ComputeRecord; readonly one: InterfaceWish }> {
  for (const record of await liveComputes(front, exchange))
    for (const one of record.wish.interfaces) if (path.endsWith(interfaceId(one.name))) return { record, one }
  throw nothingAt(exchange.path)
}
