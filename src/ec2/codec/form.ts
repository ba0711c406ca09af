/** Form-encoded text (a query string or a body) to name and value pairs, in the order sent. Strict: bad encodings are refused. */
import { fault } from '../../faults'

export type Pair = readonly [name: string, value: string]

/**
 * Splits and decodes; `+` is a space, as in forms. Signatures are checked over the same reading: libcloud signs `%20` and sends
 * `+`, and what was signed must be what is done. Fault: 'malformed' for a percent sign without two hex digits or bytes that are
 * no UTF-8.
 */
export function parsePairs(text: string): readonly Pair[] {
  if (text === '') return []
  const decode = (part: string) => decodePercent(part.replaceAll('+', ' '))
  const pairs: Pair[] = []
  for (const part of text.split('&')) {
    if (part === '') continue
    const equals = part.indexOf('=')
    pairs.push(equals < 0 ? [decode(part), ''] : [decode(part.slice(0, equals)), decode(part.slice(equals + 1))])
  }
  return pairs
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
