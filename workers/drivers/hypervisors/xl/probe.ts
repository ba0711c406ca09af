/** What a Xen host is, has, lacks and uses, from the answers of free_xl_probe and free_xl_list: pure. */
import type { Capabilities, HostCapacity, Size } from '../../../../src/model/machine'
import type { HostListing, HostProbe, HostUsage } from '../../driver'
import { parseWatch } from '../../guard/watch'
import { capacityOf, parseBackends } from '../../transfer/parse'
import { runsHost } from './adopt'
import { NO_HAP } from './move'
import { linesOf, notAnAnswer, type Sections, section, sectionsOf } from './parse/answer'
import type { Domain } from './parse/domains'
import { parseInfo, type XenInfo } from './parse/info'
import { parseXentop, SECTOR_BYTES, type Use } from './parse/xentop'
import { domainOf, type Survey, sightingOf, surveyOf } from './sighting'

/**
 * What Xen takes that is nobody's, MiB: its frame table (0.8 % of all memory), and for each guest that is not pv a pool for its page
 * tables, 4 KiB for each MiB of its most (0.4 %) and 1 MiB for each of its processors (libxl__get_required_paging_memory). Two
 * percent, at least this, and 1 MiB for each processor of the host. host/20-config.sh counts alike.
 */
const XEN_MIB = 64

const facts = (text: string): ReadonlyMap<string, string> =>
  new Map(linesOf(text).map((line) => [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)]))

/** What the host has before anybody uses it; dom0 and foreign domains are told beside it and count against it. */
function capacity(info: XenInfo, diskGiB: number): HostCapacity {
  const xen = Math.max(XEN_MIB, Math.ceil((info.totalMiB * 2) / 100)) + info.cpus
  return { cpuHundredths: info.cpus * 100, memoryMiB: Math.max(0, info.totalMiB - xen), diskGiB }
}

/** Guests that the hardware and this Xen can run. Older versions do not name `pv` among what processors can. */
export const modesOf = ({ virtCaps, xenCaps }: XenInfo): NonNullable<Capabilities['modes']> => {
  const hvm = virtCaps.includes('hvm') && xenCaps.some((cap) => cap.startsWith('hvm-'))
  const pv = virtCaps.length === 0 || virtCaps.includes('pv') || xenCaps.some((cap) => cap.startsWith('xen-'))
  return [...(pv ? (['pv'] as const) : []), ...(hvm ? (['pvh', 'hvm'] as const) : [])]
}

export const NO_ADDRESSES = 'the driver of Xen hosts does not publish addresses yet'

export function capabilitiesOf(info: XenInfo): Capabilities {
  const rules = { verb: 'rules', because: 'the driver of Xen hosts does not filter traffic yet' } as const
  const live = { verb: 'move-live', because: NO_HAP } as const
  const addresses = { verb: 'addresses', because: NO_ADDRESSES } as const
  return { lacks: [rules, addresses, ...(info.virtCaps.includes('hap') ? [] : [live])], modes: modesOf(info) }
}

/**
 * dom0's share: its memory, and the processors that it was given. Where nobody limited them (Xen's default: as many as the host
 * has) it does not take them all; then a quarter of the host is counted for it.
 */
export const sizeOfDom0 = ({ vcpus, memoryMiB }: Domain, { cpus }: XenInfo): Size => ({
  type: '',
  cores: vcpus,
  cpuHundredths: vcpus < cpus ? vcpus * 100 : cpus * 25,
  memoryMiB,
  diskGiB: 0,
})

const sizeOf = ({ vcpus, memoryMiB }: Domain): Size => ({
  type: '',
  cores: vcpus,
  cpuHundredths: vcpus * 100,
  memoryMiB,
  diskGiB: 0,
})

/** Domains that we did not make, dom0 first. One with the uuid of a machine of ours is ours under a passing name (a migration). */
function foreignOf(survey: Survey, info: XenInfo): HostListing['foreign'] {
  const ours = new Set([...survey.folders.values()].map((folder) => folder.facts.get('id')))
  return survey.domains
    .filter((domain) => domain.domid === 0 || domain.uuid === null || !ours.has(domain.uuid))
    .map((domain) => ({
      name: domain.name,
      size: domain.domid === 0 ? sizeOfDom0(domain, info) : sizeOf(domain),
      ...(runsHost(domain, survey.domains) ? { runsHost: true } : {}),
    }))
}

function probeOf(sections: Sections, info: XenInfo): HostProbe {
  const host = facts(section(sections, 'host'))
  const boot = host.get('boot')
  if (!boot) throw notAnAnswer('which boot this is', section(sections, 'host'))
  const backends = parseBackends(section(sections, 'storage'))
  return {
    capacity: capacity(info, capacityOf(backends)),
    capabilities: capabilitiesOf(info),
    boot,
    version: `Xen ${info.version}`,
    backends,
  }
}

/** Fault: unreachable (this is no answer of our deeds). */
export function parseProbe(text: string): HostProbe {
  const sections = sectionsOf(text)
  return probeOf(sections, parseInfo(section(sections, 'info')))
}

function worksOf(text: string): ReadonlyMap<string, { key: string; what: string; percent: number }> {
  return new Map(
    linesOf(text).flatMap((line) => {
      const [resource, percent, key, what] = line.split(' ')
      return resource && key && what ? [[resource, { key, what, percent: Number(percent) }] as const] : []
    }),
  )
}

/** Fault: unreachable (this is no answer of our deeds). `what`: what a deed is called in driver.ts. */
export function parseListing(text: string, what: (deed: string) => string): HostListing {
  const sections = sectionsOf(text)
  const info = parseInfo(section(sections, 'info'))
  const survey = surveyOf(sections)
  const works = worksOf(section(sections, 'works'))
  // A machine is what has a folder, a disk `i-…-…`, or work that makes one; volumes and images are none. So is one on its way here:
  // should nobody bring the rest of it, it is a leftover.
  const names = new Set([
    ...survey.folders.keys(),
    ...survey.disks.flatMap(({ name }) => /^(i-[0-9a-f]+)-/.exec(name)?.[1] ?? []),
    ...[...works.keys()].filter((name) => name.startsWith('i-')),
  ])
  const machines = [...names].sort().map((name) => {
    const work = works.get(name)
    return sightingOf(survey, name, work ? { ...work, what: what(work.what) } : null)
  })
  const volumes = survey.disks.filter(({ name }) => name.startsWith('vol-'))
  const probe = probeOf(sections, info)
  return {
    ...probe,
    machines,
    volumes: volumes.map(({ name }) => name),
    pooled: volumes.flatMap(({ name, pool }) => (pool === undefined ? [] : [name])),
    foreign: foreignOf(survey, info),
    watch: parseWatch(section(sections, 'watch')),
    usage: usageOf(sections, survey, info),
  }
}

function usageOf(sections: Sections, survey: Survey, info: XenInfo): HostUsage {
  const host = facts(section(sections, 'host'))
  const top = section(sections, 'xentop')
  // Without xentop, or a line of it for that domain, only what xl itself tells is known.
  const uses = new Map<string, Use>(top === '' ? [] : parseXentop(top).map((use) => [use.name, use]))
  return {
    load: Number(host.get('load') ?? 0),
    uptimeSeconds: Number(host.get('uptime') ?? 0),
    cpuSeconds: survey.domains.reduce((sum, domain) => sum + domain.cpuSeconds, 0),
    freeMemoryMiB: info.freeMiB,
    machines: [...survey.folders].flatMap(([name, folder]) => {
      const domain = domainOf(survey, name, folder.facts.get('id'))
      if (!domain) return []
      const use = uses.get(name)
      return [
        {
          name,
          cpuSeconds: domain.cpuSeconds,
          memoryMiB: domain.memoryMiB,
          receivedBytes: use ? use.receivedKiB * 1024 : null,
          sentBytes: use ? use.sentKiB * 1024 : null,
          readBytes: use ? use.readSectors * SECTOR_BYTES : null,
          writtenBytes: use ? use.writtenSectors * SECTOR_BYTES : null,
        },
      ]
    }),
  }
}
