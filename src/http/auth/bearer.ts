/**
 * A user's bearer token (RFC 6750 §2.1), also as `X-Auth-Token`, which rOCCI-api 4.3, pOCCI and IM's OCCI connector send as
 * Keystone had it. Who sends none is passed on to the next way to log in.
 */
import type { Request, RequestHandler } from 'express'
import { fault } from '../../faults'
import type { Caller } from '../../operations/context'
import type { Operations } from '../../operations/operations'
import { type CheckOidcToken, looksLikeJwt } from './oidc'

/** Sets `req.user` to a Caller, or hands on 'unauthenticated'; without a token `otherwise` decides. */
export function bearer({
  operations,
  issued,
  otherwise,
}: {
  readonly operations: Pick<Operations, 'identifyByToken' | 'identifyByName'>
  /** Checks tokens of the site's OIDC issuer, where it has one. */
  readonly issued?: CheckOidcToken
  readonly otherwise: RequestHandler
}): RequestHandler {
  return async (req, res, next) => {
    const token = tokenOf(req)
    if (token === undefined) {
      otherwise(req, res, next)
      return
    }
    const from = { source: req.ip ?? '', requestId: req.requestId }
    const caller =
      issued !== undefined && looksLikeJwt(token)
        ? await vouchedFor(await issued(token), (name) => operations.identifyByName(name, from))
        : await operations.identifyByToken(token, from)
    if (caller === undefined) {
      res.setHeader('WWW-Authenticate', 'Bearer realm="occi-gateway", error="invalid_token"')
      throw fault('unauthenticated', 'the token is not valid, or not any more')
    }
    req.user = caller
    next()
  }
}

const vouchedFor = async (
  name: string | undefined,
  identify: (name: string) => Promise<Caller | undefined>,
): Promise<Caller | undefined> => (name === undefined ? undefined : identify(name))

/** `Authorization` says more than `X-Auth-Token`, which proxies and old clients add. */
function tokenOf(req: Request): string | undefined {
  const { authorization } = req.headers
  if (authorization !== undefined) return /^\s*Bearer\s+(\S+)\s*$/i.exec(authorization)?.[1]
  const token = req.get('x-auth-token')?.trim()
  return token === '' ? undefined : token
}
