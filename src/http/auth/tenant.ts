/** How a tenant's user logs in to OCCI: bearer tokens, ours or an OIDC issuer's, else Digest where the site has it, else Basic. */
import type { RequestHandler } from 'express'
import type { Clock } from '../../clock'
import type { Operations } from '../../operations/operations'
import { basic } from './basic'
import { bearer } from './bearer'
import { digest, digestChallenge, isDigest } from './digest'
import { openOidc } from './oidc'

export interface TenantLogin {
  readonly operations: Operations
  readonly clock: Clock
  readonly oidc?: { readonly issuer: string; readonly audience: string; readonly userClaim: string }
}

/** Sets `req.user` to a Caller, or hands on 'unauthenticated' with challenges in the answer's header. */
export function tenantLogin({ operations, clock, oidc }: TenantLogin): RequestHandler {
  const login = operations.digest
  const byPassword = basic({
    operations,
    ...(login === undefined ? {} : { further: () => [digestChallenge(login)] }),
  })
  const byDigest = login === undefined ? byPassword : digest({ login })
  return bearer({
    operations,
    ...(oidc === undefined ? {} : { issued: openOidc({ ...oidc, clock }) }),
    otherwise: (req, res, next) => (isDigest(req) ? byDigest : byPassword)(req, res, next),
  })
}
