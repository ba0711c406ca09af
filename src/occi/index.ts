/**
 * Front 1: OCCI 1.1 and 1.2 at one set of paths. A request becomes an exchange, the exchange an operation value or a listing, the
 * answer one of five renderings; whatever goes wrong becomes a fault of one table (faults.ts). Authentication lies in front.
 */
import { type ErrorRequestHandler, type Request, type RequestHandler, Router } from 'express'
import { asFault, type Fault, fault } from '../faults'
import type { Caller } from '../operations/context'
import type { Operations } from '../operations/operations'
import { cors } from './cors'
import { type Front, openExchange, send } from './exchange'
import { errorAnswer } from './faults'
import { type Model, openModel } from './model'
import { openCatalogue } from './model/catalogue'
import { READABLE } from './parse'
import { normalPath } from './path'
import { openRoutes } from './routes'
import { serverHeader } from './version'

export { type Model, openModel } from './model'

export interface Product {
  readonly name: string
  readonly version: string
}

export interface OcciFront {
  readonly operations: Operations
  readonly product: Product
  /** Where clients find us, when that is not what they send as Host. */
  readonly publicUrl?: string
  /** Read at start by whoever wants an operator's folder too; ours alone when not given. */
  readonly model?: Model
  /** Origins whose pages may send requests; none when not given. */
  readonly origins?: readonly string[]
  /** Sets `req.user`, or calls `next` with an 'unauthenticated' fault. Not asked for OPTIONS. */
  readonly authenticate?: RequestHandler
}

/** Answers every request that reaches it. `req.body` is the raw body, `req.user` the caller. */
export function occiFront(options: OcciFront): Router {
  const { operations, product, publicUrl, model = openModel(), origins = [], authenticate } = options
  const front: Front = {
    operations,
    model,
    catalogue: (caller) => openCatalogue(model, operations, caller),
  }
  const routes = openRoutes(front)
  const router = Router()
  router.use(always(product), cors(origins))
  router.use((request, response, next) => {
    if (request.method !== 'OPTIONS') return next()
    send(response, routes.options(normalPath(request.path)))
  })
  if (authenticate !== undefined) router.use(authenticate)
  router.use(async (request, response) => {
    const exchange = { ...openExchange(request, publicUrl), caller: callerOf(request) }
    send(response, await routes.handle(exchange))
  })
  router.use(occiErrors(product))
  return router
}

function callerOf({ user }: Request): Caller {
  const { project, account, userName, actor, ...limits } = user ?? {}
  if (project === undefined || account === undefined || userName === undefined || actor === undefined)
    throw fault('unauthenticated', 'this needs a user and a password', { reason: 'no-credentials' })
  // What the credentials may not do, and when they end, goes along.
  return { project, account, userName, actor, ...limits }
}

const READ_HERE = READABLE.join(', ')

/** Headers of every answer, errors included. `Accept` names what is read: rOCCI chooses its rendering by it. */
const always =
  (product: Product): RequestHandler =>
  (_request, response, next) => {
    setHeaders(response, product)
    next()
  }

function setHeaders(response: { setHeader(name: string, value: string): unknown }, product: Product): void {
  response.setHeader('Server', serverHeader(product))
  response.setHeader('Accept', READ_HERE)
}

/** The error handler of this front, also for what fails before it is reached (authentication, reading the body). */
export const occiErrors =
  (product: Product): ErrorRequestHandler =>
  (thrown: unknown, request, response, _next) => {
    const refused = asHttpFault(thrown)
    const answered = errorAnswer(refused, request.get('accept'))
    // For the log: the cause is never told to the caller.
    if (answered.status >= 500) response.err = refused
    if (response.headersSent) {
      response.destroy()
      return
    }
    setHeaders(response, product)
    if (answered.status === 401 && !response.hasHeader('WWW-Authenticate'))
      response.setHeader('WWW-Authenticate', 'Basic realm="occi-gateway"')
    send(response, answered)
  }

/** What express and its body reader throw has a status; it is the client's doing, so it is never 500. */
function asHttpFault(thrown: unknown): Fault {
  const status = typeof thrown === 'object' && thrown !== null && 'status' in thrown ? thrown.status : undefined
  if (status === 413) return fault('too-large', 'the body is too large', { cause: thrown })
  if (status === 415)
    return fault('malformed', 'the content encoding is not read here', { reason: 'media-type', cause: thrown })
  if (typeof status === 'number' && status >= 400 && status < 500)
    return fault('malformed', 'the request cannot be read', { cause: thrown })
  return asFault(thrown)
}
