/**
 * HTTP Digest (RFC 7616), for sites that ask for it. A nonce says when it was made and is signed under the key ring, so that any
 * gateway of the site knows it without having kept it; how often it was used is counted in Redis, so that no request can be
 * sent twice, to whichever gateway. What a response is checked against (HA1) is as good as the password, so it is sealed.
 */
import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { SealedText } from '../../model/records'
import { type KeyRing, seal, unseal } from '../../store/sealed'
import type { Actor } from '../../store/store'
import type { Caller, Context } from '../context'
import { callerOf } from './caller'

export const DIGEST_REALM = 'occi-gateway'

/** A client asks for another nonce by itself when it is told that its own is stale. */
const NONCE_MS = 5 * 60_000
/** Requests per nonce: what Redis keeps of one is a bit for each. */
const MOST_USES = 4096

export interface DigestLogin {
  /** Another one each time. */
  nonce(): string
  /**
   * Says that a nonce serves its `count`th request. 'stale': it is ours, but too old or used up, or that request came before;
   * 'foreign': no gateway of this site made it. Faults: 'unavailable'.
   */
  use(nonce: string, count: number): Promise<'fresh' | 'stale' | 'foreign'>
  /**
   * Who a name is and what a response is checked against. An unknown or disabled user, and one whose password was set before
   * the site had Digest, has a drawn HA1 that nothing fits, and no caller. Faults: 'unavailable'.
   */
  holder(name: string, from: Omit<Actor, 'user' | 'key'>): Promise<{ readonly ha1: string; readonly caller?: Caller }>
}

/** HA1 of RFC 7616 §3.4.2 for MD5, which is all that passport-http knows. */
const ha1Of = (name: string, password: string): string =>
  createHash('md5').update(`${name}:${DIGEST_REALM}:${password}`).digest('hex')

/** What a user's record keeps of a password beside its hash; nothing where the site has no Digest. */
export const digestSecret = (
  { ring, digest }: Pick<Context, 'ring' | 'digest'>,
  user: { readonly id: string; readonly name: string },
  password: string,
): { readonly digest: SealedText | null } => ({
  digest: digest === 'on' ? seal(ring, user.id, ha1Of(user.name, password)) : null,
})

export function openDigestLogin({ store, mirror, clock, ring }: Context): DigestLogin {
  return {
    nonce: () => {
      const made = Buffer.alloc(8)
      made.writeBigUInt64BE(BigInt(clock.now()))
      const text = Buffer.concat([made, randomBytes(12)])
      return Buffer.concat([text, signature(ring.keys[0]?.key, text)]).toString('base64url')
    },
    use: async (nonce, count) => {
      const made = readNonce(ring, nonce)
      if (made === undefined) return 'foreign'
      const age = clock.now() - made
      if (age < 0 || age > NONCE_MS || count < 1 || count > MOST_USES) return 'stale'
      return (await store.useOnce(`digest:${nonce}`, count, NONCE_MS)) ? 'fresh' : 'stale'
    },
    holder: async (name, from) => {
      await mirror.fresh()
      const named = mirror.named(`user:${name}`)
      const user = named?.kind === 'user' && named.wish.enabled ? named : undefined
      const sealed = user?.wish.digest
      const caller = user && sealed ? callerOf(mirror, user, { ...from, key: '' }) : undefined
      if (!user || !sealed || !caller) return { ha1: randomBytes(16).toString('hex') }
      return { ha1: unseal(ring, user.id, sealed), caller }
    },
  }
}

const SIGNATURE_BYTES = 16
const NONCE_BYTES = 8 + 12 + SIGNATURE_BYTES

const signature = (key: Buffer | undefined, text: Buffer): Buffer =>
  createHmac('sha256', key ?? randomBytes(32))
    .update('digest nonce')
    .update(text)
    .digest()
    .subarray(0, SIGNATURE_BYTES)

/** When it was made, ms; undefined when no key of the ring signed it. */
function readNonce({ keys }: KeyRing, nonce: string): number | undefined {
  const bytes = Buffer.from(nonce, 'base64url')
  // One text for each nonce: Redis counts by the text.
  if (bytes.length !== NONCE_BYTES || bytes.toString('base64url') !== nonce) return undefined
  const [text, signed] = [bytes.subarray(0, -SIGNATURE_BYTES), bytes.subarray(-SIGNATURE_BYTES)]
  const isOurs = keys.some(({ key }) => timingSafeEqual(signed, signature(key, text)))
  return isOurs ? Number(text.readBigUInt64BE(0)) : undefined
}
