/** The volumes of a compute as links to their storages (GFD.224 §3.4.2). They have no records: they live in the compute's. */
import type { ComputeRecord } from '../../model/records'
import { isAttached, type VolumeWish, volumesOf } from '../../model/storage'
import { COMPUTE, STORAGE, STORAGELINK } from '../model/names'
import { derivedId } from './derived-id'
import type { LinkEntity } from './entity'
import { Member } from './member'
import { keptWhile, ownMixins, ownMixinsWithin, type Tagging } from './own-mixins'

const members = keptWhile<ComputeRecord, readonly Member[]>()

/** Its volumes as members of `/storagelink/`; kept as long as the record and the mixins of users that it names. */
export const storageLinkMembers = (site: Tagging, record: ComputeRecord): readonly Member[] =>
  members(record, ownMixinsWithin(site, record), () =>
    storageLinksOf(site, record).map((link) => new Member(link.path, 'links', () => link)),
  )

export const storageLinksOf = (site: Tagging, record: ComputeRecord): readonly LinkEntity[] =>
  volumesOf(record).map((volume) => linkOf(site, record, volume))

/** Another one for each time that a volume is attached. */
export const storageLinkId = (compute: string, { name, since }: Pick<VolumeWish, 'name' | 'since'>): string =>
  derivedId(`storagelink ${compute} ${name} ${since}`)

function linkOf(site: Tagging, record: ComputeRecord, volume: VolumeWish): LinkEntity {
  const id = storageLinkId(record.id, volume)
  const attached = record.seen.contact === 'ok' && isAttached(record, volume.name)
  const trouble = attached ? undefined : troubleOf(record, volume)
  return {
    kind: STORAGELINK,
    id,
    path: `/storagelink/${id}`,
    title: null,
    summary: null,
    mixins: ownMixins(site, volume),
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
