/** Making a key: RSA of 2048 bits or ED25519, the private half as PEM in the forms that EC2 gives out. */
import { createHash, createPublicKey, generateKeyPair, type KeyObject, randomBytes } from 'node:crypto'
import { promisify } from 'node:util'
import { colons, opensshLine, type PublicKey, publicKeyOf } from './public-key'
import { rawEd25519, sshString, sshUint32 } from './ssh-wire'

const generate = promisify(generateKeyPair)

export interface MadeKey extends PublicKey {
  /** PEM; secret: told once, never logged. */
  readonly privateKey: string
}

/** EC2's fingerprint of a key that it made: SHA-1 of the private key (PKCS#8 DER) for RSA, SHA-256 of the public one for ED25519. */
export async function makeKey(type: 'rsa' | 'ed25519'): Promise<MadeKey> {
  if (type === 'rsa') {
    const { privateKey } = await generate('rsa', { modulusLength: 2048 })
    const der = privateKey.export({ type: 'pkcs8', format: 'der' })
    return {
      type,
      publicKey: opensshLine(createPublicKey(privateKey)),
      fingerprint: colons(createHash('sha1').update(der).digest('hex')),
      privateKey: privateKey.export({ type: 'pkcs1', format: 'pem' }).toString(),
    }
  }
  const { privateKey, publicKey } = await generate('ed25519')
  return { ...publicKeyOf(publicKey), privateKey: opensshPrivateKey(privateKey, publicKey) }
}

/** OpenSSH's own form (PROTOCOL.key), without a passphrase: the only one that its tools take for ED25519. */
function opensshPrivateKey(privateKey: KeyObject, publicKey: KeyObject): string {
  const open = rawEd25519(publicKey)
  // PKCS#8 of ED25519 ends with the 32 bytes of the seed (RFC 8410 §7).
  const seed = privateKey.export({ type: 'pkcs8', format: 'der' }).subarray(-32)
  const check = randomBytes(4)
  const inside = Buffer.concat([
    check,
    check,
    sshString('ssh-ed25519'),
    sshString(open),
    sshString(Buffer.concat([seed, open])),
    sshString(''),
  ])
  const padding = Buffer.from(Array.from({ length: (8 - (inside.length % 8)) % 8 }, (_, index) => index + 1))
  const bytes = Buffer.concat([
    Buffer.from('openssh-key-v1\0', 'latin1'),
    ...[sshString('none'), sshString('none'), sshString('')],
    sshUint32(1),
    sshString(Buffer.concat([sshString('ssh-ed25519'), sshString(open)])),
    sshString(Buffer.concat([inside, padding])),
  ])
  const lines = bytes.toString('base64').match(/.{1,70}/g) ?? []
  return `-----BEGIN OPENSSH PRIVATE KEY-----\n${lines.join('\n')}\n-----END OPENSSH PRIVATE KEY-----\n`
}
