/**
 * Bearer tokens of an OIDC issuer (OpenID Connect Core 1.0 §2, RFC 9068): JWTs that it signed for this gateway. Who they are
 * for is the gateway's user whose name one of the claims is: an operator makes that user, nobody comes in unasked.
 */
import { createRemoteJWKSet, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose'
import { z } from 'zod'
import type { Clock } from '../../clock'
import { fault } from '../../faults'

export interface OidcOptions {
  /** As its tokens name it, letter for letter. */
  readonly issuer: string
  /** What tokens for this gateway name as theirs. */
  readonly audience: string
  /** The claim that is the name of our user; `sub` when nothing is said. */
  readonly userClaim: string
  readonly clock: Clock
}

/** The name that a token vouches for; undefined for one that is not the issuer's, not ours, or not good now. */
export type CheckOidcToken = (token: string) => Promise<string | undefined>

/** A key that anybody may know signs nothing: symmetric ones are not taken. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA']
const LONGEST = 16 * 1024
const ANSWERS_WITHIN_MS = 5_000
const TRIED_AGAIN_AFTER_MS = 2_000
/** Clocks of two sites differ. */
const SKEW_SECONDS = 30

/** Whether a bearer token may be such a one: three parts, where our own have two. */
export const looksLikeJwt = (token: string): boolean => /^[\w-]+\.[\w-]+\.[\w-]+$/.test(token)

/** Looks for the issuer's keys when the first token comes. Faults: 'unavailable' while the issuer does not answer. */
export function openOidc({ issuer, audience, userClaim, clock }: OidcOptions): CheckOidcToken {
  const keys = keysOf(issuer, clock)
  return async (token) => {
    if (token.length > LONGEST || !looksLikeJwt(token)) return undefined
    try {
      const { payload } = await jwtVerify(token, await keys(), {
        issuer,
        audience,
        algorithms: ALGORITHMS,
        clockTolerance: SKEW_SECONDS,
        currentDate: new Date(clock.now()),
        requiredClaims: ['exp', userClaim],
      })
      return nameIn(payload, userClaim)
    } catch (thrown) {
      if (isTokensFault(thrown)) return undefined
      throw fault('unavailable', 'the issuer of the token cannot be asked for its keys; try again', { cause: thrown })
    }
  }
}

function nameIn(payload: JWTPayload, claim: string): string | undefined {
  const name: unknown = payload[claim]
  return typeof name === 'string' && name !== '' ? name : undefined
}

const isTokensFault = (thrown: unknown): boolean =>
  [
    errors.JWTExpired,
    errors.JWTClaimValidationFailed,
    errors.JWTInvalid,
    errors.JWSInvalid,
    errors.JWSSignatureVerificationFailed,
    errors.JWKSNoMatchingKey,
    errors.JWKSMultipleMatchingKeys,
    errors.JOSEAlgNotAllowed,
    errors.JOSENotSupported,
  ].some((sort) => thrown instanceof sort)

const discovered = z.object({ issuer: z.string(), jwks_uri: z.url({ protocol: /^https?$/ }) })

/** The issuer's keys: where they are is found once (OpenID Connect Discovery 1.0 §4); jose keeps them and looks for new ones. */
function keysOf(issuer: string, clock: Clock): () => Promise<JWTVerifyGetKey> {
  let found: Promise<JWTVerifyGetKey> | undefined
  let failedAt = Number.NEGATIVE_INFINITY
  return () => {
    if (found === undefined && clock.now() - failedAt < TRIED_AGAIN_AFTER_MS)
      return Promise.reject(new Error('the issuer did not answer a moment ago'))
    found ??= discover(issuer).catch((thrown: unknown) => {
      found = undefined
      failedAt = clock.now()
      throw thrown
    })
    return found
  }
}

async function discover(issuer: string): Promise<JWTVerifyGetKey> {
  const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`
  const answer = await fetch(url, { signal: AbortSignal.timeout(ANSWERS_WITHIN_MS), redirect: 'error' })
  if (!answer.ok) throw new Error(`${url} answers ${answer.status}`)
  const said = discovered.parse(await answer.json())
  if (said.issuer !== issuer) throw new Error(`${url} is of the issuer ${said.issuer.slice(0, 200)}`)
  if (issuer.startsWith('https:') && !said.jwks_uri.startsWith('https:'))
    throw new Error(`the keys of ${issuer} are not served by https`)
  return createRemoteJWKSet(new URL(said.jwks_uri), { timeoutDuration: ANSWERS_WITHIN_MS })
}
