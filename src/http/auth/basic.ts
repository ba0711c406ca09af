/** HTTP Basic (RFC 7617) as a passport Strategy. */
import type { Request, RequestHandler, Response } from 'express'
import passport from 'passport'
import { Strategy } from 'passport-strategy'
import { asFault, fault } from '../../faults'
import type { Operations } from '../../operations/operations'

const NAME = 'basic'
const CHALLENGE = 'Basic realm="occi-gateway", charset="UTF-8"'

type Identifying = Pick<Operations, 'identifyByPassword'>

/** Sets `req.user` to a Caller, or hands on 'unauthenticated' with the challenge in the answer's header. */
export function basic({ operations }: { readonly operations: Identifying }): RequestHandler {
  const authenticator = new passport.Passport()
  authenticator.use(new BasicStrategy(operations))
  return authenticator.authenticate(NAME, { session: false })
}

/**
 * Not passport-http's: 0.3.0 cuts a password at its first colon (RFC 7617 §2 does not), and its `new Buffer` makes Node look
 * through the stack each time.
 */
class BasicStrategy extends Strategy {
  readonly name = NAME
  constructor(private readonly operations: Identifying) {
    super()
  }

  override authenticate(req: Request): void {
    const said = credentialsOf(req)
    const from = { source: req.ip ?? '', requestId: req.requestId }
    const identified = said
      ? this.operations.identifyByPassword(said.user, said.password, from)
      : Promise.resolve(undefined)
    identified.then(
      (caller) => (caller ? this.success(caller) : this.error(refusal(req, req.res))),
      (thrown) => this.error(asFault(thrown)),
    )
  }
}

function credentialsOf(req: Request): { readonly user: string; readonly password: string } | undefined {
  const encoded = /^\s*Basic\s+(\S+)/i.exec(req.headers.authorization ?? '')?.[1]
  if (encoded === undefined) return undefined
  const decoded = Buffer.from(encoded, 'base64').toString('utf8')
  const colon = decoded.indexOf(':')
  return colon > 0 ? { user: decoded.slice(0, colon), password: decoded.slice(colon + 1) } : undefined
}

function refusal(req: Request, res: Response | undefined) {
  res?.setHeader('WWW-Authenticate', CHALLENGE)
  return req.headers.authorization === undefined
    ? fault('unauthenticated', 'this needs a user and a password', { reason: 'no-credentials' })
    : fault('unauthenticated', 'user or password is wrong')
}
