/** IPv4 ranges: which addresses of a network may be leased. Network, broadcast and gateway address are never given. */

const IPV4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/

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
}

/** From a range such as 10.0.0.0/16 and its gateway; undefined when one of them is malformed or the prefix is not 8 to 30. */
export function leasable(cidr: string, gateway: string): Leasable | undefined {
  const [address = '', prefix = ''] = cidr.split('/')
  const bits = /^\d{1,2}$/.test(prefix) ? Number(prefix) : 0
  const start = parseIpv4(address)
  const door = parseIpv4(gateway)
  if (start === undefined || door === undefined || bits < 8 || bits > 30) return undefined
  const size = 2 ** (32 - bits)
  const base = start - (start % size)
  const doorAt = door - base
  const doorInside = doorAt > 0 && doorAt < size - 1
  const count = size - 2 - (doorInside ? 1 : 0)
  return {
    count,
    at: (index) => {
      const offset = (index % count) + 1
      return formatIpv4(base + offset + (doorInside && offset >= doorAt ? 1 : 0))
    },
  }
}
