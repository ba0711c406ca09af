/** Finding what operators name. All throw 'not-found' in the same words. */
import { fault } from '../faults'
import type { Kind } from '../model/ids'
import type {
  HostRecord,
  KeyRecord,
  NetworkRecord,
  ProjectRecord,
  RecordOf,
  TypeRecord,
  UserRecord,
} from '../model/records'
import type { Context } from './context'

function named<K extends Kind>({ mirror }: Context, kind: K, name: string): RecordOf[K] {
  const record = mirror.named(`${kind}:${name}`)
  // The mirror names records of all kinds; this one bears the kind that its name begins with.
  if (record?.kind === kind) return record as RecordOf[K]
  throw missing(kind, name)
}

const missing = (kind: Kind, name: string) =>
  fault('not-found', `there is no ${kind} ${name}`, { subject: { kind, id: name } })

export const projectNamed = (context: Context, name: string): ProjectRecord => named(context, 'project', name)
export const userNamed = (context: Context, name: string): UserRecord => named(context, 'user', name)
export const typeNamed = (context: Context, name: string): TypeRecord => named(context, 'type', name)
export const networkNamed = (context: Context, name: string): NetworkRecord => named(context, 'network', name)
export const hostNamed = (context: Context, name: string): HostRecord => named(context, 'host', name)

/** A tenant's key; an operator's token is none. */
export function keyNamed(context: Context, accessKeyId: string): KeyRecord {
  const key = named(context, 'key', accessKeyId)
  if (key.wish.role === 'tenant') return key
  throw missing('key', accessKeyId)
}
