/** How ECMA-119 (ISO 9660) writes numbers, times and texts. */

/** Bytes of a sector; everything begins on one. */
export const SECTOR = 2048

/** A number in both byte orders, 16 bits each (ECMA-119 7.2.3). */
export function both16(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt16LE(value, 0)
  bytes.writeUInt16BE(value, 2)
  return bytes
}

/** A number in both byte orders, 32 bits each (ECMA-119 7.3.3). */
export function both32(value: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeUInt32LE(value, 0)
  bytes.writeUInt32BE(value, 4)
  return bytes
}

/** A time as directory records have it, in UTC (ECMA-119 9.1.5). */
export const recordTime = (at: Date): Buffer =>
  Buffer.from([
    at.getUTCFullYear() - 1900,
    at.getUTCMonth() + 1,
    at.getUTCDate(),
    at.getUTCHours(),
    at.getUTCMinutes(),
    at.getUTCSeconds(),
    0,
  ])

/** A time as volume descriptors have it, in UTC; null: not specified (ECMA-119 8.4.26.1). */
export const volumeTime = (at: Date | null): Buffer =>
  Buffer.from(`${at === null ? '0'.repeat(16) : at.toISOString().replace(/\D/g, '').slice(0, 16)}\0`, 'latin1')

/** Big-endian UCS-2, in which Joliet writes. */
export const ucs2 = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16()

/** A text of exactly `bytes`, filled with spaces. */
export const padded = (text: string, bytes: number): Buffer => Buffer.from(text.padEnd(bytes).slice(0, bytes), 'latin1')

/** The same in Joliet's way; an odd last byte is zero. */
export function paddedUcs2(text: string, bytes: number): Buffer {
  const field = Buffer.alloc(bytes)
  ucs2(text.padEnd(bytes >> 1).slice(0, bytes >> 1)).copy(field)
  return field
}

/** Filled with zeros to whole sectors, at least one. */
export function sectors(bytes: Buffer): Buffer {
  const length = Math.max(1, Math.ceil(bytes.length / SECTOR)) * SECTOR
  return Buffer.concat([bytes, Buffer.alloc(length - bytes.length)])
}
