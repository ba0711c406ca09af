/**
 * Locations of a server. They come as paths or as URLs, below the endpoint's path or with it, and only their path is taken: what a server
 * answers never sends our password to somebody else. Pure.
 */

/** The path by which an entity is known, whichever way it was told. Throws TypeError for what is no location. */
export function pathAt(endpoint: string, location: string): string {
  const root = new URL(endpoint)
  const prefix = root.pathname.replace(/\/+$/, '')
  // A path alone may begin with two slashes, as from an endpoint that ends in one.
  const told = /^[a-z][a-z0-9+.-]*:/i.test(location) ? new URL(location) : new URL(location.replace(/^\/+/, '/'), root)
  const path = told.pathname + told.search
  return path === prefix || path.startsWith(`${prefix}/`) ? path : prefix + path
}

/** Longer than any server's. */
const LONGEST = 1024

/**
 * The same of one that a server tells, which is kept and comes to an operator's terminal: in printable ASCII, for the URL standard encodes
 * all else. Throws TypeError for what is no location, and for one that is longer than any.
 */
export function toldAt(endpoint: string, location: string): string {
  const path = pathAt(endpoint, location)
  if (path.length > LONGEST) throw new TypeError(`a location has more than ${LONGEST} characters`)
  return path
}

/** Where a request goes. */
export const addressAt = (endpoint: string, location: string): URL =>
  new URL(new URL(endpoint).origin + pathAt(endpoint, location))
