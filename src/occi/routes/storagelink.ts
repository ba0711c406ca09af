/** What can be done with `/storagelink/` and `/storagelink/<id>`: attaching and detaching (GFD.224 §3.4.2). */
import { fault } from '../../faults'
import type { ComputeId, StorageId } from '../../model/ids'
import { volumesOf } from '../../model/storage'
import type { AttachOrder } from '../../operations/storage/operations'
import type { Part } from '../../operations/together/operations'
import { isLink } from '../entities/entity'
import type { Member } from '../entities/member'
import { storageLinkId, storageLinkMembers } from '../entities/storagelink'
import type { Answer, Exchange, Front } from '../exchange'
import type { Catalogue } from '../model/catalogue'
import { STORAGELINK } from '../model/names'
import type { Document } from '../parse'
import { idAt } from '../path'
import { textIn } from '../requests/entity-values'
import { linkDescribed } from '../requests/link-described'
import { linkEnds } from '../requests/link-ends'
import { createEach } from './create-each'
import { deleteEach } from './delete-each'
import { liveCompute, memberAt } from './members'
import { nothingAt } from './nothing'
import { showLink, updateLink } from './update-link'

const KIND = { kind: STORAGELINK, mixins: [] }
const FIELDS: Readonly<Record<string, string>> = {
  device: 'occi.storagelink.deviceid',
  mountpoint: 'occi.storagelink.mountpoint',
}

function attachOrder(document: Document, front: Front, exchange: Exchange, catalogue: Catalogue): AttachOrder {
  const { values, own } = linkDescribed(document, { model: front.model, catalogue }, KIND)
  const { base } = exchange.audience
  const { source, target } = linkEnds(values)
  const device = textIn(values, 'occi.storagelink.deviceid')
  const mountpoint = textIn(values, 'occi.storagelink.mountpoint')
  return {
    compute: idAt(source, base, '/compute/') as ComputeId,
    storage: idAt(target, base, '/storage/') as StorageId,
    ...(device === undefined ? {} : { device }),
    ...(mountpoint === undefined ? {} : { mountpoint }),
    ...(own.length === 0 ? {} : { mixins: own }),
  }
}

/** 201 with Location: the volumes are on their way to their machines. */
export const createStorageLink = (front: Front, exchange: Exchange, catalogue: Catalogue): Promise<Answer> =>
  createEach<'attach'>(front, exchange, {
    folder: '/storagelink/',
    at: 'collection',
    fields: FIELDS,
    order: (document) => ({ do: 'attach', order: attachOrder(document, front, exchange, catalogue) }),
    async member({ record, attachment }) {
      if (attachment === undefined) throw fault('internal', 'an attachment was made and is not there')
      const { holder } = attachment
      const id = storageLinkId(holder.compute, { name: record.wish.name, since: holder.since })
      const compute = await liveCompute(front, exchange, holder.compute)
      const member = storageLinkMembers(front, compute).find(({ path }) => path.endsWith(id))
      if (member === undefined) throw fault('conflict', 'the link was removed while it was being made')
      return member
    },
  })

/** GET, DELETE (detaches), PUT and partial POST of what is there already; what a link joins is not changed (409 would be a new link). */
export async function atStorageLink(
  front: Front,
  exchange: Exchange,
  catalogue: Catalogue,
  id: string,
  method: string,
): Promise<Answer> {
  const member = await memberAt(front, exchange, STORAGELINK, id)
  if (method === 'DELETE') return deleteEach(front, exchange, [member], detachment(member, exchange))
  if (method === 'GET') return showLink(exchange, member)
  return updateLink(front, exchange, catalogue, member, KIND, async ({ source, target }) => {
    const { base } = exchange.audience
    const compute = await liveCompute(front, exchange, idAt(source.path, base, '/compute/'))
    const storage = idAt(target.path, base, '/storage/')
    const volume = volumesOf(compute).find((one) => one.storage === storage)
    if (volume === undefined) throw nothingAt(exchange.path)
    return { kind: 'compute', id: compute.id, volume: volume.name }
  })
}

/** What undoes a link. */
export function detachment(member: Member, { audience }: Pick<Exchange, 'audience'>): readonly Part<'detach'>[] {
  const link = member.entity(audience.version)
  if (!isLink(link)) return []
  const compute = idAt(link.source.path, audience.base, '/compute/') as ComputeId
  const storage = idAt(link.target.path, audience.base, '/storage/') as StorageId
  return [{ do: 'detach', order: { storage, compute } }]
}
