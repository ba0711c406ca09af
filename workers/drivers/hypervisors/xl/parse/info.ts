/** `xl info`: what the hypervisor is and has. */
import { linesOf, notAnAnswer, whole } from './answer'

export interface XenInfo {
  readonly host: string
  readonly cpus: number
  readonly totalMiB: number
  readonly freeMiB: number
  /** `pv`, `hvm`, `hap` …: what guests the hardware allows (virt_caps). */
  readonly virtCaps: readonly string[]
  /** `xen-3.0-x86_64`, `hvm-3.0-x86_64` … */
  readonly xenCaps: readonly string[]
  readonly version: string
  readonly scheduler: string
}

export function parseInfo(text: string): XenInfo {
  const facts = new Map(
    linesOf(text).map((line) => {
      const [, key, value] = /^([a-z_]+)\s*: ?(.*)$/.exec(line) ?? []
      if (key === undefined || value === undefined) throw notAnAnswer('xl info', line)
      return [key, value.trim()]
    }),
  )
  const words = (key: string): string[] => (facts.get(key) ?? '').split(' ').filter((word) => word !== '')
  return {
    host: facts.get('host') ?? '',
    cpus: whole(facts.get('nr_cpus'), 'the number of CPUs'),
    totalMiB: whole(facts.get('total_memory'), 'the memory'),
    freeMiB: whole(facts.get('free_memory'), 'the free memory'),
    virtCaps: words('virt_caps'),
    xenCaps: words('xen_caps'),
    version: facts.get('xen_version') ?? '',
    scheduler: facts.get('xen_scheduler') ?? '',
  }
}
