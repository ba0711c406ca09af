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

/** Where a request goes. */
export const addressAt = (endpoint: string, location: string): URL =>
  new URL(new URL(endpoint).origin + pathAt(endpoint, location))
