/** Reading volumes. Another project's volume does not exist. */
import { fault } from '../../faults'
import type { StorageId } from '../../model/ids'
import { attachmentOf, type StorageRecord } from '../../model/storage'
import type { Mirror } from '../../store/store'
import type { Caller, Context } from '../context'
import { freshEverywhere } from '../watch-computes'
import type { StorageView } from './operations'

export const viewOf = (mirror: Mirror, record: StorageRecord): StorageView => ({
  record,
  attachment: attachmentOf(record, (id) => mirror.get('compute', id)),
})

/** 'not-found' for one or several volumes. */
export const noVolume = (names: readonly string[]) =>
  fault('not-found', `there is no volume ${names.slice(0, 20).join(', ')}`, {
    subject: { kind: 'storage', id: names[0] ?? '' },
  })

/** What is gone is shown no more, even while its record lasts. */
const isThere = (record: StorageRecord): boolean => record.seen.goneAt === null

/** In order of creation. */
export async function listStorages({ mirror }: Context, caller: Caller): Promise<readonly StorageView[]> {
  await mirror.fresh(caller.project)
  return mirror
    .list('storage', caller.project)
    .filter(isThere)
    .map((record) => viewOf(mirror, record))
}

/** All projects' volumes, in order of creation. */
export async function listAllStorages(context: Context): Promise<readonly StorageView[]> {
  await freshEverywhere(context)
  const { mirror } = context
  return mirror
    .all('storage')
    .filter(isThere)
    .map((record) => viewOf(mirror, record))
}

/** Whosever it is, by UUID or EC2 name. From the mirror as it is. Faults: 'not-found'. */
export function storageWith(mirror: Pick<Mirror, 'all'>, word: string): StorageRecord {
  const found = mirror.all('storage').find((record) => isThere(record) && [record.id, record.wish.name].includes(word))
  if (found === undefined) throw noVolume([word])
  return found
}

/** Whosever it is. Faults: 'not-found'. */
export async function findStorage(context: Context, word: string): Promise<StorageView> {
  await freshEverywhere(context)
  return viewOf(context.mirror, storageWith(context.mirror, word))
}

/** Faults: 'not-found'. */
export async function getStorage({ mirror }: Context, caller: Caller, id: StorageId): Promise<StorageView> {
  await mirror.fresh(caller.project)
  return viewOf(mirror, ownStorage(mirror, caller, id))
}

/** From the mirror as it is. Faults: 'not-found'. */
export function ownStorage(mirror: Mirror, caller: Caller, id: StorageId): StorageRecord {
  const record = mirror.get('storage', id)
  if (record?.project !== caller.project || !isThere(record)) throw noVolume([id])
  return record
}

/** By EC2 name, in the order asked. Faults: 'not-found' names all that are missing. */
export async function namedStorages(
  { mirror }: Context,
  caller: Caller,
  names: readonly string[],
): Promise<readonly StorageView[]> {
  await mirror.fresh(caller.project)
  const found = names.map((name) => mirror.named(name))
  const own = found
    .filter((record) => record?.kind === 'storage')
    .filter((record) => record.project === caller.project && isThere(record))
  if (own.length === names.length) return own.map((record) => viewOf(mirror, record))
  const known = new Set(own.map((record) => record.wish.name))
  throw noVolume(names.filter((name) => !known.has(name)))
}
