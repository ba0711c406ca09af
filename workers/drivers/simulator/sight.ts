/** What is seen of a simulated host: sightings, listing, capacity in use. Pure. */

import type { ForeignMachine } from '../../../src/model/adoption'
import type { DomainState, HostCapacity, MachineSighting } from '../../../src/model/machine'
import type { HostListing, HostProbe } from '../driver'
import { publicsOf } from './deeds/deed'
import type { Disk, HostState, Resource, Work } from './state'
import { usage } from './use'
import { watchSighting } from './watch'

export const VERSION = 'simulator 1'

/** How far detached work is, 0 to 99: what is through is no work any more. */
export const percentOf = (work: Work, now: number): number =>
  work.endsAt === null || work.endsAt <= work.startedAt
    ? 0
    : Math.max(0, Math.min(99, Math.floor((100 * (now - work.startedAt)) / (work.endsAt - work.startedAt))))

/** When to look again at detached work, ms. */
export const lookAgainIn = (work: Work, now: number): number =>
  work.endsAt === null ? 1_000 : Math.max(20, Math.min(1_000, work.endsAt - now))

/** The machine on this host that a disk hangs on. */
export const holderOf = (all: Iterable<Resource>, disk: string): string | null => {
  for (const { name, machine } of all) if (machine?.definition.disks.some((one) => one.name === disk)) return name
  return null
}

export function findDisk(all: Iterable<Resource>, name: string): Disk | undefined {
  for (const { disks } of all) for (const disk of disks) if (disk.name === name) return disk
  return undefined
}

/** Everything that the host has of one resource: its own disks and the volumes that hang on it. */
export function sighting(
  name: string,
  resource: Resource | undefined,
  all: readonly Resource[],
  now: number,
): MachineSighting {
  const machine = resource?.machine ?? null
  const attached = machine?.definition.disks.map((disk) => disk.name) ?? []
  const own = resource?.disks ?? []
  const others = attached.filter((disk) => !own.some((one) => one.name === disk))
  const disks = [...own, ...others.flatMap((disk) => findDisk(all, disk) ?? [])]
  const domain: DomainState = machine?.domain ?? (disks.length > 0 ? 'off' : 'absent')
  const work = resource?.work ?? null
  const publics = publicsOf(resource)
  return {
    name,
    id: machine?.definition.id ?? null,
    domain,
    disks: disks.map((disk) => ({
      name: disk.name,
      sizeGiB: disk.sizeGiB,
      attached: attached.includes(disk.name) || holderOf(all, disk.name) !== null,
    })),
    interfaces: machine?.definition.interfaces.map((one) => one.mac) ?? [],
    ...(publics.length > 0 ? { publics } : {}),
    work: work && { key: work.key, what: work.order.verb, percent: percentOf(work, now) },
    startedAt: machine?.startedAt ?? null,
    ...runningOf(machine),
    ...(machine ? { restartable: machine.restartable ?? false } : {}),
    ...(machine?.endedByWatch ? { endedByWatch: true } : {}),
  }
}

const runningOf = (machine: Resource['machine']): Pick<MachineSighting, 'running'> => {
  if (machine?.domain !== 'running' && machine?.domain !== 'paused') return {}
  const { cores, memoryMiB } = machine.definition.size
  return { running: { cores, memoryMiB } }
}

export const probe = (host: HostState): HostProbe => ({
  capacity: host.capacity,
  capabilities: { lacks: host.lacks },
  boot: host.boot,
  version: VERSION,
})

/** A volume's or network's own resource holds nothing but the disk of its name: it is no machine. */
const isMachine = (resource: Resource): boolean =>
  resource.machine !== null ||
  resource.disks.some((disk) => disk.name !== resource.name) ||
  (resource.work !== null &&
    resource.work.order.verb === 'disk.ensure' &&
    resource.work.order.args.name !== resource.name)

/** Foreign domains but for those that were taken over: of them only the machine is told. */
const notOurs = ({ foreign }: HostState, all: readonly Resource[]): HostState['foreign'] =>
  foreign.filter(({ machine }) => !machine || !all.some((one) => one.machine?.definition.id === machine.uuid))

/** What is told of a foreign domain to who wants to take it over; undefined: there is none, or it says nothing. */
export function foreignMachine(host: HostState, all: readonly Resource[], name: string): ForeignMachine | undefined {
  const found = notOurs(host, all).find((domain) => domain.name === name)
  return found?.machine && { name: found.name, size: found.size, ...found.machine }
}

/** One look at all machines of a site; those with another site's mark are counted as foreign. `site` null: all are ours. */
export function listing(host: HostState, all: readonly Resource[], site: string | null, now: number): HostListing {
  const ours = (resource: Resource): boolean =>
    site === null || resource.machine === null || resource.machine.definition.site === site
  const machines = all.filter(isMachine)
  return {
    ...probe(host),
    watch: watchSighting(host, now),
    usage: usage(host, machines, { ours, takenMiB: used(host, all).memoryMiB, now }),
    machines: machines.filter(ours).map((resource) => sighting(resource.name, resource, all, now)),
    volumes: all.flatMap(({ disks }) => disks.flatMap(({ name }) => (name.startsWith('vol-') ? [name] : []))),
    foreign: [
      ...notOurs(host, all).map(({ machine: _machine, ...domain }) => domain),
      ...machines.flatMap((resource) =>
        ours(resource) || !resource.machine ? [] : [{ name: resource.name, size: resource.machine.definition.size }],
      ),
    ],
  }
}

/**
 * What is taken of the host: CPU and memory of every domain that runs, paused or crashed ones too, and of every foreign one, GiB of every
 * disk, also of one being copied. What is off takes nothing, as on a real host: that its owner may start it again is placement's to know.
 */
export function used(host: HostState, all: Iterable<Resource>): HostCapacity {
  let cpuHundredths = 0
  let memoryMiB = 0
  let diskGiB = 0
  for (const { size } of notOurs(host, [...all])) {
    cpuHundredths += size.cpuHundredths
    memoryMiB += size.memoryMiB
    diskGiB += size.diskGiB
  }
  for (const { machine, disks, snapshots, work } of all) {
    if (machine !== null && machine.domain !== 'saved' && machine.domain !== 'off') {
      cpuHundredths += machine.definition.size.cpuHundredths
      memoryMiB += machine.definition.size.memoryMiB
    }
    for (const disk of [...disks, ...snapshots]) diskGiB += disk.sizeGiB
    if (work?.order.verb === 'disk.ensure') diskGiB += work.order.args.sizeGiB
  }
  return { cpuHundredths, memoryMiB, diskGiB }
}
