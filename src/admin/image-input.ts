/** What orders for images look like in JSON, for operators and tenants alike. */
import { z } from 'zod'
import { BOOT_MODES } from '../model/images'
import type { ImageOrder, NewFile } from '../operations/images/operations'
import { text } from './input'

const digest = z
  .string('hex digits')
  .regex(/^(?:[0-9a-fA-F]{64}|[0-9a-fA-F]{128})$/, '64 (SHA-256) or 128 (SHA-512) hex digits')
const upload = z.strictObject({ bytes: z.int('a whole number').min(1, 'at least 1'), digest: digest.exactOptional() })
const address = z.string('an address').min(1).max(2048, 'at most 2048 characters')
const fetched = z.strictObject({
  url: address,
  digest: digest.exactOptional(),
  checksums: z.strictObject({ url: address, algorithm: z.enum(['sha256', 'sha512']) }).exactOptional(),
})
const file = z.union([upload, fetched], 'an object with bytes, or with url')

const shape = z.strictObject({
  name: text,
  title: text.exactOptional(),
  description: z.string('a text').max(255, 'at most 255 characters').exactOptional(),
  sizeGiB: z.int('a whole number').exactOptional(),
  rootDevice: text.exactOptional(),
  architecture: z.enum(['x86_64', 'arm64'], 'x86_64 or arm64').exactOptional(),
  mode: z.enum(BOOT_MODES, BOOT_MODES.join(', ')).exactOptional(),
  cmdline: z.string('a text').exactOptional(),
  parts: z.strictObject({ disk: file.exactOptional(), kernel: file.exactOptional(), initramfs: file.exactOptional() }),
})

const digestOf = (hex: string) => ({ algorithm: hex.length === 64 ? 'sha256' : 'sha512', hex }) as const

const newFile = (given: z.output<typeof file>): NewFile => {
  const known = given.digest === undefined ? {} : { digest: digestOf(given.digest) }
  return 'bytes' in given
    ? { from: 'upload', bytes: given.bytes, ...known }
    : { from: 'url', url: given.url, ...known, ...(given.checksums ? { checksums: given.checksums } : {}) }
}

/** With the order that it says. */
export const imageOrder = shape.transform(({ parts, mode, cmdline, ...rest }): ImageOrder => {
  const files = Object.entries(parts).flatMap(([part, given]) => (given ? [[part, newFile(given)] as const] : []))
  const boots = mode !== undefined || cmdline !== undefined || parts.kernel !== undefined
  return {
    ...rest,
    ...(boots ? { boot: { mode: mode ?? (parts.kernel ? 'pvh' : 'hvm'), cmdline: cmdline ?? null } } : {}),
    parts: Object.fromEntries(files),
  }
})
