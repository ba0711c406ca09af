/** IPv4 ranges: which addresses of a network may be leased. Network, broadcast and gateway address are never given. */

/** Without leading zeros: one text for each address, for texts are what is leased. */
const IPV4 = /^(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})$/

/** An address as a number; undefined for what is none. */
export function parseIpv4(text: string): number | undefined {
  const parts = IPV4.exec(text)?.slice(1).map(Number)
  if (!parts || parts.some((part) => part > 255)) return undefined
  return parts.reduce((sum, part) => sum * 256 + part, 0)
}

export const formatIpv4 = (address: number): string =>
  [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.')

/** The addresses of a network that may be leased, numbered from 0. */
export interface Leasable {
  readonly count: number
  /** The n-th one; numbers beyond the last start again at the first. */
  at(index: number): string
  /** Whether an address is one of them. */
  has(address: string): boolean
}

/** First and last address that may be leased of a network, both included. */
export interface LeaseRange {
  readonly first: string
  readonly last: string
}

/** What a range such as 10.0.0.0/16 covers, as numbers: its first address and how many. */
export interface Block {
  readonly base: number
  readonly size: number
}

/** Undefined for what is no IPv4 range, or whose prefix is not 8 to 30. Bits behind the prefix are cut off. */
export function parseCidr(cidr: string): Block | undefined {
  const [address = '', prefix = '', ...more] = cidr.split('/')
  const bits = /^\d{1,2}$/.test(prefix) ? Number(prefix) : 0
  const start = parseIpv4(address)
  if (start === undefined || more.length > 0 || bits < 8 || bits > 30) return undefined
  const size = 2 ** (32 - bits)
  return { base: start - (start % size), size }
}

/** Whether a machine may have that address: it is in the range, and neither its network's name nor everybody's. */
export const isHostOf = ({ base, size }: Block, address: number): boolean => address > base && address < base + size - 1

/**
 * From a range such as 10.0.0.0/16, its gateway ('' for none) and the part of it to lease from (all of it when that is not
 * given); undefined when one of them is malformed, outside of the range, or nothing is left to lease.
 */
export function leasable(cidr: string, gateway: string, range?: LeaseRange): Leasable | undefined {
  const block = parseCidr(cidr)
  const door = gateway === '' ? -1 : parseIpv4(gateway)
  const first = range === undefined ? (block?.base ?? 0) + 1 : parseIpv4(range.first)
  const last = range === undefined ? (block?.base ?? 0) + (block?.size ?? 0) - 2 : parseIpv4(range.last)
  if (block === undefined || door === undefined || first === undefined || last === undefined) return undefined
  if (first > last || !isHostOf(block, first) || !isHostOf(block, last)) return undefined
  const doorInside = door >= first && door <= last
  const count = last - first + 1 - (doorInside ? 1 : 0)
  if (count === 0) return undefined
  return {
    count,
    at: (index) => {
      const address = first + (index % count)
      return formatIpv4(address + (doorInside && address >= door ? 1 : 0))
    },
    has: (text) => {
      const address = parseIpv4(text)
      return address !== undefined && address >= first && address <= last && address !== door
    },
  }
}

/** Whether two ranges have an address in common. */
export const rangesOverlap = (a: string, b: string): boolean => {
  const [one, other] = [parseCidr(a), parseCidr(b)]
  return (
    one !== undefined && other !== undefined && one.base < other.base + other.size && other.base < one.base + one.size
  )
}

/** Whether that address is one of those that `leasable` gives. */
export function isLeasable(cidr: string, gateway: string, range: LeaseRange | undefined, address: string): boolean {
  const block = parseCidr(cidr)
  const wanted = parseIpv4(address)
  if (block === undefined || wanted === undefined || formatIpv4(wanted) !== address) return false
  const first = parseIpv4(range?.first ?? '') ?? block.base
  const last = parseIpv4(range?.last ?? '') ?? block.base + block.size
  return isHostOf(block, wanted) && first <= wanted && wanted <= last && address !== gateway
}

/** Ranges of 254 addresses for networks of which nobody says one, RFC 1918, those first that people use least. */
const FREE_RANGES: readonly { readonly from: string; readonly count: number }[] = [
  { from: '192.168.0.0', count: 256 },
  { from: '172.16.0.0', count: 4096 },
]

/** The first of them that overlaps none of these; undefined when all are in use. */
export function freeRange(taken: readonly string[]): string | undefined {
  for (const { from, count } of FREE_RANGES) {
    const base = parseIpv4(from) ?? 0
    for (let index = 0; index < count; index++) {
      const range = `${formatIpv4(base + index * 256)}/24`
      if (!taken.some((other) => rangesOverlap(range, other))) return range
    }
  }
  return undefined
}
