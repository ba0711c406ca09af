/** Ids become parts of keys and of event texts: what is written must have their form. */
import { fault } from '../faults'
import type { Ref } from '../model/ids'

const ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/

/** 'invalid' for an id that is none of ours. */
export function checkedId(id: string): string {
  if (!ID.test(id)) throw fault('invalid', 'an id has up to 64 letters, digits, dots and hyphens')
  return id
}

/** Kind and id as two arguments. */
export const refArguments = (ref: Ref): readonly [string, string] => [ref.kind, checkedId(ref.id)]
