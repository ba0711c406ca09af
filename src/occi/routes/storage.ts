/** What can be done with `/storage/` and `/storage/<id>` (GFD.223 §5.5, GFD.224 §3.3). */

import { fault } from '../../faults'
import { type ComputeId, isUuid, type MixinId, type StorageId } from '../../model/ids'
import { occiStorageActions } from '../../model/storage'
import type { StorageView } from '../../operations/storage/operations'
import type { Part } from '../../operations/together/operations'
import type { Member } from '../entities/member'
import { isStored, storageEntity, storageMember } from '../entities/storage'
import { type Answer, answerWithAll, type Exchange, type Front } from '../exchange'
import type { Catalogue } from '../model/catalogue'
import type { KindCategory } from '../model/category'
import { STORAGE, VOLUME } from '../model/names'
import { negotiate } from '../negotiation'
import type { Document } from '../parse'
import { storageAct } from '../requests/act-on-storage'
import { namedCategories, refuseMisapplied, refuseOtherKind } from '../requests/categories'
import { describesOne } from '../requests/describes-one'
import { entityValues, gibibytesIn, textIn, type Values } from '../requests/entity-values'
import { withoutActions } from '../requests/links'
import { ownOf } from '../requests/own-of'
import { actOnEach, atPath } from './at-path'
import { created } from './created'
import { nothingAt } from './nothing'

/** The caller's storages, in order of creation. */
export const liveStorages = async (
  { operations }: Front,
  { caller }: Pick<Exchange, 'caller'>,
): Promise<readonly StorageView[]> => (await operations.listStorages(caller)).filter(isStored)

/** Throws 'not-found', also for what its owner deleted and for what another project has. */
export async function liveStorage(
  { operations }: Front,
  { caller, path }: Pick<Exchange, 'caller' | 'path'>,
  id: string,
): Promise<StorageView> {
  if (!isUuid(id)) throw nothingAt(path)
  const view = await operations.getStorage(caller, id as StorageId)
  if (!isStored(view)) throw nothingAt(path)
  return view
}

interface Described {
  readonly values: Values
  /** Mixins of the users' own that it names. */
  readonly own: readonly MixinId[]
}

/** What a request says of a storage. `whole`: it must name its kind. */
function described(
  front: Front,
  exchange: Exchange,
  catalogue: Catalogue,
  present: StorageView | undefined,
  how: 'whole' | 'partial',
  document: Document = describesOne(exchange.document()),
): Described {
  const { model } = front
  const named = namedCategories(document.categories, model, catalogue)
  refuseOtherKind(named, STORAGE, { how, is: present === undefined ? 'new' : 'there' })
  refuseMisapplied(named.mixins, STORAGE)
  const strange = named.mixins.find(({ id, own }) => id !== VOLUME && own === null)
  if (strange) throw fault('unsupported', `${strange.id} cannot be put on a storage here`, { field: strange.id })
  if (withoutActions(document.links, model).length > 0)
    throw fault('unsupported', 'a storage starts no links: a link begins at its compute', { field: 'Link' })
  const kind = model.find(STORAGE) as KindCategory
  const shown = present && storageEntity(front, present, exchange.audience.version)
  return { values: entityValues(document.attributes, kind, shown), own: ownOf(named.mixins) }
}

function orderOf({ values, own }: Described) {
  const sizeGiB = gibibytesIn(values)
  if (sizeGiB === undefined)
    throw fault('missing', 'a storage needs its size: occi.storage.size, in GiB', { field: 'occi.storage.size' })
  const [title, summary] = [textIn(values, 'occi.core.title'), textIn(values, 'occi.core.summary')]
  return {
    sizeGiB,
    ...(title === undefined ? {} : { title }),
    ...(summary === undefined ? {} : { summary }),
    ...(own.length === 0 ? {} : { mixins: own }),
  }
}

/** 201 with Location; of several (JSON) that of their collection, and all or none is made. */
export async function createStorage(
  front: Front,
  exchange: Exchange,
  catalogue: Catalogue,
  id?: string,
): Promise<Answer> {
  negotiate(exchange.accept, 'listing')
  const document = exchange.document()
  if (document.entities !== undefined && id === undefined)
    return createSeveral(front, exchange, catalogue, document.entities)
  const order = orderOf(described(front, exchange, catalogue, undefined, 'whole', describesOne(document)))
  const record = await front.operations.createStorage(exchange.caller, {
    ...order,
    ...(id === undefined ? {} : { id: id as StorageId }),
  })
  const member = storageMember(front, { record, attachment: undefined })
  return created(exchange, member)
}

async function createSeveral(
  front: Front,
  exchange: Exchange,
  catalogue: Catalogue,
  documents: readonly Document[],
): Promise<Answer> {
  if (documents.length === 0) throw fault('missing', 'the request describes no entity', { field: 'resources' })
  const orders = documents.map((document) =>
    orderOf(described(front, exchange, catalogue, undefined, 'whole', document)),
  )
  const records = await front.operations.createStorages(exchange.caller, orders)
  const members = records.map((record) => storageMember(front, { record, attachment: undefined }))
  return answerWithAll(exchange, members, {
    status: 201,
    headers: { Location: `${exchange.audience.base}/storage/` },
  })
}

/** Size, title and summary; a larger size makes it grow (1.2 resizes by updating it). */
async function update(
  front: Front,
  exchange: Exchange,
  catalogue: Catalogue,
  view: StorageView,
  how: 'whole' | 'partial',
): Promise<StorageView> {
  const { values, own } = described(front, exchange, catalogue, view, how)
  const worn = view.record.wish.mixins ?? []
  const sizeGiB = gibibytesIn(values)
  // What a whole description leaves out is dropped; a size never shrinks.
  const isSaid = (name: string): boolean => how === 'whole' || values.has(name)
  return front.operations.changeStorage(exchange.caller, {
    storage: view.record.id,
    ...(sizeGiB === undefined ? {} : { sizeGiB }),
    ...(isSaid('occi.core.title') ? { title: textIn(values, 'occi.core.title') ?? null } : {}),
    ...(isSaid('occi.core.summary') ? { summary: textIn(values, 'occi.core.summary') ?? null } : {}),
    addMixins: own,
    removeMixins: how === 'whole' ? worn.filter((one) => !own.includes(one)) : [],
  })
}

/** All or nothing. */
async function act(front: Front, exchange: Exchange, views: readonly StorageView[]): Promise<readonly StorageView[]> {
  negotiate(exchange.accept, 'other')
  const wanted = storageAct(exchange.action ?? '', exchange.document(), front.model)
  if ('copy' in wanted) {
    const of = views.map(({ record }) => ({ kind: 'storage', id: record.id }) as const)
    await front.operations.createSnapshots(exchange.caller, { of, description: `OCCI ${wanted.copy}` })
    return views
  }
  if ('online' in wanted) refuseLevel(views, wanted.online)
  const orders = views.map(({ record }) => ({ storage: record.id, ...wanted }))
  return front.operations.changeStorages(exchange.caller, orders)
}

/** Throws 'state' for one that has it already. */
function refuseLevel(views: readonly StorageView[], online: boolean): void {
  const there = views.find(({ record }) => record.wish.online === online)
  if (there === undefined) return
  throw fault('state', `the storage ${there.record.id} is ${online ? 'online' : 'offline'} already`, {
    subject: { kind: 'storage', id: there.record.id },
    allowed: occiStorageActions(there.record, there.attachment),
  })
}

/** What deletes them, or lets them go with machines that go too. Throws 'in-use' (409) saying by what. */
export const storagesGoing = (
  members: readonly Member[],
  goingWith: readonly ComputeId[] = [],
): readonly Part<'deleteStorages'>[] => {
  const ids = members.map(({ path }) => path.slice('/storage/'.length) as StorageId)
  return ids.length === 0 ? [] : [{ do: 'deleteStorages', order: { ids, goingWith } }]
}

const KIND = {
  what: 'a storage',
  live: liveStorage,
  member: storageMember,
  create: createStorage,
  update,
  going: (front: Front, view: StorageView) => storagesGoing([storageMember(front, view)]),
  act,
}

export const atStorage = atPath<StorageView>(KIND)

export const actOnStorages = actOnEach<StorageView>(KIND)
