/** Files as images are made of, small: headers that are true, contents that are not. */

/** A qcow2 header of version 3 (QEMU, docs/interop/qcow2.rst). */
export function qcow2(
  parts: {
    readonly version?: number
    readonly backing?: number
    readonly crypt?: number
    readonly features?: bigint
    readonly sizeBytes?: bigint
    readonly extensions?: readonly (readonly [type: number, text: string])[]
  } = {},
): Buffer {
  const head = Buffer.alloc(4096)
  head.write('QFI\xfb', 'latin1')
  const version = parts.version ?? 3
  head.writeUInt32BE(version, 4)
  head.writeBigUInt64BE(BigInt(parts.backing ?? 0), 8)
  head.writeUInt32BE(16, 20)
  head.writeBigUInt64BE(parts.sizeBytes ?? 3n * 1024n ** 3n, 24)
  head.writeUInt32BE(parts.crypt ?? 0, 32)
  if (version === 3) {
    head.writeBigUInt64BE(parts.features ?? 0n, 72)
    head.writeUInt32BE(104, 100)
  }
  let at = version === 3 ? 104 : 72
  for (const [type, text] of parts.extensions ?? []) {
    head.writeUInt32BE(type, at)
    head.writeUInt32BE(text.length, at + 4)
    head.write(text, at + 8)
    at += 8 + Math.ceil(text.length / 8) * 8
  }
  return head
}

/** Linux x86 boot protocol: the two magics of a bzImage. */
export function bzImage(): Buffer {
  const file = Buffer.alloc(2048, 7)
  file.writeUInt16LE(0xaa55, 0x1fe)
  file.write('HdrS', 0x202)
  return file
}

export const initramfs = (): Buffer => Buffer.concat([Buffer.from('1f8b0800', 'hex'), Buffer.alloc(500, 3)])

/** Its bytes are its own: `n` tells it from others. */
export const rawDisk = (bytes = 5000, n = 1): Buffer => Buffer.alloc(bytes, `disk ${n} `)
