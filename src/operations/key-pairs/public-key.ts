/**
 * Public keys that a caller brings, in the forms that EC2 takes (ImportKeyPair): OpenSSH's line, RFC 4716, and X.509 or PKCS#1
 * as DER, base64 of DER, or PEM. RSA of 1024, 2048 or 4096 bits, or ED25519.
 */
import { createHash, createPublicKey, type KeyObject } from 'node:crypto'
import { fault } from '../../faults'
import { parseSshBlob, sshBlob } from './ssh-wire'

/** What a key pair's record keeps of a key. */
export interface PublicKey {
  readonly type: 'rsa' | 'ed25519'
  /** One line in OpenSSH's form, without a comment. */
  readonly publicKey: string
  readonly fingerprint: string
}

const MOST_BYTES = 16 * 1024
const RSA_BITS: readonly number[] = [1024, 2048, 4096]

const unreadable = () => fault('invalid', 'Key is not in valid OpenSSH public key format', { field: 'publicKey' })

/** Faults: 'invalid' (field publicKey); the key itself is in no message. */
export function readPublicKey(material: Buffer): PublicKey {
  if (material.length > MOST_BYTES) throw unreadable()
  const key = parse(material)
  if (key === undefined) throw unreadable()
  const bits = key.asymmetricKeyDetails?.modulusLength
  if (key.asymmetricKeyType === 'ed25519') return publicKeyOf(key)
  if (key.asymmetricKeyType !== 'rsa') throw unreadable()
  if (bits === undefined || !RSA_BITS.includes(bits))
    throw fault('invalid', 'Key length is not supported: an RSA key has 1024, 2048 or 4096 bits', {
      field: 'publicKey',
    })
  return publicKeyOf(key)
}

/** With EC2's fingerprint of a key that it was given: MD5 of the public key (X.509 DER) for RSA, SHA-256 for ED25519. */
export function publicKeyOf(key: KeyObject): PublicKey {
  const publicKey = opensshLine(key)
  if (key.asymmetricKeyType === 'ed25519')
    return { type: 'ed25519', publicKey, fingerprint: createHash('sha256').update(sshBlob(key)).digest('base64') }
  const der = key.export({ type: 'spki', format: 'der' })
  return { type: 'rsa', publicKey, fingerprint: colons(createHash('md5').update(der).digest('hex')) }
}

export const opensshLine = (key: KeyObject): string =>
  `${key.asymmetricKeyType === 'ed25519' ? 'ssh-ed25519' : 'ssh-rsa'} ${sshBlob(key).toString('base64')}`

export const colons = (hex: string): string => (hex.match(/../g) ?? []).join(':')

function parse(material: Buffer): KeyObject | undefined {
  const text = material.toString('latin1').trim()
  const line = /^(ssh-[a-z0-9]+)[ \t]+([A-Za-z0-9+/]+={0,2})(?:[ \t][^\r\n]*)?$/.exec(text)
  if (line?.[1] !== undefined && line[2] !== undefined) return named(line[1], Buffer.from(line[2], 'base64'))
  const block = /^-{4,5} ?BEGIN ([A-Z0-9 ]*?PUBLIC KEY) ?-{4,5}\r?\n([\s\S]*?)\r?\n-{4,5} ?END \1 ?-{4,5}$/.exec(text)
  if (block?.[1] !== undefined && block[2] !== undefined) return unwrapped(block[1], block[2])
  if (/^[A-Za-z0-9+/\s]+={0,2}$/.test(text)) return parseDer(Buffer.from(text, 'base64'))
  return parseDer(material)
}

/** The word before the key must be the one inside it. */
function named(algorithm: string, blob: Buffer): KeyObject | undefined {
  const key = parseSshBlob(blob)
  return key !== undefined && opensshLine(key).startsWith(`${algorithm} `) ? key : undefined
}

function unwrapped(label: string, body: string): KeyObject | undefined {
  if (label !== 'SSH2 PUBLIC KEY') return parseDer(Buffer.from(body, 'base64'))
  // Headers are `Tag: value`, and go on in the next line after a backslash (RFC 4716 §3.3).
  const bare = body.replace(/\\\r?\n/g, '').replace(/^[^\r\n]*:[^\r\n]*\r?\n/gm, '')
  return parseSshBlob(Buffer.from(bare, 'base64'))
}

function parseDer(key: Buffer): KeyObject | undefined {
  for (const type of ['spki', 'pkcs1'] as const) {
    try {
      return createPublicKey({ key, format: 'der', type })
    } catch {
      // Not in this form; perhaps in the next.
    }
  }
  return undefined
}
