/** Signature V4 signing keys: four HMACs, good for a day, so the last few thousand are kept. */
import { createHmac, hash } from 'node:crypto'

export interface SigningKeys {
  /** How many are kept. */
  readonly size: number
  /** The key for a day, region and service. Secrets are known here only as digests, and wrong ones count like right ones. */
  of(secret: string, day: string, region: string, service: string): Buffer
}

const MAX_KEYS = 2000

const hmac = (key: Buffer | string, text: string): Buffer => createHmac('sha256', key).update(text, 'utf8').digest()

/** Keeps at most so many; the oldest goes first. */
export function openSigningKeys(most = MAX_KEYS): SigningKeys {
  const keys = new Map<string, Buffer>()
  return {
    get size() {
      return keys.size
    },
    of(secret, day, region, service) {
      const name = hash('sha256', [secret, day, region, service].join('\0'), 'base64')
      const known = keys.get(name)
      if (known) return known
      const key = hmac(hmac(hmac(hmac(`AWS4${secret}`, day), region), service), 'aws4_request')
      const oldest = keys.keys().next().value
      if (keys.size >= most && oldest !== undefined) keys.delete(oldest)
      keys.set(name, key)
      return key
    },
  }
}
