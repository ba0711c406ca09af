/** Which rendering an answer takes (RFC 9110 §12.5.1; defaults of GFD.185 §3.6.6): text/plain unless something else is asked for. */
import { fault } from '../faults'
import { Recent } from '../fragments/recent'
import { json } from './render/json'
import type { Rendering } from './render/rendering'
import { textOcci } from './render/text-occi'
import { textPlain } from './render/text-plain'
import { uriList } from './render/uri-list'

export type MediaType =
  | 'text/plain'
  | 'text/occi'
  | 'text/occi+plain'
  | 'text/uri-list'
  | 'application/occi+json'
  | 'application/json'

/** In order of preference where a client has none. */
const RENDERINGS: Readonly<Record<MediaType, Rendering>> = {
  'text/plain': textPlain,
  'application/occi+json': json,
  'application/json': json,
  'text/occi+plain': textPlain,
  'text/occi': textOcci,
  'text/uri-list': uriList,
}
const ALL = Object.keys(RENDERINGS) as readonly MediaType[]

export const renderingOf = (type: MediaType): Rendering => RENDERINGS[type]
export const isJson = (type: MediaType): boolean => RENDERINGS[type] === json

/** As the Content-Type of an answer. Headers of text/occi carry the data, so its charset says nothing. */
export const contentType = (type: MediaType): string =>
  type === 'text/plain' || type === 'text/occi+plain' ? `${type}; charset=utf-8` : type

interface Range {
  readonly type: string
  readonly q: number
  readonly order: number
}

/**
 * The type to answer in. `listing`: text/uri-list can be had; where it cannot and is all that was asked for, that is 400
 * rather than 406 (GFD.185 §3.6.6). Throws 'unacceptable' or 'invalid'.
 */
export function negotiate(accept: string | undefined, what: 'listing' | 'other'): MediaType {
  // A client asks with the same few words all the time.
  const known = accept === undefined ? undefined : chosen[what].get(accept)
  if (known !== undefined) return known
  const type = choose(accept, what)
  if (accept !== undefined && accept.length <= LONGEST_KEPT) chosen[what].set(accept, type)
  return type
}

const LONGEST_KEPT = 256
const MOST_KEPT = 256
const chosen = {
  listing: new Recent<string, MediaType>(MOST_KEPT),
  other: new Recent<string, MediaType>(MOST_KEPT),
} as const

function choose(accept: string | undefined, what: 'listing' | 'other'): MediaType {
  const ranges = parseAccept(accept)
  if (ranges.length === 0) return 'text/plain'
  const offered = what === 'listing' ? ALL : ALL.filter((type) => type !== 'text/uri-list')
  const scored = offered
    .map((type, preference) => ({ type, preference, ...weighed(ranges, type) }))
    .filter(({ q }) => q > 0)
    .sort((a, b) => b.q - a.q || a.order - b.order || a.preference - b.preference)
  const [best] = scored
  if (best !== undefined) return best.type
  if (ranges.some(({ type, q }) => type === 'text/uri-list' && q > 0))
    throw fault('invalid', 'text/uri-list is for listings only', { field: 'Accept', allowed: offered })
  throw fault('unacceptable', `this can be had as ${offered.join(', ')}`, { field: 'Accept', allowed: offered })
}

/** As for negotiate, but never refuses: for errors. */
export function negotiateError(
  accept: string | undefined,
): 'text/plain' | 'application/occi+json' | 'application/json' {
  try {
    const type = negotiate(accept, 'listing')
    return type === 'application/occi+json' || type === 'application/json' ? type : 'text/plain'
  } catch {
    return 'text/plain'
  }
}

/** Ranges and their weights; what cannot be read is left out, as there may be types there that a later standard knows. */
function parseAccept(accept: string | undefined): readonly Range[] {
  return (accept ?? '').split(',').flatMap((part, order): readonly Range[] => {
    const [name, ...parameters] = part.split(';').map((piece) => piece.trim().toLowerCase())
    if (!name || !/^[^\s/]+\/[^\s/]+$/.test(name)) return name === '*' ? [{ type: '*/*', q: 1, order }] : []
    const weight = parameters.find((one) => /^q\s*=/.test(one))?.replace(/^q\s*=\s*/, '')
    const q = weight === undefined ? 1 : /^(?:0(?:\.\d*)?|1(?:\.0*)?)$/.test(weight) ? Number(weight) : 1
    return [{ type: name, q, order }]
  })
}

/** The most specific range that covers a type says its weight. Wildcards come after whatever was named. */
function weighed(ranges: readonly Range[], type: MediaType): { readonly q: number; readonly order: number } {
  const family = `${type.slice(0, type.indexOf('/'))}/*`
  const exact = ranges.find((range) => range.type === type)
  const found = exact ?? ranges.find((range) => range.type === family) ?? ranges.find((range) => range.type === '*/*')
  if (found === undefined) return { q: 0, order: 0 }
  return { q: found.q, order: found === exact ? found.order : ranges.length + found.order }
}
