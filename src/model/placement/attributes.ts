/**
 * What expressions may ask of a host, by OpenNebula's names and in its units: CPU in hundredths of a core, memory in KB, disk in MB
 *. What stands in no line here is a label of the host's; a label never hides a line.
 */
import type { Size } from '../machine'
import { priceAt } from '../providers/offers'
import type { HostView } from './demand'
import type { Value } from './expressions'
import { isMachineList } from './expressions/names'

const KIB = 1024
const HYPERVISORS: Readonly<Record<string, string>> = { xl: 'xen', virsh: 'kvm' }

interface Attribute {
  readonly means: string
  /** It changes with each placement, or with each look at the host; absent: only by an operator's order. */
  readonly changes?: 'with placements' | 'with looks'
  /** `size`: of the machine that asks, where that matters. */
  readonly of: (host: HostView, size?: Size) => Value
}

const measured = (host: HostView) => host.traits?.measured ?? null

export const ATTRIBUTES: Readonly<Record<string, Attribute>> = {
  ID: { means: 'id of the host', of: ({ id }) => id },
  NAME: { means: 'name of the host', of: ({ name }) => name },
  CLUSTER: { means: 'its availability zone', of: ({ zone }) => zone },
  CLUSTER_ID: { means: 'its availability zone', of: ({ zone }) => zone },
  ZONE: { means: 'its availability zone', of: ({ zone }) => zone },
  HYPERVISOR: {
    means: 'xen, kvm, or the name of its driver',
    of: ({ traits }) => traits && (HYPERVISORS[traits.driver] ?? traits.driver),
  },
  TOTAL_CPU: { means: 'cores that it has, in hundredths', of: ({ traits }) => traits?.total.cpuHundredths },
  TOTAL_MEM: { means: 'memory that it has', of: ({ traits }) => traits && traits.total.memoryMiB * KIB },
  MAX_CPU: { means: 'cores that may be given away, in hundredths', of: ({ usable }) => usable.cpuHundredths },
  MAX_MEM: { means: 'memory that may be given away', of: ({ usable }) => usable.memoryMiB * KIB },
  MAX_DISK: { means: 'disk that may be given away', of: ({ usable }) => usable.diskGiB * KIB },
  RESERVED_CPU: {
    means: 'cores kept back, in hundredths; less than nothing: so much more is given away than there is',
    of: ({ traits }) => traits && traits.total.cpuHundredths - (traits.most ?? traits.total).cpuHundredths,
  },
  RESERVED_MEM: {
    means: 'memory kept back; less than nothing: so much more is given away than there is',
    of: ({ traits }) => traits && (traits.total.memoryMiB - (traits.most ?? traits.total).memoryMiB) * KIB,
  },
  CPU_USAGE: {
    means: 'cores that its machines asked for, in hundredths',
    changes: 'with placements',
    of: ({ usable, free }) => usable.cpuHundredths - free.cpuHundredths,
  },
  MEM_USAGE: {
    means: 'memory that its machines asked for',
    changes: 'with placements',
    of: ({ usable, free }) => (usable.memoryMiB - free.memoryMiB) * KIB,
  },
  DISK_USAGE: {
    means: 'disk that its machines and volumes asked for',
    changes: 'with placements',
    of: ({ usable, free }) => (usable.diskGiB - free.diskGiB) * KIB,
  },
  USED_CPU: {
    means: 'cores in use, as measured, in hundredths',
    changes: 'with looks',
    of: (host) => measured(host)?.cpuHundredths ?? undefined,
  },
  FREE_CPU: {
    means: 'cores not in use, as measured, in hundredths',
    changes: 'with looks',
    of: (host) => {
      const used = measured(host)?.cpuHundredths ?? null
      return used === null || !host.traits ? undefined : Math.max(0, host.traits.total.cpuHundredths - used)
    },
  },
  USED_MEMORY: {
    means: 'memory in use, as measured',
    changes: 'with looks',
    of: (host) => {
      const free = measured(host)?.freeMemoryMiB ?? null
      return free === null || !host.traits ? undefined : Math.max(0, host.traits.total.memoryMiB - free) * KIB
    },
  },
  FREE_MEMORY: {
    means: 'memory not in use, as measured',
    changes: 'with looks',
    of: (host) => {
      const free = measured(host)?.freeMemoryMiB ?? null
      return free === null ? undefined : free * KIB
    },
  },
  RUNNING_VMS: {
    means: 'machines that hold a place there, running or not',
    changes: 'with placements',
    of: ({ machines }) => machines,
  },
  PRIORITY: {
    means: "the operator's number: its label PRIORITY, else 0, and -1 at a provider",
    of: (host) => labelOf(host, 'PRIORITY') ?? (host.provider ? -1 : 0),
  },
  PUBLIC_CLOUD: {
    means: 'YES at a provider; elsewhere the label of that name',
    of: (host) => (host.provider ? 'YES' : labelOf(host, 'PUBLIC_CLOUD')),
  },
  COST: {
    means:
      'what an hour costs: at a provider the cheapest type that the machine fits, elsewhere the label of that name',
    of: (host, size) => (host.provider ? priceAt(host.provider, size) : labelOf(host, 'COST')),
  },
  LATENCY: {
    means: 'ms to there, as the operator said of a provider; elsewhere the label of that name',
    of: (host) => (host.provider ? (host.provider.latencyMs ?? undefined) : labelOf(host, 'LATENCY')),
  },
}

/** The value of an attribute; of the list of machines, those of the asker's own project. */
export function attributeOf(host: HostView, name: string, project: string | null, size?: Size): Value {
  if (isMachineList(name))
    return (host.traits?.instances ?? []).filter((one) => one.project === project).map((one) => one.name)
  const attribute = Object.hasOwn(ATTRIBUTES, name) ? ATTRIBUTES[name] : undefined
  return attribute ? attribute.of(host, size) : labelOf(host, name)
}

/** Whether a placement on the host may change it. */
export const isMoving = (name: string): boolean =>
  isMachineList(name) || (Object.hasOwn(ATTRIBUTES, name) && ATTRIBUTES[name]?.changes === 'with placements')

/** Whether it is known by measuring only. */
export const isMeasured = (name: string): boolean =>
  Object.hasOwn(ATTRIBUTES, name) && ATTRIBUTES[name]?.changes === 'with looks'

/** Whether it stays as it is until an operator changes it. */
export const isLasting = (name: string): boolean =>
  !isMachineList(name) && !(Object.hasOwn(ATTRIBUTES, name) && ATTRIBUTES[name]?.changes !== undefined)

/** Labels are found in any case. A text that a number prints as is that number: comparisons take it for either. */
export function labelOf({ traits }: Pick<HostView, 'traits'>, name: string): string | number | undefined {
  const labels = traits?.labels
  if (!labels) return undefined
  const key = Object.hasOwn(labels, name) ? name : inAnyCase(labels, name)
  const text = key === undefined ? undefined : labels[key]
  return text !== undefined && String(Number(text)) === text ? Number(text) : text
}

function inAnyCase(labels: Readonly<Record<string, string>>, name: string): string | undefined {
  for (const key in labels) if (key.toUpperCase() === name) return key
  return undefined
}
