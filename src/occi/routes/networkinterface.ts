/** What can be done with `/networkinterface/` and `/networkinterface/<id>`: linking and unlinking (GFD.224 §3.4). */
import { fault } from '../../faults'
import type { AddressId, ComputeId } from '../../model/ids'
import { publicsOf } from '../../model/public-addresses'
import type { ComputeRecord, InterfaceWish } from '../../model/records'
import type { Part, Parts } from '../../operations/together/operations'
import { isLink, type LinkEntity } from '../entities/entity'
import type { Member } from '../entities/member'
import { interfaceId, interfaceMembers } from '../entities/networkinterface'
import { publicLinkId, publicLinkMembers } from '../entities/public-link'
import type { Answer, Exchange, Front } from '../exchange'
import type { Catalogue } from '../model/catalogue'
import { IPNETWORKINTERFACE, IPRESERVATION, NETWORKINTERFACE } from '../model/names'
import type { Document } from '../parse'
import { idAt, locationPath } from '../path'
import { INTERFACE_FIELDS, interfaceAsked } from '../requests/interface-values'
import { linkDescribed } from '../requests/link-described'
import { linkEnds } from '../requests/link-ends'
import { createEach } from './create-each'
import { deleteEach } from './delete-each'
import { liveCompute, liveComputes, memberAt } from './members'
import { nothingAt } from './nothing'
import { showLink, updateLink } from './update-link'

const KIND = { kind: NETWORKINTERFACE, mixins: [IPNETWORKINTERFACE] }

type Linking = 'connect' | 'associate'

/** 201 with Location: the machines are on their way to their networks; an address leads to the first interface of its machine. */
export const createInterface = (front: Front, exchange: Exchange, catalogue: Catalogue): Promise<Answer> =>
  createEach<Linking>(front, exchange, {
    folder: '/networkinterface/',
    at: 'collection',
    fields: INTERFACE_FIELDS,
    order: (document) => linking(document, front, exchange, catalogue),
    member: (done) => linked(done, front, exchange),
  })

function linking(document: Document, front: Front, exchange: Exchange, catalogue: Catalogue): Part<Linking> {
  const { values, own } = linkDescribed(document, { model: front.model, catalogue }, KIND)
  const { base } = exchange.audience
  const { source, target } = linkEnds(values)
  const compute = idAt(source, base, '/compute/') as ComputeId
  if (!locationPath(target, base).startsWith('/ipreservation/'))
    return { do: 'connect', order: { ...interfaceAsked(values, target, base, own), compute } }
  if (own.length > 0)
    throw fault('unsupported', 'no mixins are put on a link to a reservation: put them on the reservation', {
      field: 'mixins',
    })
  const address = idAt(target, base, '/ipreservation/') as AddressId
  return { do: 'associate', order: { address, compute, former: 'stays' } }
}

async function linked(done: Parts[Linking]['done'], front: Front, exchange: Exchange): Promise<Member> {
  const compute = 'made' in done ? done.record : await liveCompute(front, exchange, holderOf(done).compute)
  const [members, path] =
    'made' in done
      ? [interfaceMembers(front, compute), interfaceId(done.made.name)]
      : [publicLinkMembers(compute), publicLinkId(holderOf(done).association)]
  const member = members.find((one) => one.path.endsWith(path))
  if (member === undefined) throw fault('conflict', 'the link was removed while it was being made')
  return member
}

function holderOf({ record }: Parts['associate']['done']) {
  if (record.wish.holder !== null) return record.wish.holder
  throw fault('internal', 'an address was linked and leads nowhere')
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
  if (method === 'DELETE') return deleteEach(front, exchange, [member], await unlinking(front, exchange, [member]))
  if (method === 'GET') return showLink(exchange, member)
  return updateLink(front, exchange, catalogue, member, KIND, async (link) => {
    if (isToAddress(link))
      throw fault('unsupported', 'no mixins are put on a link to a reservation: put them on the reservation', {
        field: 'mixins',
      })
    const compute = await liveCompute(front, exchange, idAt(link.source.path, exchange.audience.base, '/compute/'))
    return { kind: 'compute', id: compute.id, interface: interfaceOf(compute, member).name }
  })
}

const isToAddress = ({ target }: LinkEntity): boolean => target.kind === IPRESERVATION

/** What undoes links: addresses first, for those that lead to an interface are let go with it. */
export async function unlinking(
  front: Front,
  exchange: Exchange,
  members: readonly Member[],
): Promise<readonly Part<'disconnect' | 'disassociate'>[]> {
  const computes = members.length === 0 ? [] : await liveComputes(front, exchange)
  const byPath = new Map(computes.map((record) => [`/compute/${record.id}`, record]))
  const parts = members.map((member): Part<'disconnect' | 'disassociate'> => {
    const link = member.entity(exchange.audience.version)
    const record = isLink(link) ? byPath.get(link.source.path) : undefined
    if (!isLink(link) || record === undefined) throw nothingAt(member.path)
    if (!isToAddress(link)) {
      const { name } = interfaceOf(record, member)
      return { do: 'disconnect', order: { compute: record.id, name } }
    }
    const led = publicsOf(record).find(({ association }) => member.path.endsWith(publicLinkId(association)))
    if (led === undefined) throw nothingAt(member.path)
    return { do: 'disassociate', order: { address: led.address, association: led.association } }
  })
  return [...parts.filter((part) => part.do === 'disassociate'), ...parts.filter((part) => part.do === 'disconnect')]
}

function interfaceOf({ wish }: ComputeRecord, { path }: Member): InterfaceWish {
  const found = wish.interfaces.find(({ name }) => path.endsWith(interfaceId(name)))
  if (found === undefined) throw nothingAt(path)
  return found
}
