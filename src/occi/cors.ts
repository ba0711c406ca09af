/**
 * Requests from pages of other origins (Fetch standard §3.2). Off unless origins are configured: a page could otherwise find out
 * what a cloud inside its visitor's network has. Cookies play no part here, so credentials are never allowed.
 */
import type { RequestHandler } from 'express'

const METHODS = 'GET, HEAD, POST, PUT, DELETE, OPTIONS'
const ASKED = [
  'Authorization',
  'X-Auth-Token',
  'Accept',
  'Content-Type',
  'Category',
  'Link',
  'X-OCCI-Attribute',
  'X-OCCI-Location',
  'X-OCCI-Category',
  'X-OCCI-Link',
].join(', ')
const TOLD = 'Location, Category, Link, X-OCCI-Attribute, X-OCCI-Location, Server, Allow, X-Request-Id'
const PREFLIGHT_LASTS_SECONDS = 600

/** Lets pages of these origins (`*`: all) read answers and send requests; says nothing to others. */
export function cors(origins: readonly string[]): RequestHandler {
  const any = origins.includes('*')
  return (request, response, next) => {
    if (origins.length > 0 && !any) response.vary('Origin')
    const origin = request.get('origin')
    if (origin === undefined || !(any || origins.includes(origin))) return next()
    response.setHeader('Access-Control-Allow-Origin', any ? '*' : origin)
    response.setHeader('Access-Control-Expose-Headers', TOLD)
    if (request.method === 'OPTIONS' && request.get('access-control-request-method') !== undefined) {
      response.setHeader('Access-Control-Allow-Methods', METHODS)
      response.setHeader('Access-Control-Allow-Headers', ASKED)
      response.setHeader('Access-Control-Max-Age', PREFLIGHT_LASTS_SECONDS)
    }
    next()
  }
}
