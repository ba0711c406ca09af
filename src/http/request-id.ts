/** Each request gets an id of ours, in every answer, log line and event. A client's own `x-request-id` is logged, never believed. */
import { randomUUID } from 'node:crypto'
import type { RequestHandler } from 'express'

/** Sets `req.requestId` and the answer's header. */
export const requestId: RequestHandler = (req, res, next) => {
  req.requestId = randomUUID()
  res.setHeader('x-request-id', req.requestId)
  next()
}
