/** The volumes of a compute as links to their storages (GFD.224 §3.4.2). They have no records: they live in the compute's. */
import type { ComputeRecord } from '../../model/records'
import { isAttached, type VolumeWish, volumesOf } from '../../model/storage'
import { COMPUTE, STORAGE, STORAGELINK } from '../model/names'
import { derivedId } from './derived-id'
import type { LinkEntity } from './entity'
import { Member } from './member'

const members = new WeakMap<ComputeRecord, readonly Member[]>()

/** Its volumes as members of `/storagelink/`; kept as long as the record. */
export function storageLinkMembers(record: ComputeRecord): readonly Member[] {
  const known = members.get(record) ?? storageLinksOf(record).map((link) => new Member(link.path, 'links', () => link))
  members.set(record, known)
  return known
}

export const storageLinksOf = (record: ComputeRecord): readonly LinkEntity[] =>
  volumesOf(record).map((volume) => linkOf(record, volume))

/** Another one for each time that a volume is attached. */
export const storageLinkId = (compute: string, { name, since }: Pick<VolumeWish, 'name' | 'since'>): string =>
  derivedId(`storagelink ${compute} ${name} ${since}`)

function linkOf(record: ComputeRecord, volume: VolumeWish): LinkEntity {
  const id = storageLinkId(record.id, volume)
  const attached = record.seen.contact === 'ok' && isAttached(record, volume.name)
  const trouble = attached ? undefined : troubleOf(record, volume)
  return {
    kind: STORAGELINK,
    id,
    path: `/storagelink/${id}`,
    title: null,
    summary: null,
    mixins: [],
    attributes: [
      { name: 'occi.storagelink.deviceid', value: volume.device },
      ...(volume.mountpoint ? [{ name: 'occi.storagelink.mountpoint', value: volume.mountpoint }] : []),
      { name: 'occi.storagelink.state', value: attached ? 'active' : 'inactive' },
      ...(trouble === undefined ? [] : [{ name: 'occi.storagelink.state.message', value: trouble }]),
    ],
    actions: [],
    links: [],
    source: { path: `/compute/${record.id}`, kind: COMPUTE },
    target: { path: `/storage/${volume.storage}`, kind: STORAGE },
  }
}

/** What its host said when it was to be attached. */
const troubleOf = ({ journal }: ComputeRecord, { name }: VolumeWish): string | undefined =>
  journal.trouble?.step === 'attach' && journal.intent?.item === name ? journal.trouble.message : undefined
