/** Vendors' files of checksums: `SHA256SUMS`, `CHECKSUM`, `….sha512`. Pure. */
import { fault } from '../faults'
import type { Digest } from '../model/image-records'

const LENGTH = { sha256: 64, sha512: 128 } as const

/**
 * The digest of a file by its name, in GNU's form (`<hex>  name`, `<hex> *name`), BSD's (`SHA256 (name) = <hex>`), or the only
 * one of a file that holds nothing else. Faults: 'invalid' when there is none.
 */
export function digestIn(text: string, name: string, algorithm: Digest['algorithm']): Digest {
  const digits = LENGTH[algorithm]
  const lines = text.split(/\r?\n/).map((line) => line.trim())
  const found = lines.map((line) => named(line, digits)).find((one) => one?.name === name)
  const alone = lines.filter((line) => line !== '')
  const only = alone.length === 1 && alone[0] !== undefined && isHex(alone[0], digits) ? alone[0] : undefined
  const hex = found?.hex ?? only
  if (hex === undefined) throw fault('invalid', `the vendor's checksums have no ${algorithm} of ${name}`)
  return { algorithm, hex: hex.toLowerCase() }
}

const isHex = (text: string, digits: number): boolean => text.length === digits && /^[0-9a-f]+$/i.test(text)

function named(line: string, digits: number): { readonly name: string; readonly hex: string } | undefined {
  const gnu = /^([0-9a-f]+) [ *](?:\.\/)?(\S+)$/i.exec(line)
  const bsd = /^SHA\d+ ?\((\S+)\) ?= ?([0-9a-f]+)$/i.exec(line)
  const [hex, name] = gnu ? [gnu[1], gnu[2]] : [bsd?.[2], bsd?.[1]]
  return hex !== undefined && name !== undefined && isHex(hex, digits) ? { hex, name } : undefined
}
