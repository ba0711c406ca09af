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

/** The same of what records.lua answers: the values, a line each; '' where it is not there. */
export function decodeLines<K extends Kind>(kind: K, id: string, lines: string): RecordOf[K] | undefined {
  if (lines === '') return undefined
  const [project = '', ...values] = lines.split('\n')
  return decodeKnown(kind, id, [keptProject(project), ...values])
}

const parsed = (text: string | null | undefined): unknown => (text ? JSON.parse(text) : null)

/** Longer texts are hardly ever said twice. */
const LONGEST_SHARED = 300
const MOST_SHARED = 1_000
const shared = new Map<string, unknown>()
const projects = new Map<string, string>()

/**
 * The same for what thousands of records say alike: that nothing was done, that nobody saw it yet. Read once for each text, and one
 * value for all of them, which nobody can change.
 */
function parsedAlike(text: string | null | undefined): unknown {
  if (!text || text.length > LONGEST_SHARED) return parsed(text)
  const known = shared.get(text)
  if (known !== undefined) return known
  const value = frozen(JSON.parse(text))
  if (shared.size >= MOST_SHARED) shared.clear()
  shared.set(copyOf(text), value)
  return value
}

/** One text for all records of a project. */
function keptProject(id: string): string {
  const known = projects.get(id)
  if (known !== undefined) return known
  const kept = copyOf(id)
  if (projects.size >= MOST_SHARED) projects.clear()
  projects.set(kept, kept)
  return kept
}

/** A piece of a text holds all of that text in memory (V8's sliced strings): whatever stays is a copy. */
const copyOf = (text: string): string => Buffer.from(text).toString()

function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(frozen)
  return value
}
