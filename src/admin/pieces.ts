/** A piece of a file in a request: its place from Content-Range (RFC 9110 §14.4), its bytes as they come. */
import type { Request, Response } from 'express'
import { asFault, fault } from '../faults'
import type { ImportId } from '../model/ids'
import type { Caller, Operator } from '../operations/context'
import type { Operations } from '../operations/operations'

/** Bodies at such paths are not read by anybody else (http/app.ts): the same paths that the router takes, which has no case and no last slash. */
export const isPiece = ({ method, path }: Pick<Request, 'method' | 'path'>): boolean =>
  method === 'PUT' && /^\/(?:api\/v1|images\/v1)\/uploads\/[^/]+\/?$/i.test(path)

/** Answers how much is there: 200 with `have`, or 409 with `have` when the piece does not go on from there. */
export async function takePiece(
  operations: Pick<Operations, 'appendUpload'>,
  who: Caller | Operator,
  id: string,
  req: Request,
  res: Response,
): Promise<void> {
  const at = placeOf(req.headers['content-range'])
  try {
    const taken = await operations.appendUpload(who, id as ImportId, { at, bytes: req as AsyncIterable<Buffer> })
    res.json(taken)
  } catch (thrown) {
    const known = asFault(thrown)
    // What is still coming of the body is not read: the connection cannot be used again.
    res.setHeader('Connection', 'close')
    if (known.kind !== 'conflict' || known.detail.have === undefined) throw thrown
    res
      .status(409)
      .json({ code: 'conflict', message: known.message, have: known.detail.have, requestId: req.requestId })
  }
}

function placeOf(range: string | undefined): number {
  const first = /^bytes (\d{1,15})-\d{1,15}\/(?:\d{1,15}|\*)$/.exec(range ?? '')?.[1]
  if (first !== undefined) return Number(first)
  throw fault('invalid', 'a piece says its place: Content-Range: bytes <first>-<last>/<all>', {
    field: 'Content-Range',
  })
}
