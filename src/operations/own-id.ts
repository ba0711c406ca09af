/** Ids that callers name themselves: OCCI's PUT to a path. */
import { fault } from '../faults'
import type { Caller, Context } from './context'

const NOUNS = { compute: 'machine', network: 'network', storage: 'volume' } as const
type OwnKind = keyof typeof NOUNS

/** A path that cannot be had: no UUID, or somebody else's. The same words, so that nobody can search for ids. */
export const unusableId = (kind: OwnKind, id: string) =>
  fault('invalid', `a ${NOUNS[kind]} of your own naming needs a UUID in lower case that is not in use`, {
    field: 'id',
    subject: { kind, id },
  })

/** Faults: 'exists' for a living one of the caller's own, 'conflict' for one that is being deleted, 'invalid' for another's. */
export async function checkIdIsFree({ store }: Context, caller: Caller, kind: OwnKind, id: string): Promise<void> {
  const holder = await store.read(kind, id)
  if (!holder) return
  if (holder.project !== caller.project) throw unusableId(kind, id)
  const detail = { subject: { kind, id }, field: 'id' }
  if (holder.wish.exists) throw fault('exists', `this ${NOUNS[kind]} is there already`, detail)
  throw fault('conflict', `the ${NOUNS[kind]} that had this id is still being deleted`, detail)
}
