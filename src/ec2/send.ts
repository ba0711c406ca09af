/** An answer of this front on its way out. */
import { constants, gzip } from 'node:zlib'
import type { Request, Response } from 'express'
import type { Answer } from './dispatch'

/** Below this many bytes packing gains nothing. */
const WORTH_PACKING = 1024

/** Sends an answer as XML, packed where the client takes it so. */
export function send(req: Request, res: Response, { status, body }: Answer): void {
  const bytes = Buffer.from(body, 'utf8')
  res.statusCode = status
  res.setHeader('Content-Type', 'text/xml;charset=UTF-8')
  res.setHeader('Cache-Control', 'no-cache, no-store')
  res.setHeader('x-amzn-RequestId', req.requestId)
  const finish = (sent: Buffer): void => {
    res.setHeader('Content-Length', sent.length)
    res.end(sent)
  }
  if (bytes.length < WORTH_PACKING || !takesGzip(req)) {
    finish(bytes)
    return
  }
  // Off the main thread, and as fast as it goes: XML packs to a twentieth at any level.
  gzip(bytes, { level: constants.Z_BEST_SPEED }, (error, packed) => {
    if (error) return finish(bytes)
    res.setHeader('Content-Encoding', 'gzip')
    res.setHeader('Vary', 'Accept-Encoding')
    finish(packed)
  })
}

const takesGzip = (req: Request): boolean =>
  req.headers['accept-encoding'] !== undefined && req.acceptsEncodings(['gzip', 'identity']) === 'gzip'
