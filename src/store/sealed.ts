/** Secrets at rest: AES-256-GCM under a key ring, the record's id as associated data, so a sealed text is worth nothing in another record. */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { Fault } from '../faults'
import type { SealedText } from '../model/records'

/** Said, or Node would take a tag of 4 bytes too, which can be guessed. */
const TAG = { authTagLength: 16 } as const

/** Newest key first: that one seals, all of them open. */
export interface KeyRing {
  readonly keys: readonly { readonly id: string; readonly key: Buffer }[]
}

/** `v1.<key id>.<iv>.<tag>.<text>`, base64url. */
export function seal(ring: KeyRing, recordId: string, secret: string): SealedText {
  const newest = ring.keys[0]
  if (!newest) throw new Fault('internal', 'the key ring is empty')
  const iv = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', newest.key, iv, TAG)
  cipher.setAAD(Buffer.from(recordId, 'utf8'))
  const text = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()])
  const parts = ['v1', newest.id, ...[iv, cipher.getAuthTag(), text].map((part) => part.toString('base64url'))]
  return parts.join('.') as SealedText
}

/** The key of the ring that a sealed text names; undefined when the ring has not got it. */
export const keyOf = (ring: KeyRing, sealed: string): KeyRing['keys'][number] | undefined => {
  const [, keyId] = sealed.split('.')
  return ring.keys.find((candidate) => candidate.id === keyId)
}

/** The inverse of seal; 'internal' when no key of the ring opens it, or it is another record's. */
export function unseal(ring: KeyRing, recordId: string, sealed: string): string {
  const [version, , iv, tag, text] = sealed.split('.')
  const found = keyOf(ring, sealed)
  if (version !== 'v1' || !found || !iv || !tag || text === undefined)
    throw new Fault('internal', 'a sealed secret has no key in the ring')
  try {
    const decipher = createDecipheriv('aes-256-gcm', found.key, Buffer.from(iv, 'base64url'), TAG)
    decipher.setAAD(Buffer.from(recordId, 'utf8'))
    decipher.setAuthTag(Buffer.from(tag, 'base64url'))
    return Buffer.concat([decipher.update(Buffer.from(text, 'base64url')), decipher.final()]).toString('utf8')
  } catch (cause) {
    throw new Fault('internal', 'a sealed secret cannot be opened', { cause })
  }
}
