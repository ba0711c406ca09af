/**
 * The one port. In this order: request id, log, health and metrics, then the body (read once), then whose request it is: /api/v1 is the
 * admin API's, what names an EC2 Action or bears AWS credentials is EC2's whatever its path, everything else is OCCI's.
 * Each front has a branch of its own: what was found wrong before, then who asks, then the front, then its way to tell faults.
 */
import express, {
  type ErrorRequestHandler,
  type Express,
  type RequestHandler,
  Router,
  type Router as RouterType,
} from 'express'
import helmet from 'helmet'
import { adminErrors, adminFront, isPiece, tenantImagesFront } from '../admin'
import type { Clock } from '../clock'
import { ec2Errors, ec2Front, isEc2Request } from '../ec2'
import { asFault } from '../faults'
import type { Log } from '../log'
import { type Model, occiErrors, occiFront } from '../occi'
import type { Operations } from '../operations/operations'
import { awsSignature } from './auth/aws-signature'
import { operatorToken } from './auth/operator-token'
import { tenantLogin } from './auth/tenant'
import { health } from './health'
import { logRequests } from './log-requests'
import { metrics } from './metrics'
import { checkPath, readBody, refuse } from './read-body'
import './request'
import { requestId } from './request-id'
import { throttle } from './throttle'

export interface AppOptions {
  readonly operations: Operations
  readonly config: {
    readonly site: string
    readonly publicUrl?: string
    readonly corsOrigins?: readonly string[]
    readonly metricsOpen?: boolean
    readonly oidc?: { readonly issuer: string; readonly audience: string; readonly userClaim: string }
    /** 0, and when it is not given: no limit. */
    readonly requestsPerSecond?: number
  }
  readonly product: { readonly name: string; readonly version: string }
  readonly log: Log
  readonly clock: Clock
  /** Of OCCI, read at start; ours alone when not given. */
  readonly model?: Model
}

export function buildApp({ operations, config, product, log, clock, model }: AppOptions): Express {
  const region = config.site
  const { publicUrl, corsOrigins = [] } = config
  const app = express()
  app.disable('x-powered-by')
  app.set('etag', false)
  app.set('query parser', 'simple')
  // There is no TLS here, so a proxy beside it asks for others: what it adds of them last is who they are.
  app.set('trust proxy', 'loopback')
  app.use(requestId, logRequests(log), health({ operations }))
  app.use(metrics({ operations, open: config.metricsOpen ? 'loopback' : 'no' }))
  app.use(unlessPiece(readBody()), checkPath)
  const located = publicUrl === undefined ? {} : { publicUrl }
  const admin = adminFront({ operations, site: { region, ...located } })
  app.use('/api/v1', helmet(), branch([operatorToken({ operations }), admin], adminErrors))
  const limit = throttle({ perSecond: config.requestsPerSecond ?? 0, clock })
  const signature = awsSignature({ operations, region, clock })
  const ec2 = branch([signature, limit, ec2Front({ operations, region })], ec2Errors)
  app.use((req, res, next) => (isEc2Request(req) ? ec2(req, res, next) : next()))
  const login = tenantLogin({ operations, clock, ...(config.oidc === undefined ? {} : { oidc: config.oidc }) })
  const tenant = Router().use(login, limit)
  app.use('/images/v1', helmet(), branch([tenant, tenantImagesFront({ operations })], adminErrors))
  // OCCI asks for credentials itself: OPTIONS needs none.
  const occi = occiFront({
    operations,
    product,
    authenticate: tenant,
    origins: corsOrigins,
    ...(model === undefined ? {} : { model }),
    ...located,
  })
  app.use(branch([occi], occiErrors(product)))
  app.use(lastErrors)
  return app
}

/** Pieces of files are larger than any other body, and are never held whole. */
const unlessPiece =
  (read: RequestHandler): RequestHandler =>
  (req, res, next) =>
    isPiece(req) ? next() : read(req, res, next)

function branch(handlers: readonly RequestHandler[], errors: ErrorRequestHandler): RouterType {
  const router = Router()
  router.use(refuse, ...handlers, errors)
  return router
}

/** What no front caught is a bug of ours. */
const lastErrors: ErrorRequestHandler = (thrown: unknown, req, res, next) => {
  res.err = asFault(thrown)
  if (res.headersSent) return next(thrown)
  res.status(500).json({ code: 'internal', message: 'an internal error has occurred', requestId: req.requestId })
}
