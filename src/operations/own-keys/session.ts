/**
 * A session: credentials for some hours, made of a tenant's key. Nothing of it is kept: the session token is all that there is to
 * know, sealed with the key ring that every gateway of the site has, bound to the session's access key id. What revokes the key or
 * its user revokes its sessions in the same moment, because each request looks at the key again.
 */
import { z } from 'zod'
import type { KeyId } from '../../model/ids'
import { type KeyRing, seal, unseal } from '../../store/sealed'

export interface Session {
  /** The key that it was made of. */
  readonly key: KeyId
  readonly secret: string
  /** ms since 1970 */
  readonly endsAt: number
}

const PREFIX = 'ASIA'
const LONGEST_TOKEN = 2048

const content = z.object({ key: z.string(), secret: z.string(), endsAt: z.number() })

/** Whether an access key id is a session's, by its form (AWS's own). */
export const isSessionKey = (accessKeyId: string): boolean => accessKeyId.startsWith(PREFIX)

/** From a drawn key id to a session's. */
export const sessionKeyId = (accessKeyId: string): string => PREFIX + accessKeyId.slice(PREFIX.length)

/** A sealed text names what it belongs to, so that no other sealed text of the site can be passed off as a token. */
const boundTo = (accessKeyId: string): string => `session:${accessKeyId}`

/** The session token of an access key id. */
export const sealSession = (ring: KeyRing, accessKeyId: string, session: Session): string =>
  seal(ring, boundTo(accessKeyId), JSON.stringify(session))

/** What a token says; undefined for a text that is none of ours, another key id's, or changed. */
export function openSession(ring: KeyRing, accessKeyId: string, token: string): Session | undefined {
  if (token.length > LONGEST_TOKEN) return undefined
  try {
    const { key, secret, endsAt } = content.parse(JSON.parse(unseal(ring, boundTo(accessKeyId), token)))
    return { key: key as KeyId, secret, endsAt }
  } catch {
    // Whatever a stranger sends as a token is no fault of ours.
    return undefined
  }
}
