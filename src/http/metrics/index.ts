/**
 * GET /metrics: what operators' Prometheus scrapes. It wants an operator's bearer token, or none from this machine itself where
 * the configuration says so. Tenants see nothing of hosts, so their tokens and passwords are none here.
 */
import { type ErrorRequestHandler, type Request, type RequestHandler, Router } from 'express'
import { asFault } from '../../faults'
import type { Operations } from '../../operations/operations'
import { operatorToken } from '../auth/operator-token'
import type { Metric } from './metric'
import { COST_METRICS } from './of-costs'
import { HOST_METRICS } from './of-hosts'
import { MACHINE_METRICS } from './of-machines'
import { SITE_METRICS } from './of-site'
import { CONTENT_TYPE, exposition } from './text'

/** docs/metrics.md lists them. */
export const METRICS: readonly Metric[] = [...HOST_METRICS, ...MACHINE_METRICS, ...COST_METRICS, ...SITE_METRICS]

export interface MetricsOptions {
  readonly operations: Pick<Operations, 'siteUsage' | 'identifyOperator'>
  /** loopback: who asks from this machine itself needs no token. */
  readonly open: 'loopback' | 'no'
}

export function metrics({ operations, open }: MetricsOptions): Router {
  const token = operatorToken({ operations })
  const identify: RequestHandler = (req, res, next) =>
    open === 'loopback' && isFromHere(req) ? next() : token(req, res, next)
  const router = Router()
  router.get('/metrics', identify, async (_req, res) => {
    const site = await operations.siteUsage()
    res.setHeader('Cache-Control', 'no-store')
    // Not res.send: it would put its own order of parameters into the type.
    res.setHeader('Content-Type', CONTENT_TYPE)
    res.end(exposition(METRICS.map((metric) => ({ ...metric, samples: metric.samples(site) }))))
  })
  router.use('/metrics', errors)
  return router
}

const LOOPBACK = /^(?:::ffff:)?127\.|^::1$/
/** What proxies add, if they add anything: docs/metrics.md warns of those that do not. */
export const PROXIED = ['x-forwarded-for', 'x-real-ip', 'forwarded', 'via']
/** A proxy on this machine asks for others: what came through one is not from here. */
const isFromHere = ({ socket, headers }: Request): boolean =>
  LOOPBACK.test(socket.remoteAddress ?? '') && PROXIED.every((header) => headers[header] === undefined)

const errors: ErrorRequestHandler = (thrown: unknown, _req, res, next) => {
  if (res.headersSent) return next(thrown)
  const { kind, message } = asFault(thrown)
  const status = kind === 'unauthenticated' ? 401 : kind === 'unavailable' ? 503 : 500
  if (status === 500) res.err = asFault(thrown)
  if (status === 401) res.setHeader('WWW-Authenticate', 'Bearer realm="occi-gateway"')
  res
    .status(status)
    .type('text/plain')
    .send(`${status === 500 ? 'an internal error has occurred' : message}\n`)
}
