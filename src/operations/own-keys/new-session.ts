/** Temporary credentials of the key that asks for them (STS GetSessionToken). */
import { fault } from '../../faults'
import type { Caller, Context } from '../context'
import { drawAccessKeyId, drawSecret } from '../draw'
import type { NewSession } from './operations'
import { sealSession, sessionKeyId } from './session'

const SHORTEST_SECONDS = 900
const LONGEST_SECONDS = 129_600
export const DEFAULT_SECONDS = 43_200

/**
 * They may do what the key may, and end with it. Faults: 'invalid' for seconds out of 900..129600, 'forbidden' for who came with
 * anything else than a key of their own (a session makes no session).
 */
export async function newSession(
  { mirror, ring, clock }: Context,
  caller: Caller,
  seconds?: number,
): Promise<NewSession> {
  const lasts = seconds ?? DEFAULT_SECONDS
  if (!Number.isInteger(lasts) || lasts < SHORTEST_SECONDS || lasts > LONGEST_SECONDS)
    throw fault('invalid', `a session lasts from ${SHORTEST_SECONDS} to ${LONGEST_SECONDS} seconds, not ${lasts}`, {
      field: 'DurationSeconds',
    })
  const key = caller.temporary === undefined ? mirror.named(`key:${caller.actor.key}`) : undefined
  if (key?.kind !== 'key' || key.wish.role !== 'tenant')
    throw fault('forbidden', 'a session is made of an access key, not of another session')
  const endsAt = Math.min(clock.now() + lasts * 1000, key.wish.expiresAt ?? Number.POSITIVE_INFINITY)
  const accessKeyId = sessionKeyId(drawAccessKeyId())
  const secretAccessKey = drawSecret()
  const sessionToken = sealSession(ring, accessKeyId, { key: key.id, secret: secretAccessKey, endsAt })
  return { accessKeyId, secretAccessKey, sessionToken, endsAt }
}
