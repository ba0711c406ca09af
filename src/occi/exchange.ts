/** One request as the routes see it, and its answer, apart from express. */
import type { Request, Response } from 'express'
import { asFault, fault } from '../faults'
import { type Body, endWith } from '../fragments/body'
import type { Caller } from '../operations/context'
import type { Operations } from '../operations/operations'
import type { Member, OcciVersion } from './entities/member'
import type { Model } from './model'
import type { Catalogue } from './model/catalogue'
import { contentType, type MediaType, negotiate, renderingOf } from './negotiation'
import { type Document, parseContent } from './parse'
import { normalPath } from './path'
import type { Audience, Rendered, Rendering } from './render/rendering'
import { clientVersion } from './version'

/** What all routes share. */
export interface Front {
  readonly operations: Operations
  readonly model: Model
  /** What a caller is offered now. */
  catalogue(caller: Caller): Promise<Catalogue>
}

export interface Exchange {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  /** The term of `?action=`. */
  readonly action: string | null
  readonly accept: string | undefined
  readonly rawHeaders: readonly string[]
  readonly audience: Audience
  readonly caller: Caller
  /** Reads the content; throws what its parser throws. */
  document(): Document
}

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Body
}

/** Throws 'malformed' for a path, query or Host that cannot be read, 'unsupported' (501) for a version above ours. */
export function openExchange(request: Request, publicUrl: string | undefined): Omit<Exchange, 'caller'> {
  const version: OcciVersion = clientVersion(request.get('user-agent'))
  const query = queryOf(request)
  const actions = query.getAll('action')
  if (actions.length > 1) throw fault('malformed', 'the query names several actions', { field: 'action' })
  return {
    method: request.method,
    path: normalPath(request.path),
    query,
    action: actions[0] ?? null,
    accept: request.get('accept'),
    rawHeaders: request.rawHeaders,
    audience: { base: publicUrl?.replace(/\/+$/, '') ?? baseOf(request), version },
    document: () =>
      parseContent({
        contentType: request.get('content-type'),
        rawHeaders: request.rawHeaders,
        body: bodyOf(request),
      }),
  }
}

/** Nobody adds to it. */
const NO_QUERY = new URLSearchParams()

/** The only example of a page in the standard separates its parameters with `;`. */
function queryOf({ originalUrl }: Request): URLSearchParams {
  const mark = originalUrl.indexOf('?')
  return mark < 0 ? NO_QUERY : new URLSearchParams(originalUrl.slice(mark + 1).replaceAll(';', '&'))
}

/** What the client typed: rOCCI refuses any location that begins with something else. express knows which proxies are trusted. */
function baseOf(request: Request): string {
  const { host } = request
  if (host === undefined || !/^(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?$/.test(host))
    throw fault('malformed', 'the Host header is missing or names no host', { field: 'Host' })
  return `${request.protocol}://${host}`
}

function bodyOf({ body }: { readonly body?: unknown }): Uint8Array | undefined {
  return body instanceof Uint8Array ? body : undefined
}

/** An answer in the rendering that the caller wants. */
export function answer(
  exchange: Pick<Exchange, 'accept'>,
  what: 'listing' | 'other',
  render: (rendering: Rendering) => Rendered,
  more: { readonly status?: number; readonly headers?: Readonly<Record<string, string>> } = {},
): Answer {
  const type: MediaType = negotiate(exchange.accept, what)
  const { headers, body } = render(renderingOf(type))
  return {
    status: more.status ?? 200,
    headers: { ...more.headers, ...headers, 'Content-Type': contentType(type) },
    body,
  }
}

/** The collection of what a request made or changed. It is done: where that is too much for headers, they say no more than that. */
export function answerWithAll(
  exchange: Pick<Exchange, 'accept' | 'audience'>,
  members: readonly Member[],
  more: Parameters<typeof answer>[3] = {},
): Answer {
  const { audience } = exchange
  try {
    return answer(exchange, 'listing', (rendering) => rendering.collection(members, audience), more)
  } catch (thrown) {
    if (asFault(thrown).kind !== 'unacceptable') throw thrown
    return answer(exchange, 'listing', (rendering) => rendering.acted(members, audience), more)
  }
}

/** Without express' own `send`: it would add an ETag and touch the charset. */
export function send(response: Response, { status, headers, body }: Answer): void {
  response.statusCode = status
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
  if (status === 204) {
    response.end()
    return
  }
  endWith(response, body)
}
