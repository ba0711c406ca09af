/** One event per request. The query is left out (a presigned one holds a signature), headers and bodies too. */
import type { Request, RequestHandler, Response } from 'express'
import { Fault } from '../faults'
import type { Log } from '../log'

const LONGEST_PATH = 512
/** What this gateway does not do was asked for: nothing failed. */
const LACKING = 501

/** Logs when the answer is out, or when the client went away before. Health checks only when they fail. */
export function logRequests(log: Log): RequestHandler {
  return (req, res, next) => {
    const startedAt = performance.now()
    // Asked now: a request whose body was not read to its end may have lost its socket by the time it is logged.
    const { ip: source } = req
    res.once('close', () => {
      const ms = Math.round((performance.now() - startedAt) * 10) / 10
      if (hasFailed(res)) log.error({ ...fields(req, res, { ms, source }), err: res.err }, 'request failed')
      else if (isHealth(req)) log.debug(fields(req, res, { ms, source }), 'request')
      else log.info(fields(req, res, { ms, source }), res.writableFinished ? 'request' : 'request aborted')
    })
    next()
  }
}

/** EC2 tells those who ask too much by 503, which is no failure of ours. */
const hasFailed = ({ statusCode, err }: Response): boolean =>
  statusCode >= 500 && statusCode !== LACKING && !(err instanceof Fault && err.kind === 'throttled')

const isHealth = (req: Request): boolean => req.originalUrl === '/healthz' || req.originalUrl === '/readyz'

const fields = (
  req: Request,
  res: Response,
  { ms, source }: { readonly ms: number; readonly source: string | undefined },
) => ({
  requestId: req.requestId,
  method: req.method,
  path: (req.originalUrl.split('?', 1)[0] ?? '').slice(0, LONGEST_PATH),
  status: res.statusCode,
  ms,
  user: req.user?.actor?.user,
  key: req.user?.actor?.key || undefined,
  source,
  clientRequestId: theirs(req.headers['x-request-id']),
})

/** A client's own id, if it is sane. */
const theirs = (id: string | readonly string[] | undefined): string | undefined =>
  typeof id === 'string' && /^[\w.:/+=@-]{1,128}$/.test(id) ? id : undefined
