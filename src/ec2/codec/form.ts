/** Form-encoded text (a query string or a body) to name and value pairs, in the order sent. Strict: bad encodings are refused. */
import { fault } from '../../faults'

export type Pair = readonly [name: string, value: string]

/** A thousand ids and a thousand filter values fit well into it. */
export const MAX_PARAMETERS = 4000

/**
 * Splits and decodes; `+` is a space, as in forms. Signatures are checked over the same reading: libcloud signs `%20` and sends
 * `+`, and what was signed must be what is done. It is read before it is known whose it is, so it costs little whatever was sent.
 * Faults: 'malformed' for a percent sign without two hex digits or bytes that are no UTF-8, 'too-large' for more than
 * MAX_PARAMETERS.
 */
export function parsePairs(text: string): readonly Pair[] {
  if (text === '') return []
  const decode = (part: string) => decodePercent(spaced(part))
  const pairs: Pair[] = []
  const parts = text.split('&', MAX_PARAMETERS + 1)
  if (parts.length > MAX_PARAMETERS)
    throw fault('too-large', `The request has more than the ${MAX_PARAMETERS} parameters that are accepted`)
  for (const part of parts) {
    if (part === '') continue
    const equals = part.indexOf('=')
    pairs.push(equals < 0 ? [decode(part), ''] : [decode(part.slice(0, equals)), decode(part.slice(equals + 1))])
  }
  return pairs
}

const [PLUS, SPACE] = [0x2b, 0x20]

/** Byte by byte: replacing takes some hundred times longer in a text of nothing but them. */
function spaced(part: string): string {
  if (!part.includes('+')) return part
  const bytes = Buffer.from(part, 'utf8')
  for (const [at, byte] of bytes.entries()) if (byte === PLUS) bytes[at] = SPACE
  return bytes.toString('utf8')
}

function decodePercent(part: string): string {
  if (!part.includes('%')) return part
  try {
    return decodeURIComponent(part)
  } catch (cause) {
    throw fault('malformed', 'The query string contains a syntax error: it is not percent-encoded UTF-8', { cause })
  }
}

/** The part of a URL behind its question mark, '' without one. */
export function queryOf(url: string): string {
  const mark = url.indexOf('?')
  return mark < 0 ? '' : url.slice(mark + 1)
}

/** Whether a content type says that the body is a form. */
export const isForm = (contentType: string | undefined): boolean =>
  contentType !== undefined && /^application\/x-www-form-urlencoded(?:\s*;|\s*$)/i.test(contentType)
