/** Signature V4 signing keys: four HMACs, good for a day, so the last few thousand are kept. */
import { createHmac, hash } from 'node:crypto'

const MAX_KEYS = 2000
const keys = new Map<string, Buffer>()

const hmac = (key: Buffer | string, text: string): Buffer => createHmac('sha256', key).update(text, 'utf8').digest()

/** The key for a day, region and service. The cache knows secrets only as digests, and wrong secrets fill it like right ones. */
export function signingKey(secret: string, day: string, region: string, service: string): Buffer {
  const name = hash('sha256', [secret, day, region, service].join('\0'), 'base64')
  const known = keys.get(name)
  if (known) return known
  const key = hmac(hmac(hmac(hmac(`AWS4${secret}`, day), region), service), 'aws4_request')
  const oldest = keys.keys().next().value
  if (keys.size >= MAX_KEYS && oldest !== undefined) keys.delete(oldest)
  keys.set(name, key)
  return key
}

/** For tests: how many are kept. */
export const keptKeys = (): number => keys.size
