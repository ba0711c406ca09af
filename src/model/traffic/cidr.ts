/** IPv4 ranges of rules, 0.0.0.0/0 to a single address. */
import { formatIpv4, parseIpv4 } from '../addresses'

export interface Range {
  readonly base: number
  readonly size: number
}

/** Undefined for what is no IPv4 range. Bits behind the prefix are cut off, as EC2 does. */
export function parseRange(cidr: string): Range | undefined {
  const [address = '', prefix = '', ...more] = cidr.split('/')
  const start = parseIpv4(address)
  if (start === undefined || more.length > 0 || !/^\d{1,2}$/.test(prefix) || Number(prefix) > 32) return undefined
  const size = 2 ** (32 - Number(prefix))
  return { base: start - (start % size), size }
}

/** The one way in which a range is written; undefined for what is none. */
export function canonicalCidr(cidr: string): string | undefined {
  const range = parseRange(cidr)
  return range && `${formatIpv4(range.base)}/${32 - Math.log2(range.size)}`
}

export const isWithin = (inner: Range, outer: Range): boolean =>
  inner.base >= outer.base && inner.base + inner.size <= outer.base + outer.size
