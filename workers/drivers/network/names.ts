/**
 * What a network is called on a host. A network device of Linux has at most 15 characters (IFNAMSIZ), so the operator's bridge
 * is in our names as a digest. The same wire has the same names, whichever network or site it is for.
 */
import { createHash } from 'node:crypto'
import type { NetworkOrder } from '../driver'

type Wire = Pick<NetworkOrder, 'bridge' | 'vlan'>

const DIGITS = 6

const own = (prefix: string, bridge: string, vlan: number): string =>
  `${prefix}${vlan}-${createHash('sha256').update(bridge).digest('hex').slice(0, DIGITS)}`

/** The bridge that machines are connected to: the operator's, or for a VLAN ours. */
export const bridgeOf = ({ bridge, vlan }: Wire): string => (vlan === null ? bridge : own('og', bridge, vlan))

/** The VLAN device that carries it; none for an untagged one. */
export const deviceOf = ({ bridge, vlan }: Wire): string => (vlan === null ? 'none' : own('ov', bridge, vlan))
