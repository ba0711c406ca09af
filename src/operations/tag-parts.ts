/** Tags of what is a part of a record: disks and interfaces of a machine, rules of a security group. Pure. */
import { fault } from '../faults'
import type { ShortKind } from '../model/ids'
import type { ComputeRecord, SecurityGroupRecord } from '../model/records'
import { changeTags, type TagChange, type Tags } from './check-tags'

/** Which part, by the name that it has in its record. */
export interface TaggedPart {
  readonly is: 'disk' | 'interface' | 'rule'
  readonly name: string
}

/** A machine with other tags of that part of it; the same object where nothing differs. Faults: 'not-found', 'too-large'. */
export function withPartOfMachineTagged(record: ComputeRecord, part: TaggedPart, change: TagChange): ComputeRecord {
  const { wish } = record
  if (part.is === 'disk') {
    const disks = retagged(wish.disks, ({ name }) => name === part.name, change)
    if (disks === undefined) throw missing('storage', part)
    return disks === wish.disks ? record : { ...record, wish: { ...wish, disks } }
  }
  const interfaces = retagged(wish.interfaces, ({ name }) => part.is === 'interface' && name === part.name, change)
  if (interfaces === undefined) throw missing('networkinterface', part)
  return interfaces === wish.interfaces ? record : { ...record, wish: { ...wish, interfaces } }
}

/** A group with other tags of that rule; the same object where nothing differs. Faults: 'not-found', 'too-large'. */
export function withRuleTagged(record: SecurityGroupRecord, part: TaggedPart, change: TagChange): SecurityGroupRecord {
  const { wish } = record
  const rules = retagged(wish.rules, ({ rule }) => part.is === 'rule' && rule === part.name, change)
  if (rules === undefined) throw missing('securitygrouprule', part)
  return rules === wish.rules ? record : { ...record, wish: { ...wish, rules } }
}

/** Gone, between being looked up and being changed. */
const missing = (kind: ShortKind, { name }: TaggedPart) =>
  fault('not-found', `there is no ${name}`, { subject: { kind, id: name } })

/** All of them, with other tags of the one that is meant; undefined: it is not there. */
function retagged<P extends { readonly tags?: Tags }>(
  parts: readonly P[],
  isMeant: (part: P) => boolean,
  change: TagChange,
): readonly P[] | undefined {
  const meant = parts.find(isMeant)
  if (meant === undefined) return undefined
  const before = meant.tags ?? {}
  const tags = changeTags(before, change)
  return tags === before ? parts : parts.map((part) => (part === meant ? { ...part, tags } : part))
}
