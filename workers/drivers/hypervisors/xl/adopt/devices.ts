/** Disks and interfaces of a foreign domain: what of them can go on under a name of ours, and what cannot, by name. Pure. */

import { parseIpv4 } from '../../../../../src/model/addresses'
import type { ForeignDisk, ForeignInterface } from '../../../../../src/model/adoption'
import { MAC } from '../../../../../src/model/mac'
import { PATH, VDEV } from '../config/alphabet'
import { linesOf } from '../parse/answer'
import type { LongDisk, LongNic } from './long'

/** What a path that some domain uses as a disk is on the host. */
export interface HostPath {
  readonly kind: 'file' | 'block' | 'none'
  readonly bytes: number
  /** Of a qcow2 file, as its guest sees it. */
  readonly virtual: number | null
  /** The path without symbolic links: two names of one disk are one. */
  readonly real: string
}

/** `KIND BYTES VIRTUAL REAL PATH` a line, with tabs between them. */
export const parsePaths = (text: string): ReadonlyMap<string, HostPath> =>
  new Map(
    linesOf(text).flatMap((line) => {
      const [kind, bytes, virtual, real, path] = line.split('\t')
      if (!path || !real || (kind !== 'file' && kind !== 'block' && kind !== 'none')) return []
      const seen = virtual === '-' ? null : Number(virtual)
      return [[path, { kind, bytes: Number(bytes), virtual: seen, real }] as const]
    }),
  )

const GIB = 1024 ** 3

/** Whose a disk is beside this domain: a machine of a site, or another domain. */
export type OwnerOf = (real: string) => string | undefined

/** Why a disk cannot go on; undefined: it can. */
function whyNoDisk(disk: LongDisk, there: HostPath | undefined, owner: OwnerOf): string | undefined {
  const { vdev, pdev_path: path = '', format = '' } = disk
  const named = `its disk ${vdev || '?'}`
  if (disk.is_cdrom) return `${named} is a CD drive; eject it and take it off first`
  if (!VDEV.test(vdev)) return `${named} has no name that could be kept`
  if (disk.script) return `${named} is made by the script ${disk.script}`
  if (disk.backend_domid || (disk.backend_domname && disk.backend_domname !== 'Domain-0'))
    return `${named} comes from another domain`
  if (format !== 'raw' && format !== 'qcow2') return `${named} is of the format ${format || '(none)'}`
  if (disk.readwrite !== 1) return `${named} is read-only`
  if (!PATH.test(path)) return `${named} lies at ${JSON.stringify(path)}, which is no path that could be kept`
  if (there === undefined || there.kind === 'none') return `${named} lies at ${path}, where nothing is`
  const other = owner(there.real)
  return other === undefined ? undefined : `${named} (${path}) belongs to ${other} too`
}

export function disksOf(
  disks: readonly LongDisk[],
  paths: ReadonlyMap<string, HostPath>,
  owner: OwnerOf,
): { readonly disks: readonly ForeignDisk[]; readonly obstacles: readonly string[] } {
  const found = disks.map((disk) => {
    const there = paths.get(disk.pdev_path ?? '')
    const why = whyNoDisk(disk, there, owner)
    if (why !== undefined || there === undefined) return { why: why ?? '' }
    const format = disk.format === 'qcow2' ? ('qcow2' as const) : ('raw' as const)
    const bytes = format === 'qcow2' ? (there.virtual ?? there.bytes) : there.bytes
    return { disk: { device: disk.vdev, format, path: disk.pdev_path ?? '', sizeGiB: Math.ceil(bytes / GIB) } }
  })
  return {
    disks: found.flatMap(({ disk }) => (disk ? [disk] : [])),
    obstacles: found.flatMap(({ why }) => (why ? [why] : [])),
  }
}

function whyNoNic(nic: LongNic): string | undefined {
  const named = `its interface ${nic.mac}`
  if (!MAC.test(nic.mac.toLowerCase())) return `${named} has no MAC address that could be kept`
  if (!nic.bridge) return `${named} is on no bridge`
  if (nic.script && !/^(?:.*\/)?vif-bridge$/.test(nic.script)) return `${named} is made by the script ${nic.script}`
  if (nic.backend_domid || (nic.backend_domname && nic.backend_domname !== 'Domain-0'))
    return `${named} comes from another domain`
  if (nic.rate_bytes_per_interval) return `${named} is limited in its rate`
  return nic.model && nic.model !== 'rtl8139' ? `${named} is of the model ${nic.model}` : undefined
}

export const interfacesOf = (
  nics: readonly LongNic[],
): { readonly interfaces: readonly ForeignInterface[]; readonly obstacles: readonly string[] } => ({
  interfaces: nics
    .filter((nic) => whyNoNic(nic) === undefined)
    .map(({ mac, bridge = '', ip = '' }) => ({
      mac: mac.toLowerCase(),
      bridge,
      address: ip.split(/[\s,]+/).find((one) => parseIpv4(one) !== undefined) ?? null,
    })),
  obstacles: nics.flatMap((nic) => whyNoNic(nic) ?? []),
})
