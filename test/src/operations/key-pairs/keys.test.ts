/** Keys against OpenSSH's and OpenSSL's own opinion of them. */
import { execFileSync } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { Fault } from '../../../../src/faults'
import { makeKey } from '../../../../src/operations/key-pairs/make-key'
import { opensshLine, readPublicKey } from '../../../../src/operations/key-pairs/public-key'

// Made with ssh-keygen; fingerprints by ssh-keygen -l and by EC2's documented openssl lines.
const ED25519 = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAICkqSP1zYcGt9CdIRVuqVMkr2uTCBmBK3fvVQHZyYKNq'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'keys-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const has = (tool: string, ...words: string[]): boolean => {
  try {
    execFileSync(tool, words, { stdio: 'ignore' })
    return true
  } catch (thrown) {
    return !(thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT')
  }
}
/** Where OpenSSH or OpenSSL is not on the machine, their opinion cannot be had; all else is tested without them. */
const withTools = has('ssh-keygen', '-?') && has('openssl', 'version') ? test : test.skip

const file = (name: string, text: string): string => {
  const path = join(folder, name)
  writeFileSync(path, text, { mode: 0o600 })
  return path
}

describe('making', () => {
  withTools('an RSA key: PEM that OpenSSH reads, with the fingerprint of its private key', async () => {
    const key = await makeKey('rsa')
    const path = file('rsa', key.privateKey)
    expect(key.privateKey).toMatch(/^-----BEGIN RSA PRIVATE KEY-----\n/)
    expect(execFileSync('ssh-keygen', ['-y', '-f', path], { encoding: 'utf8' }).trim()).toBe(key.publicKey)
    const der = execFileSync('openssl', ['pkcs8', '-in', path, '-outform', 'DER', '-topk8', '-nocrypt'])
    const sha1 = execFileSync('openssl', ['sha1', '-c'], { input: der, encoding: 'utf8' }).trim().split('= ')[1]
    expect(key.fingerprint).toBe(sha1)
  })

  withTools('an ED25519 key: in OpenSSH form, with its SHA-256', async () => {
    const key = await makeKey('ed25519')
    const path = file('ed', key.privateKey)
    expect(execFileSync('ssh-keygen', ['-y', '-f', path], { encoding: 'utf8' }).trim()).toBe(key.publicKey)
    const said = execFileSync('ssh-keygen', ['-l', '-f', path], { encoding: 'utf8' })
    expect(`SHA256:${key.fingerprint.replace(/=+$/, '')}`).toBe(said.split(' ')[1])
  })

  test('two keys are two', async () => {
    const [one, other] = await Promise.all([makeKey('ed25519'), makeKey('ed25519')])
    expect(one.privateKey).not.toBe(other.privateKey)
    expect(one.publicKey).not.toBe(other.publicKey)
    expect(readPublicKey(Buffer.from(one.publicKey))).toEqual({
      type: 'ed25519',
      publicKey: one.publicKey,
      fingerprint: one.fingerprint,
    })
  })
})

describe('reading', () => {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey
  const line = opensshLine(rsa)
  const spki = rsa.export({ type: 'spki', format: 'der' })
  const rfc4716 = (base64: string) =>
    `---- BEGIN SSH2 PUBLIC KEY ----\nComment: "made by \\\nann: yes"\n${base64.replace(/(.{70})/g, '$1\n')}\n---- END SSH2 PUBLIC KEY ----\n`

  test.each<[string, string | Buffer]>([
    ['an OpenSSH line', line],
    ['with a comment and a newline', `${line} ann@home  \n`],
    ['RFC 4716', rfc4716(line.split(' ')[1] ?? '')],
    ['X.509 DER', spki],
    ['base64 of X.509 DER', spki.toString('base64')],
    ['base64 in lines', spki.toString('base64').replace(/(.{64})/g, '$1\r\n')],
    ['X.509 PEM', rsa.export({ type: 'spki', format: 'pem' })],
    ['PKCS#1 PEM', rsa.export({ type: 'pkcs1', format: 'pem' })],
    ['PKCS#1 DER', rsa.export({ type: 'pkcs1', format: 'der' })],
  ])('RSA as %s', (_form, material) => {
    expect(readPublicKey(Buffer.from(material as string))).toMatchObject({ type: 'rsa', publicKey: line })
  })

  withTools('the fingerprint of an RSA key that was brought is the MD5 of its public half', () => {
    const path = file('brought.pub', line)
    const pem = execFileSync('ssh-keygen', ['-e', '-f', path, '-m', 'PEM'])
    const der = execFileSync('openssl', ['rsa', '-RSAPublicKey_in', '-outform', 'DER'], {
      input: pem,
      stdio: ['pipe', 'pipe', 'ignore'],
    })
    const md5 = execFileSync('openssl', ['md5', '-c'], { input: der, encoding: 'utf8' }).trim().split('= ')[1]
    expect(readPublicKey(Buffer.from(line)).fingerprint).toBe(md5)
  })

  test('an ED25519 line', () => {
    expect(readPublicKey(Buffer.from(`${ED25519} c`))).toEqual({
      type: 'ed25519',
      publicKey: ED25519,
      fingerprint: expect.stringMatching(/^[A-Za-z0-9+/]{43}=$/),
    })
  })

  const blob = Buffer.from(ED25519.split(' ')[1] ?? '', 'base64')
  test.each<[string, string | Buffer]>([
    ['nothing', ''],
    ['words', 'my key'],
    ['the private half', generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' })],
    ['a key of another name', ED25519.replace('ssh-ed25519', 'ssh-rsa')],
    ['a cut one', `ssh-ed25519 ${blob.subarray(0, 40).toString('base64')}`],
    ['one with bytes behind it', `ssh-ed25519 ${Buffer.concat([blob, Buffer.alloc(8)]).toString('base64')}`],
    [
      'an elliptic curve',
      generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ type: 'spki', format: 'pem' }),
    ],
    ['DSA', 'ssh-dss AAAAB3NzaC1kc3MAAAAA'],
    ['RSA of 768 bits', opensshLine(generateKeyPairSync('rsa', { modulusLength: 768 }).publicKey)],
    ['RSA of 3072 bits', opensshLine(generateKeyPairSync('rsa', { modulusLength: 3072 }).publicKey)],
    ['too much', Buffer.alloc(20_000, 'A')],
    ['two lines', `${ED25519}\n${ED25519}`],
  ])('refused: %s', (_what, material) => {
    const read = () => readPublicKey(Buffer.from(material as string))
    expect(read).toThrow(Fault)
    expect(read).toThrow(expect.objectContaining({ kind: 'invalid', detail: { field: 'publicKey' } }))
  })

  test('whatever is sent is read or refused', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array)),
      fc.tuple(fc.nat(blob.length - 1), fc.nat(255)).map(([at, byte]) => {
        const changed = Buffer.from(blob)
        changed[at] = byte
        return Buffer.from(`ssh-ed25519 ${changed.toString('base64')}`)
      }),
      fc.tuple(fc.nat(spki.length - 1), fc.nat(255)).map(([at, byte]) => {
        const changed = Buffer.from(spki)
        changed[at] = byte
        return changed
      }),
    )
    fc.assert(
      fc.property(bytes, (material) => {
        try {
          expect(readPublicKey(material).publicKey).toMatch(/^ssh-(rsa|ed25519) [A-Za-z0-9+/]+={0,2}$/)
        } catch (thrown) {
          expect(thrown).toMatchObject({ kind: 'invalid' })
        }
      }),
      { numRuns: 300 },
    )
  })
})
