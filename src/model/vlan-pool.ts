/** The VLANs that an operator gives away to projects' networks: `br0:2000-2999`, or several of that with commas between. */

export interface VlanRange {
  /** Of every host; its uplink carries these VLANs. */
  readonly bridge: string
  /** 802.1Q, 1..4094, both included. */
  readonly first: number
  readonly last: number
}
export type VlanPool = readonly VlanRange[]

/** What each simulated site has. */
export const SIMULATED_POOL: VlanPool = [{ bridge: 'br0', first: 2000, last: 2999 }]

const RANGE = /^([A-Za-z][A-Za-z0-9_.-]{0,14}):(\d{1,4})-(\d{1,4})$/
/** 802.1Q: 0 and 4095 have meanings of their own. */
export const LAST_VLAN = 4094

/** Undefined for what is none, and for ranges of one bridge that overlap: one VLAN would be given twice. */
export function parseVlanPool(text: string): VlanPool | undefined {
  const ranges = text.split(',').map((one) => {
    const [, bridge = '', first, last] = RANGE.exec(one.trim()) ?? []
    return { bridge, first: Number(first), last: Number(last) }
  })
  const isGood = ({ bridge, first, last }: VlanRange): boolean =>
    bridge !== '' && first >= 1 && first <= last && last <= LAST_VLAN
  const overlaps = ranges.some((a, at) =>
    ranges.some((b, other) => other > at && a.bridge === b.bridge && a.first <= b.last && b.first <= a.last),
  )
  return ranges.every(isGood) && !overlaps ? ranges : undefined
}

/** The inverse of parseVlanPool. */
export const formatVlanPool = (pool: VlanPool): string =>
  pool.map(({ bridge, first, last }) => `${bridge}:${first}-${last}`).join(',')

/** A bridge and a VLAN on it: what keeps networks apart. */
export interface Wire {
  readonly bridge: string
  readonly vlan: number
}

export const poolSize = (pool: VlanPool): number => pool.reduce((sum, { first, last }) => sum + last - first + 1, 0)

/** The n-th wire of a pool that is not empty; numbers beyond the last start again at the first. */
export function wireAt(pool: VlanPool, index: number): Wire | undefined {
  let left = index % Math.max(1, poolSize(pool))
  for (const { bridge, first, last } of pool) {
    const count = last - first + 1
    if (left < count) return { bridge, vlan: first + left }
    left -= count
  }
  return undefined
}

/** Whether these wires are the pool's to give. */
export const isPooled = (
  pool: VlanPool,
  { bridge, vlan }: { readonly bridge: string; readonly vlan: number },
): boolean => pool.some((range) => range.bridge === bridge && range.first <= vlan && vlan <= range.last)
