/** Keys as bytes in SSH's wire form (RFC 4251 §5, RFC 4253 §6.6, RFC 8709 §4). */
import { createPublicKey, type KeyObject } from 'node:crypto'

export function sshUint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

export function sshString(value: string | Buffer): Buffer {
  const bytes = typeof value === 'string' ? Buffer.from(value, 'latin1') : value
  return Buffer.concat([sshUint32(bytes.length), bytes])
}

/** A positive whole number: no leading zeros but the one that keeps the sign bit clear. */
function sshNumber(bytes: Buffer): Buffer {
  const first = bytes.findIndex((byte) => byte !== 0)
  const bare = first < 0 ? Buffer.alloc(0) : bytes.subarray(first)
  return sshString((bare[0] ?? 0) & 0x80 ? Buffer.concat([Buffer.alloc(1), bare]) : bare)
}

const fromJwk = (text: string | undefined): Buffer => Buffer.from(text ?? '', 'base64url')

/** The 32 bytes of an ED25519 public key. */
export const rawEd25519 = (key: KeyObject): Buffer => fromJwk(key.export({ format: 'jwk' }).x)

/** An RSA or ED25519 public key. */
export function sshBlob(key: KeyObject): Buffer {
  if (key.asymmetricKeyType === 'ed25519') return Buffer.concat([sshString('ssh-ed25519'), sshString(rawEd25519(key))])
  const { e, n } = key.export({ format: 'jwk' })
  return Buffer.concat([sshString('ssh-rsa'), sshNumber(fromJwk(e)), sshNumber(fromJwk(n))])
}

/** The inverse; undefined for what is no such key, or has anything behind it. */
export function parseSshBlob(blob: Buffer): KeyObject | undefined {
  const [algorithm, ...parts] = fields(blob) ?? []
  const [first, second] = parts
  try {
    if (algorithm?.equals(Buffer.from('ssh-ed25519')) && parts.length === 1 && first?.length === 32)
      return createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', x: first.toString('base64url') } })
    if (algorithm?.equals(Buffer.from('ssh-rsa')) && parts.length === 2 && first && second)
      return createPublicKey({
        format: 'jwk',
        key: { kty: 'RSA', e: unsigned(first), n: unsigned(second) },
      })
  } catch {
    return undefined
  }
  return undefined
}

const unsigned = (bytes: Buffer): string => (bytes[0] === 0 ? bytes.subarray(1) : bytes).toString('base64url')

/** All length-prefixed fields; undefined where one is cut off. */
function fields(blob: Buffer): readonly Buffer[] | undefined {
  const found: Buffer[] = []
  let at = 0
  while (at < blob.length) {
    if (at + 4 > blob.length) return undefined
    const end = at + 4 + blob.readUInt32BE(at)
    if (end > blob.length) return undefined
    found.push(blob.subarray(at + 4, end))
    at = end
  }
  return found
}
