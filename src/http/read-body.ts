/**
 * Reads the body once, as bytes: signatures are over bytes, and each front has its own parsers. What is wrong with a request
 * before its protocol is known is kept in `req.refusal` and thrown inside the front it belongs to, in the caller's own words.
 */
import express, { type RequestHandler } from 'express'
import { type Fault, fault } from '../faults'

export const MOST_BODY_BYTES = 1024 * 1024

/** Sets `req.body` to a Buffer where there is a body. */
export function readBody(): RequestHandler {
  const read = express.raw({ type: () => true, limit: MOST_BODY_BYTES })
  return (req, res, next) =>
    read(req, res, (thrown?: unknown) => {
      if (thrown !== undefined) req.refusal = bodyFault(thrown)
      next()
    })
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
