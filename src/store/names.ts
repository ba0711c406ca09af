/** The names by which a record is found; a creating operation takes the same ones in the hash `names`. */
import type { ProjectId } from '../model/ids'
import type { AnyRecord, ImageRecord, MixinWish, NetworkRecord } from '../model/records'

/** Names of a record, as `Mirror.named` knows them and operations take them. */
export function namesOf(record: AnyRecord): readonly string[] {
  switch (record.kind) {
    case 'address':
    case 'compute':
    case 'reservation':
    case 'snapshot':
    case 'storage':
      return [record.wish.name]
    case 'image':
      return imageNames(record)
    case 'imageimport':
      return record.wish.task === null ? [] : [record.wish.task.name]
    case 'network':
      return networkNames(record)
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
    case 'placementgroup':
      return [record.wish.group, placementGroupName(record.project, record.wish.name)]
    case 'launchtemplate':
      return [record.wish.template, launchTemplateName(record.project, record.wish.name)]
    case 'securitygroup':
      return [record.wish.group, `securitygroup:${record.project}:${record.wish.name}`]
    case 'console':
    case 'hostcheck':
    case 'foreignlook':
    case 'placement':
    case 'audit':
    case 'files':
    case 'relocation':
    case 'study':
    case 'accounts':
    case 'launchtemplateversion':
      return []
  }
}

/** `subnet-…`, and the operator's name for it, or the label that it has in its project. */
export const networkNames = ({ project, wish }: Pick<NetworkRecord, 'project' | 'wish'>): readonly string[] => {
  if (project === null) return [wish.subnet, `network:${wish.name}`]
  return [wish.subnet, ...(wish.label === undefined ? [] : [networkLabel(project, wish.label)])]
}

/** A label is its project's own. */
export const networkLabel = (project: ProjectId, label: string): string => `network:${project}:${label}`

/** A placement group's name is its project's own. */
export const placementGroupName = (project: ProjectId | null, name: string): string =>
  `placementgroup:${project}:${name}`

/** A launch template's name is its project's own. */
export const launchTemplateName = (project: ProjectId | null, name: string): string =>
  `launchtemplate:${project}:${name}`

/** `ami-…`, and its name among its project's, which it has until it is deregistered. */
export const imageNames = ({ project, wish }: Pick<ImageRecord, 'project' | 'wish'>): readonly string[] =>
  wish.exists ? [wish.ami, imageName(project, wish.name)] : [wish.ami]

/** The site's images have their names to themselves; a project's are its own. */
export const imageName = (project: ProjectId | null, name: string): string =>
  project === null ? `image:${name}` : `image:${project}:${name}`

/** Both are unique in their project: its type identifier, then its location. */
export const mixinNames = (
  project: ProjectId,
  { scheme, term, location }: Pick<MixinWish, 'scheme' | 'term' | 'location'>,
): readonly [string, string] => [`mixin:${project}:${scheme}${term}`, `mixin-location:${project}:${location}`]
