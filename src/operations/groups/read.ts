/** Security groups of a project as they are, `default` among them whether or not it was ever written. */
import { fault } from '../../faults'
import type { ProjectId, SecurityGroupId } from '../../model/ids'
import {
  type ComputeRecord,
  defaultGroupId,
  GROUP_NEVER_SEEN,
  type ProjectRecord,
  type SecurityGroupRecord,
  usualDefaultGroup,
} from '../../model/records'
import type { Create, Mirror, Take } from '../../store/store'
import { created } from '../created'

type Reads = Pick<Mirror, 'get' | 'list'>

/** Under which its name is taken, once a project. */
export const nameField = (project: ProjectId | null, name: string): string => `securitygroup:${project}:${name}`

/** What makes a record of a group. */
export const groupCreation = (
  id: SecurityGroupId,
  project: ProjectId,
  wish: SecurityGroupRecord['wish'],
): { readonly create: Create; readonly takes: readonly Take[] } => ({
  create: {
    ref: { kind: 'securitygroup', id },
    project,
    wish,
    seen: GROUP_NEVER_SEEN,
    journal: null,
    place: null,
    wake: true,
  },
  takes: [wish.group, nameField(project, wish.name)].map((field) => ({
    hash: 'names',
    field,
    value: `securitygroup:${id}`,
  })),
})

/** A project's group `default` as it would be written; nobody has yet. */
export const unwrittenDefault = ({ id, wish }: Pick<ProjectRecord, 'id' | 'wish'>) =>
  groupCreation(defaultGroupId(id), id, usualDefaultGroup(id, wish.createdAt))

/** The project's group `default`; undefined for a project that is not there. */
function defaultOf(mirror: Reads, project: ProjectId): SecurityGroupRecord | undefined {
  const written = mirror.get('securitygroup', defaultGroupId(project))
  if (written) return written
  const owner = mirror.get('project', project)
  return owner && { ...created('securitygroup', unwrittenDefault(owner).create), generation: 0, rev: 0 }
}

export function groupsOfProject(mirror: Reads, project: ProjectId): readonly SecurityGroupRecord[] {
  const first = defaultOf(mirror, project)
  const others = mirror.list('securitygroup', project).filter(({ id }) => id !== first?.id)
  return first ? [first, ...others] : others
}

/** Nobody has written it: the first change of it makes its record. */
export const isUnwritten = ({ generation }: SecurityGroupRecord): boolean => generation === 0

/** Faults: 'not-found' for what is not there or another project's. */
export function ownGroup(mirror: Reads, project: ProjectId, id: SecurityGroupId): SecurityGroupRecord {
  const found = id === defaultGroupId(project) ? defaultOf(mirror, project) : mirror.get('securitygroup', id)
  if (found?.project === project) return found
  throw fault('not-found', 'there is no such security group', { subject: { kind: 'securitygroup', id } })
}

/** The groups of a machine's first interface; those that are gone are left out. */
export function groupsOf(mirror: Reads, { project, wish }: ComputeRecord): readonly SecurityGroupRecord[] {
  const ids = wish.exists ? (wish.interfaces[0]?.groups ?? []) : []
  if (project === null) return []
  return ids.flatMap((id) => {
    const group = id === defaultGroupId(project) ? defaultOf(mirror, project) : mirror.get('securitygroup', id)
    return group ?? []
  })
}
