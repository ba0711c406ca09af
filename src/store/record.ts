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
    seen: parsed(seen),
    journal: parsed(journal),
    place: parsed(place),
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
