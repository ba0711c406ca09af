/** Things that a request names one by one (RegionName.N, ZoneName.N, InstanceType.N). */
import { fault } from '../../faults'
import { shorten } from '../codec'

export interface Naming<T> {
  readonly nameOf: (thing: T) => string | undefined
  /** The parameter, for the fault. */
  readonly field: string
  /** What to say of names that are none, as EC2 words it. */
  readonly says: (names: string) => string
  readonly subject?: string
}

/** The things named, or all when none is named. Fault: 'invalid' (or 'not-found' where there is a subject) naming all that are not there. */
export function pick<T>(things: readonly T[], names: readonly string[] | undefined, naming: Naming<T>): readonly T[] {
  if (names === undefined || names.length === 0) return things
  const wanted = new Set(names)
  const found = things.filter((thing) => wanted.has(naming.nameOf(thing) ?? ''))
  for (const thing of found) wanted.delete(naming.nameOf(thing) ?? '')
  if (wanted.size === 0) return found
  const missing = shorten([...wanted].join(', '))
  const { field, subject } = naming
  throw subject === undefined
    ? fault('invalid', naming.says(missing), { field })
    : fault('not-found', naming.says(missing), { field, subject: { kind: subject, id: missing } })
}
