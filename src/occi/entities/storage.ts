/** A storage record as OCCI shows it (GFD.224 §3.3). Never: the host where it lies. */
import {
  occiStorageActions,
  occiStorageState,
  placeOfVolume,
  type StorageRecord,
  storageMessage,
  survivesItsHost,
} from '../../model/storage'
import type { StorageView } from '../../operations/storage/operations'
import { STORAGE, STORAGE_ACTIONS, VOLUME } from '../model/names'
import type { Entity } from './entity'
import { Member, type OcciVersion } from './member'
import { ownMixins, type Tagging } from './own-mixins'

/** What applies depends on its machine too, so there is a member for each way in which it is attached. */
const members = new WeakMap<StorageRecord, Map<string, Member>>()

/** The record's member as it is attached now; kept as long as the record and the mixins of users that it names. */
export function storageMember(site: Tagging, view: StorageView): Member {
  const known = members.get(view.record) ?? new Map<string, Member>()
  members.set(view.record, known)
  const key = [view.attachment?.state ?? '', ...ownMixins(site, view.record.wish)].join(' ')
  const member =
    known.get(key) ?? new Member(pathOf(view.record), 'resources', (version) => storageEntity(site, view, version))
  known.set(key, member)
  return member
}

const pathOf = ({ id }: StorageRecord): string => `/storage/${id}`

/** Once its owner wished it away it is 404 and in no listing (as a compute that was). */
export const isStored = ({ record }: StorageView): boolean => record.wish.exists

export function storageEntity(site: Tagging, { record, attachment }: StorageView, version: OcciVersion): Entity {
  const { wish } = record
  const place = placeOfVolume(record)
  const state = occiStorageState(record)
  const message = storageMessage(record)
  return {
    kind: STORAGE,
    id: record.id,
    path: pathOf(record),
    title: wish.title,
    summary: wish.summary,
    mixins: [VOLUME, ...ownMixins(site, wish)],
    attributes: [
      { name: 'occi.storage.size', value: wish.sizeGiB, float: true },
      // The 1.1 model has no state error; the message says what is wrong.
      { name: 'occi.storage.state', value: version === '1.1' && state === 'error' ? 'offline' : state },
      ...(message === null ? [] : [{ name: 'occi.storage.state.message', value: message }]),
      { name: 'org.occi-gateway.volume.name', value: wish.name },
      ...(place.host === null
        ? []
        : [{ name: 'org.occi-gateway.volume.survives', value: survivesItsHost(place) ? 'yes' : 'no' }]),
    ],
    actions: occiStorageActions(record, attachment).map((term) => STORAGE_ACTIONS + term),
    links: [],
  }
}
