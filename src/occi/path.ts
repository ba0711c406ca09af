/** Paths and locations. Both sides are tolerant: doubled slashes, a missing final slash, any origin before the path. */
import { fault } from '../faults'
import { isUuid } from '../model/ids'

/** Nothing to decode, to take out or to keep out: nearly every path that is asked for. */
const PLAIN = /^(?:\/[A-Za-z0-9_-]+)+\/?$/

/** A request's path: decoded, with single slashes. Throws 'malformed' when it cannot be decoded. */
export function normalPath(raw: string): string {
  if (PLAIN.test(raw)) return raw
  const segments = raw
    .split('/')
    .filter((segment) => segment !== '')
    .map(decoded)
  // An encoded slash or a dot segment names nothing that we have; a name that cannot be keeps it from becoming another path.
  const safe = segments.map((segment) =>
    /[/\\\p{Cc}]/u.test(segment) || /^\.{1,2}$/.test(segment) ? '\u0000' : segment,
  )
  return `/${safe.join('/')}${safe.length > 0 && raw.endsWith('/') ? '/' : ''}`
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch (cause) {
    throw fault('malformed', 'the path has a percent sign that encodes nothing', { cause })
  }
}

/** The path of a location that a client wrote: absolute, with any origin and base path of ours, or a path alone. */
export function locationPath(location: string, base: string): string {
  const within = location.startsWith(`${base}/`) ? location.slice(base.length) : location
  return normalPath(within.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/]*/i, '').replace(/[?#].*$/s, ''))
}

/** The two parts of an entity's path: `/compute/` and the id; undefined for a path that ends in a slash. */
export function entityPath(path: string): { readonly location: string; readonly id: string } | undefined {
  const slash = path.lastIndexOf('/')
  const id = path.slice(slash + 1)
  return id === '' ? undefined : { location: path.slice(0, slash + 1), id }
}

type Folder =
  | '/compute/'
  | '/storage/'
  | '/network/'
  | '/securitygroup/'
  | '/ipreservation/'
  | '/placementgroup/'
  | '/reservation/'

/** The id that a location of ours ends with, or that is written alone or as `urn:uuid:…`. Faults: as idAt's. */
export function idNamed(text: string, base: string, folder: Folder): string {
  const id = text.replace(/^urn:uuid:/, '')
  return isUuid(id) ? id : idAt(text, base, folder)
}

/** The id at the end of a location of ours. Throws 'not-found' for one that leads elsewhere. */
export function idAt(location: string, base: string, folder: Folder): string {
  const found = entityPath(locationPath(location, base))
  if (found?.location === folder && isUuid(found.id)) return found.id
  throw fault('not-found', `there is no ${folder.slice(1, -1)} at ${location.slice(0, 256)}`, {
    subject: { kind: folder.slice(1, -1), id: location.slice(0, 64) },
  })
}
