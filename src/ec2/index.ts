/** The EC2 front: an Express router for requests that isEc2Request recognises and awsSignature has authenticated. */
import { type ErrorRequestHandler, type Request, Router } from 'express'
import { asFault, fault } from '../faults'
import type { Caller } from '../operations/context'
import type { Operations } from '../operations/operations'
import { dispatch } from './dispatch'
import { writeEc2Error, writeQueryError } from './errors'
import { ec2Code, queryCode } from './faults'
import { parametersOf } from './parameters'
import { answerQueryService, type QueryService, queryServiceOf } from './query'
import { send } from './send'

export { isEc2Request } from './matches'

export interface Ec2FrontOptions {
  readonly operations: Operations
  /** The site's name: its one region. */
  readonly region: string
}

/**
 * The router. Wants `req.user` (a Caller), `req.requestId` and `req.body` (a Buffer). It renders its own faults; those of what
 * runs before it (authentication) reach `ec2Errors`, to be put behind both.
 */
export function ec2Front({ operations, region }: Ec2FrontOptions): Router {
  const router = Router()
  router.use(async (req, res) => {
    const pairs = parametersOf(req)
    const caller = callerOf(req)
    const service = queryServiceOf(pairs)
    const endpoint = req.headers.host ?? region
    send(
      req,
      res,
      service
        ? { status: 200, body: await answerQueryService(service, pairs, { operations, caller }, req.requestId) }
        : await dispatch(pairs, { operations, caller, region, endpoint }, req.requestId),
    )
  })
  router.use(ec2Errors)
  return router
}

/** Renders whatever was thrown before or in the EC2 front, in the form of the service that was asked. */
export const ec2Errors: ErrorRequestHandler = (thrown: unknown, req, res, next) => {
  if (res.headersSent) return next(thrown)
  const failure = asFault(thrown)
  const service = serviceOf(req)
  const { code, status } = service ? queryCode(failure) : ec2Code(failure)
  const text = { code, message: failure.message, requestId: req.requestId }
  // pino-http logs it with the request; callers are never told the cause.
  if (status >= 500) res.err = failure
  if (status === 503) res.setHeader('Retry-After', '1')
  send(req, res, { status, body: service ? writeQueryError(service, status, text) : writeEc2Error(text) })
}

/** A request whose parameters cannot be read is answered in EC2's form. */
function serviceOf(req: Request): QueryService | undefined {
  try {
    return queryServiceOf(parametersOf(req))
  } catch {
    return undefined
  }
}

function callerOf(req: Request): Caller {
  // Set by awsSignature and by nothing else on this path.
  const caller = req.user as Caller | undefined
  if (!caller) throw fault('unauthenticated', 'The request must be signed', { reason: 'no-credentials' })
  return caller
}
