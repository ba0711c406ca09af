/** The admin API's bearer token (RFC 6750 §2.1). */
import type { RequestHandler } from 'express'
import { fault } from '../../faults'
import type { Operations } from '../../operations/operations'

/** Sets `req.user` to an Operator, or hands on 'unauthenticated'. */
export function operatorToken({
  operations,
}: {
  readonly operations: Pick<Operations, 'identifyOperator'>
}): RequestHandler {
  return async (req, _res, next) => {
    const token = /^\s*Bearer\s+(\S+)\s*$/i.exec(req.headers.authorization ?? '')?.[1]
    if (token === undefined)
      throw fault('unauthenticated', "the admin API wants an operator's token", { reason: 'no-credentials' })
    const operator = await operations.identifyOperator(token, { source: req.ip ?? '', requestId: req.requestId })
    if (!operator) throw fault('unauthenticated', 'the token is not valid')
    req.user = operator
    next()
  }
}
