/** The names by which a record is found; a creating operation takes the same ones in the hash `names`. */
import type { ProjectId } from '../model/ids'
import type { AnyRecord, MixinWish } from '../model/records'

/** Names of a record, as `Mirror.named` knows them and operations take them. */
export function namesOf(record: AnyRecord): readonly string[] {
  switch (record.kind) {
    case 'compute':
    case 'snapshot':
    case 'storage':
      return [record.wish.name]
    case 'image':
      return [record.wish.ami, `image:${record.wish.name}`]
    case 'network':
      return [record.wish.subnet, ...(record.project === null ? [`network:${record.wish.name}`] : [])]
    case 'type':
      return [`type:${record.wish.name}`]
    case 'host':
      return [`host:${record.wish.name}`]
    case 'project':
      return [`project:${record.wish.name}`, `account:${record.wish.account}`]
    case 'user':
      return [`user:${record.wish.name}`]
    case 'key':
      return [`key:${record.wish.accessKeyId}`]
    case 'mixin':
      return record.project === null ? [] : mixinNames(record.project, record.wish)
    case 'keypair':
      return [record.wish.pair, `keypair:${record.project}:${record.wish.name}`]
    case 'console':
    case 'hostcheck':
    case 'placement':
    case 'audit':
      return []
  }
}

/** Both are unique in their project: its type identifier, then its location. */
export const mixinNames = (
  project: ProjectId,
  { scheme, term, location }: Pick<MixinWish, 'scheme' | 'term' | 'location'>,
): readonly [string, string] => [`mixin:${project}:${scheme}${term}`, `mixin-location:${project}:${location}`]
