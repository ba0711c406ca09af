/** `xl block-list`, `xl network-list`. */
import { linesOf, notAnAnswer } from './answer'

export interface BlockDevice {
  /** As config/device.ts numbers it. */
  readonly vdev: number
  /** XenBus state: 4 is connected. */
  readonly state: number
  /** `vbd` (a block device of the kernel) or `qdisk` (qemu). */
  readonly backend: string
}

/** A title or an entry; with or without the title. */
export function parseBlockList(text: string): readonly BlockDevice[] {
  return linesOf(text).flatMap((line) => {
    if (line.startsWith('Vdev ')) return []
    const [, vdev, state, backend] =
      /^(\d+)\s+\d+\s+\d+\s+(-?\d+)\s+-?\d+\s+-?\d+\s+\S*\/backend\/([a-z0-9]+)\//.exec(line) ?? []
    if (!vdev || !backend) throw notAnAnswer('a block device', line)
    return [{ vdev: Number(vdev), state: Number(state), backend }]
  })
}

export interface NetworkDevice {
  readonly index: number
  readonly mac: string
  readonly state: number
}

export function parseNetworkList(text: string): readonly NetworkDevice[] {
  return linesOf(text).flatMap((line) => {
    if (line.startsWith('Idx ')) return []
    const [, index, mac, state] = /^(\d+)\s+\d+\s+((?:[0-9a-f]{2}:){5}[0-9a-f]{2})\s+\d+\s+(-?\d+)\s/i.exec(line) ?? []
    if (!index || !mac) throw notAnAnswer('an interface', line)
    return [{ index: Number(index), mac: mac.toLowerCase(), state: Number(state) }]
  })
}
