/** A record's hash in Redis, from its fields to a value. The only place that decodes records. */
import { fault } from '../faults'
import type { Kind } from '../model/ids'
import { type RecordOf, SCHEMA } from '../model/records'

/** The hash's fields that make the record, in the order that claim.lua answers them too. */
export const RECORD_FIELDS = [
  'project',
  'rev',
  'generation',
  'era',
  'number',
  'wakes',
  'phase',
  'schema',
  'wish',
  'seen',
  'journal',
  'place',
] as const

/**
 * The values of RECORD_FIELDS as a record; undefined when it is not there. 'unsupported' when a newer program wrote it:
 * it is left alone.
 */
export function decodeRecord<K extends Kind>(
  kind: K,
  id: string,
  values: readonly (string | null)[],
): RecordOf[K] | undefined {
  const [project, rev, generation, era, number, wakes, phase, schema, wish, seen, journal, place] = values
  if (typeof rev !== 'string') return undefined
  if (Number(schema) > SCHEMA)
    throw fault('unsupported', `${kind} ${id} has schema ${schema}; this program knows up to ${SCHEMA}`, {
      subject: { kind, id },
    })
  const record = {
    kind,
    id,
    project: project === '' || project === undefined ? null : project,
    rev: Number(rev),
    generation: Number(generation),
    epoch: { era: Number(era), number: Number(number) },
    wakes: Number(wakes),
    phase: Number(phase),
    schema: Number(schema),
    wish: parsed(wish),
    seen: parsedAlike(seen),
    journal: parsedAlike(journal),
    place: parsedAlike(place),
  }
  // What is in these strings, operations and workers of this schema version wrote.
  return record as unknown as RecordOf[K]
}

/** The same for lists: one record of a newer program must not hide all the others. */
export function decodeKnown<K extends Kind>(
  kind: K,
  id: string,
  values: readonly (string | null)[],
): RecordOf[K] | undefined {
  return Number(values[RECORD_FIELDS.indexOf('schema')]) > SCHEMA ? undefined : decodeRecord(kind, id, values)
}

const parsed = (text: string | null | undefined): unknown => (typeof text === 'string' ? JSON.parse(text) : null)

/** Longer texts are hardly ever said twice. */
const LONGEST_SHARED = 300
const MOST_SHARED = 1_000
const shared = new Map<string, unknown>()

/**
 * The same for what thousands of records say alike: that nothing was done, that nobody saw it yet. Read once for each text, and one
 * value for all of them, which nobody can change.
 */
function parsedAlike(text: string | null | undefined): unknown {
  if (typeof text !== 'string' || text.length > LONGEST_SHARED) return parsed(text)
  const known = shared.get(text)
  if (known !== undefined) return known
  const value = frozen(JSON.parse(text))
  if (shared.size >= MOST_SHARED) shared.clear()
  shared.set(text, value)
  return value
}

function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(frozen)
  return value
}
