/** AWS signatures (V4 in header or query, V2) as a passport Strategy. */
import type { Request, RequestHandler } from 'express'
import passport from 'passport'
import { Strategy } from 'passport-strategy'
import type { Clock } from '../../clock'
import { asFault, Fault, fault } from '../../faults'
import type { Caller } from '../../operations/context'
import type { Operations } from '../../operations/operations'
import { authFailure, ended, type SignatureClaim, type SignedRequest, signedRequestOf } from './aws-signature-request'
import { readV2 } from './aws-signature-v2'
import { type AcceptsScope, isV4, readV4 } from './aws-signature-v4'

export interface AwsSignatureOptions {
  readonly operations: Pick<Operations, 'identifyByAccessKey'>
  /** The site's name. */
  readonly region: string
  readonly clock: Clock
  /**
   * Which scopes a V4 signature may name. `any`, the default: boto 2 guesses region and service from the host name, so for an
   * address it signs nonsense. `site`: this region, and ec2, sts or iam.
   */
  readonly scope?: 'any' | 'site'
}

const NAME = 'aws-signature'

/** As long as a real secret, so that an unknown key costs the same work as a known one. */
const NO_SECRET = 'x'.repeat(40)

/**
 * Sets `req.user` to the Caller whose key signed the request, or hands on a fault 'unauthenticated' whose detail.reason says
 * `no-credentials`, `incomplete`, `expired`, `ended` or nothing. Wants the raw body in `req.body`.
 */
export function awsSignature(options: AwsSignatureOptions): RequestHandler {
  const authenticator = new passport.Passport()
  authenticator.use(new AwsSignatureStrategy(options))
  return (req, res, next) => {
    const done = (thrown: unknown, caller: Caller | false | undefined, refusal: unknown): void => {
      if (caller) req.user = caller
      if (thrown) next(asFault(thrown))
      else if (caller) next()
      else next(refusal instanceof Fault ? refusal : authFailure())
    }
    authenticator.authenticate(NAME, { session: false }, done)(req, res, next)
  }
}

class AwsSignatureStrategy extends Strategy {
  readonly name = NAME
  constructor(private readonly options: AwsSignatureOptions) {
    super()
  }

  override authenticate(req: Request): void {
    identify(req, this.options).then(
      (caller) => this.success(caller),
      (thrown) => {
        const failure = asFault(thrown)
        if (failure.kind === 'unauthenticated') this.fail(failure, 401)
        else this.error(failure)
      },
    )
  }
}

async function identify(req: Request, options: AwsSignatureOptions): Promise<Caller> {
  const claim = readClaim(signedRequestOf(req), options)
  const source = req.ip ?? ''
  const from = { source, requestId: req.requestId, arrivedAt: performance.now() }
  const found = await options.operations.identifyByAccessKey(claim.accessKeyId, from, claim.sessionToken)
  const genuine = claim.madeWith(found?.secret ?? NO_SECRET)
  if (!found || !genuine) throw authFailure()
  if ((found.caller.endsAt ?? Number.POSITIVE_INFINITY) <= options.clock.now()) throw ended()
  return found.caller
}

function readClaim(request: SignedRequest, { clock, region, scope = 'any' }: AwsSignatureOptions): SignatureClaim {
  const accepts: AcceptsScope = (itsRegion, service) =>
    scope === 'any' || (itsRegion === region && ['ec2', 'sts', 'iam'].includes(service))
  const claim = isV4(request) ? readV4(request, clock.now(), accepts) : readV2(request, clock.now())
  if (claim) return claim
  throw fault(
    'unauthenticated',
    'The request must contain a valid AWS access key ID and be signed with Signature Version 4 or 2',
    { reason: 'no-credentials' },
  )
}
