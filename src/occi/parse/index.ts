/** A request's content, whatever media type it has. */
import { fault } from '../../faults'
import { type Document, NOTHING } from '../../model/occi/document'
import { hasOcciHeaders, parseHeaders, parseTextPlain } from '../../model/occi/text'
import { parseJson } from './json'
import { parseUriList } from './uri-list'

export * from '../../model/occi/document'
export { parseHeaders } from '../../model/occi/text'

/** Media types that are read, as the `Accept` header of answers names them. */
export const READABLE = [
  'text/plain',
  'text/occi',
  'text/occi+plain',
  'application/occi+json',
  'application/json',
  'text/uri-list',
] as const
type Readable = (typeof READABLE)[number]

export interface Content {
  readonly contentType: string | undefined
  readonly rawHeaders: readonly string[]
  readonly body: Uint8Array | undefined
}

/**
 * What the request says. Throws 'malformed', 'too-large', and 'malformed' with reason `media-type` for a Content-Type that
 * nobody here reads. Without any: text/occi when OCCI headers are there, else text/plain.
 */
export function parseContent({ contentType, rawHeaders, body }: Content): Document {
  const empty = body === undefined || body.length === 0
  const type = contentType === undefined || contentType.trim() === '' ? undefined : readable(contentType)
  if (type === 'text/occi' || (type === undefined && hasOcciHeaders(rawHeaders))) return parseHeaders(rawHeaders)
  if (empty) return NOTHING
  const text = decode(body)
  switch (type) {
    case 'application/occi+json':
    case 'application/json':
      return parseJson(text)
    case 'text/uri-list':
      return parseUriList(text)
    default:
      return parseTextPlain(text)
  }
}

/** rOCCI and IM send the list `text/plain,text/occi`: the first known one counts. */
function readable(contentType: string): Readable {
  const named = contentType.split(',').map((one) => (one.split(';')[0] ?? '').trim().toLowerCase())
  const known = named.map((name) => READABLE.find((type) => type === name)).find((type) => type !== undefined)
  // What curl -d says when nobody told it better.
  if (known === undefined && named.includes('application/x-www-form-urlencoded')) return 'text/plain'
  if (known === undefined)
    throw fault(
      'malformed',
      `Content-Type ${JSON.stringify(contentType.slice(0, 100))} is not read here; known: ${READABLE.join(', ')}`,
      {
        reason: 'media-type',
        field: 'Content-Type',
        allowed: READABLE,
      },
    )
  return known
}

const decoder = new TextDecoder('utf-8', { fatal: true })

function decode(body: Uint8Array): string {
  try {
    return decoder.decode(body)
  } catch (cause) {
    throw fault('malformed', 'the body is not UTF-8', { cause })
  }
}
