/**
 * Reads the body once, as bytes: signatures are over bytes, and each front has its own parsers. What is wrong with a request
 * before its protocol is known is kept in `req.refusal` and thrown inside the front it belongs to, in the caller's own words.
 */
import express, { type Request, type RequestHandler, type Response } from 'express'
import { type Fault, fault } from '../faults'

export const MOST_BODY_BYTES = 1024 * 1024
/** How long the rest of an over-long body is read after its refusal, so that the answer reaches a client that still sends. */
const DRAIN_MS = 2_000

/** Sets `req.body` to a Buffer where there is a body. One that is too long is refused at once, not when its end has come. */
export function readBody(): RequestHandler {
  const read = express.raw({ type: () => true, limit: MOST_BODY_BYTES })
  return (req, res, next) => {
    if (hasNone(req)) return next()
    let isOver = false
    const once = (refusal: Fault | undefined) => {
      if (isOver) return
      isOver = true
      req.off('data', count)
      if (refusal) req.refusal = refusal
      next()
    }
    let received = 0
    const count = (chunk: Buffer) => {
      received += chunk.length
      if (received > MOST_BODY_BYTES) once(tooLong(req, res))
    }
    if (Number(req.headers['content-length'] ?? 0) > MOST_BODY_BYTES) return once(tooLong(req, res))
    read(req, res, (thrown?: unknown) => once(thrown === undefined ? undefined : bodyFault(thrown)))
    // Behind the reader, which must see the first bytes too; it waits for the end of what it refuses, and nobody else does.
    if (!isOver) req.on('data', count)
  }
}

/** RFC 9112 §6.3: a request without either of them has no body. */
const hasNone = ({ headers }: Request): boolean =>
  headers['content-length'] === undefined && headers['transfer-encoding'] === undefined

/** The rest is thrown away. A client that has not come to its end a while after the answer is cut off. */
function tooLong(req: Request, res: Response): Fault {
  req.resume()
  res.once('finish', () => {
    if (req.complete) return
    const late = setTimeout(() => req.socket.destroy(), DRAIN_MS)
    req.once('end', () => clearTimeout(late))
    req.socket.once('close', () => clearTimeout(late))
  })
  return fault('too-large', `the body has more than ${MOST_BODY_BYTES} bytes`)
}

function bodyFault(thrown: unknown): Fault {
  const type = typeof thrown === 'object' && thrown !== null && 'type' in thrown ? thrown.type : ''
  if (type === 'entity.too.large')
    return fault('too-large', `the body has more than ${MOST_BODY_BYTES} bytes`, { cause: thrown })
  return fault('malformed', 'the body cannot be read', { cause: thrown })
}

/** A path that no router could decode. */
export const checkPath: RequestHandler = (req, _res, next) => {
  try {
    decodeURIComponent(req.path)
  } catch (cause) {
    req.refusal = fault('malformed', 'the path is not properly encoded', { cause })
  }
  next()
}

/** Throws what was found out before. The first handler of each front's branch. */
export const refuse: RequestHandler = (req, _res, next) => next(req.refusal)
