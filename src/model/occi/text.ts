/** text/plain bodies and text/occi headers: both are the same fields, one per line or one per header (GFD.229). */
import { fault } from '../../faults'
import { type Document, NOTHING, withinLimits } from './document'
import { parseLine } from './grammar'
import type { Line } from './scanner'

/** Names as clients write them, in lower case, to the one that we use. rOCCI-core 5 sends the X- forms. */
const FIELDS: Readonly<Record<string, string>> = {
  category: 'Category',
  'x-occi-category': 'Category',
  link: 'Link',
  'x-occi-link': 'Link',
  'x-occi-attribute': 'X-OCCI-Attribute',
  'x-occi-location': 'X-OCCI-Location',
}

const fieldNamed = (name: string): string | undefined => {
  const lower = name.toLowerCase()
  return Object.hasOwn(FIELDS, lower) ? FIELDS[lower] : undefined
}

/** A text/plain body as a client sent it. Throws 'malformed' with line and column, 'too-large'. */
export const parseTextPlain = (text: string): Document => withinLimits(readTextPlain(text))

/** A text/plain body of any length: what a server lists is as long as it is. Throws 'malformed' with line and column. */
export function readTextPlain(text: string): Document {
  const lines = text.split(/\r\n|\n|\r/)
  return collect(lines.flatMap((line, index) => (line.trim() === '' ? [] : [bodyLine(line, index + 1)])))
}

function bodyLine(text: string, line: number): Line {
  const colon = text.indexOf(':')
  const field = colon < 0 ? undefined : fieldNamed(text.slice(0, colon).trim())
  if (field === undefined)
    throw fault(
      'malformed',
      `line ${line} begins with none of Category:, Link:, X-OCCI-Attribute:, X-OCCI-Location: (line ${line}, column 1)`,
      { position: { line, column: 1 } },
    )
  return { field, text: text.slice(colon + 1), line, column: colon + 2 }
}

/** The OCCI fields among a request's headers, as Node gives them (`rawHeaders`: name, value, name, value). Throws as `parseTextPlain`. */
export const parseHeaders = (rawHeaders: readonly string[]): Document => withinLimits(readHeaders(rawHeaders))

/** Those of a server's answer, however many it lists. Throws 'malformed' with line and column. */
export function readHeaders(rawHeaders: readonly string[]): Document {
  const seen = new Map<string, number>()
  const lines: Line[] = []
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const field = fieldNamed(rawHeaders[index] ?? '')
    const text = rawHeaders[index + 1] ?? ''
    if (field === undefined || text.trim() === '') continue
    const line = (seen.get(field) ?? 0) + 1
    seen.set(field, line)
    lines.push({ field, text: utf8(text), line, column: 1 })
  }
  return collect(lines)
}

/** Whether there is an OCCI field among a request's headers. */
export const hasOcciHeaders = (rawHeaders: readonly string[]): boolean =>
  rawHeaders.some((name, index) => index % 2 === 0 && fieldNamed(name) !== undefined)

const decoder = new TextDecoder('utf-8', { fatal: true })

/** Node reads header bytes as Latin-1; what is UTF-8 is read again as that, the rest stays. */
function utf8(text: string): string {
  try {
    return decoder.decode(Buffer.from(text, 'latin1'))
  } catch {
    return text
  }
}

function collect(lines: readonly Line[]): Document {
  const parts = lines.map(parseLine)
  return {
    ...NOTHING,
    categories: parts.flatMap((part) => part.categories ?? []),
    attributes: parts.flatMap((part) => part.attributes ?? []),
    links: parts.flatMap((part) => part.links ?? []),
    locations: parts.flatMap((part) => part.locations ?? []),
  }
}
