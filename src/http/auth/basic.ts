/** HTTP Basic (RFC 7617) by passport-http. */
import type { Request, RequestHandler, Response } from 'express'
import passport from 'passport'
import { BasicStrategy } from 'passport-http'
import { asFault, fault } from '../../faults'
import type { Caller } from '../../operations/context'
import type { Operations } from '../../operations/operations'
import { knowBufferDeprecation } from './known-deprecation'

const CHALLENGE = 'Basic realm="occi-gateway", charset="UTF-8"'

/** Sets `req.user` to a Caller, or hands on 'unauthenticated' with the challenge in the answer's header. */
export function basic({
  operations,
  further = () => [],
}: {
  readonly operations: Pick<Operations, 'identifyByPassword'>
  /** Challenges of other ways to log in, told beside ours, each in a line of its own: old clients read the first alone. */
  readonly further?: () => readonly string[]
}): RequestHandler {
  knowBufferDeprecation()
  const authenticator = new passport.Passport()
  authenticator.use(
    new BasicStrategy({ realm: 'occi-gateway', passReqToCallback: true }, (req: Request, user, password, done) => {
      const from = { source: req.ip ?? '', requestId: req.requestId, ...(onlyLooks(req) ? LOOKS : {}) }
      operations
        .identifyByPassword(user, wholePassword(req) ?? password, from)
        .then((caller) => done(null, caller ?? false), done)
    }),
  )
  return (req, res, next) => {
    const finish = (thrown: unknown, caller: Caller | false | null | undefined): void => {
      if (caller) req.user = caller
      if (thrown) next(asFault(thrown))
      else if (caller) next()
      else next(refusal(req, res, further()))
    }
    authenticator.authenticate('basic', { session: false }, finish)(req, res, next)
  }
}

/** RFC 9110 §9.2.1. An EC2 action may come by GET too, but never with a password. */
const onlyLooks = ({ method }: Request): boolean => method === 'GET' || method === 'HEAD'
const LOOKS = { looks: 'only' } as const

function refusal(req: Request, res: Response, further: readonly string[]) {
  res.setHeader('WWW-Authenticate', further.length === 0 ? CHALLENGE : [CHALLENGE, ...further])
  return req.headers.authorization === undefined
    ? fault('unauthenticated', 'this needs a user and a password', { reason: 'no-credentials' })
    : fault('unauthenticated', 'user or password is wrong')
}

/** passport-http 0.3.0 cuts a password at its first colon (strategies/basic.js splits at every one); RFC 7617 §2 does not. */
function wholePassword(req: Request): string | undefined {
  const encoded = /^\s*Basic\s+(\S+)/i.exec(req.headers.authorization ?? '')?.[1]
  if (encoded === undefined) return undefined
  const decoded = Buffer.from(encoded, 'base64').toString('utf8')
  const colon = decoded.indexOf(':')
  return colon < 0 ? undefined : decoded.slice(colon + 1)
}
