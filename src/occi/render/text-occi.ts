/**
 * text/occi: the fields as headers, `OK` as the body (GFD.229 §5). One folded line per field: rOCCI keeps only the first of
 * repeated ones. Categories fold with `,` alone, because rOCCI loses mixins behind a blank; locations with `, `, because the 1.1
 * module splits them there.
 */
import { fault } from '../../faults'
import { categoryFields, entityFields, type Field } from './fields'
import { locationsTold } from './locations'
import type { Rendered, Rendering } from './rendering'

/** Python's clients refuse a line above 64 KiB. */
const LONGEST_LINE = 60 * 1024

/** Node takes header text as Latin-1, so UTF-8 goes through it byte by byte, as it does on the way in. */
const asHeader = (text: string): string => Buffer.from(text, 'utf8').toString('latin1')

function headers(named: readonly (readonly [string, readonly string[], string])[]): Rendered {
  const filled = named.filter(([, values]) => values.length > 0)
  const folded = filled.map(([name, values, comma]) => [name, asHeader(values.join(comma))] as const)
  const long = folded.find(([, value]) => value.length > LONGEST_LINE)
  if (long !== undefined)
    throw fault(
      'unacceptable',
      `this is ${long[1].length} bytes of ${long[0]}, too much for headers: ask for text/plain or application/occi+json`,
    )
  return { headers: Object.fromEntries(folded), body: 'OK' }
}

const fold = (fields: readonly Field[]): Rendered =>
  headers(
    (['Category', 'Link', 'X-OCCI-Attribute'] as const).map((name) => [
      name,
      fields.filter((field) => field.name === name).map(({ value }) => value),
      ',',
    ]),
  )

const located = locationsTold((urls) => headers([['X-OCCI-Location', urls, ', ']]))

export const textOcci: Rendering = {
  categories: (collection) => fold(categoryFields(collection)),
  collection: (members, { base }) => located(members, base),
  entity: (member, { version }) => fold(entityFields(member.entity(version))),
  created: (member, { base }) => headers([['X-OCCI-Location', [base + member.path], ', ']]),
  acted: () => ({ headers: {}, body: 'OK' }),
}
