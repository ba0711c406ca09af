/** The lab's two hosts: what is baked into their disk and their snapshots. */
export interface LabHostName {
  readonly name: string
  /** On the bridge xenbr0, which joins both hosts' guests; a /24. */
  readonly address: string
  readonly mac: string
}

export const HOSTS = [
  { name: 'hv1', address: '192.168.77.11', mac: '52:54:00:77:00:11' },
  { name: 'hv2', address: '192.168.77.12', mac: '52:54:00:77:00:12' },
] as const satisfies readonly LabHostName[]

/** The bridge that a network record names; its addresses from .32 upwards are free for guests. */
export const BRIDGE = 'xenbr0'
export const NETWORK = '192.168.77.0/24'
