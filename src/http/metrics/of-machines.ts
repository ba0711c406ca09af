/** Metrics of machines. Those of single machines are bounded: a site may have many, and each is six series. */
import { LIFECYCLE, lifecycle } from '../../model/lifecycle'
import type { MachineUsage } from '../../model/usage'
import type { SiteUsage } from '../../operations/usage/operations'
import { each, type Metric, MIB } from './metric'

/** So many machines are told one by one, the oldest; they stay the same from scrape to scrape. */
export const MOST_MACHINES = 2000

const inUse = ({ machines }: SiteUsage) =>
  machines.flatMap(({ record, project, host, kept }) =>
    kept && record.seen.contact !== 'lost'
      ? [{ name: record.wish.name, project, host: host ?? '', usage: kept.usage }]
      : [],
  )

type Value = (usage: MachineUsage) => number | null

const one = (type: Metric['type'], name: string, help: string, value: Value): Metric => ({
  name: `occi_gateway_machine_${name}`,
  type,
  labels: ['machine', 'project', 'host'],
  help,
  samples: (site) =>
    each(
      inUse(site).slice(0, MOST_MACHINES),
      (machine) => ({ machine: machine.name, project: machine.project, host: machine.host }),
      ({ usage }) => value(usage),
    ),
})

/** How many there are of each pair; a project without machines has none. */
function byState({ machines }: SiteUsage): ReturnType<Metric['samples']> {
  const counts = new Map<string, Map<string, number>>()
  for (const { record, project } of machines) {
    const states = counts.get(project) ?? new Map<string, number>()
    const state = lifecycle(record)
    counts.set(project, states.set(state, (states.get(state) ?? 0) + 1))
  }
  return [...counts].flatMap(([project, states]) =>
    LIFECYCLE.flatMap((state) => {
      const value = states.get(state)
      return value === undefined ? [] : [{ labels: { project, state }, value }]
    }),
  )
}

export const MACHINE_METRICS: readonly Metric[] = [
  {
    name: 'occi_gateway_machines',
    type: 'gauge',
    labels: ['project', 'state'],
    help: 'Machines of each project in each state of the life cycle',
    samples: byState,
  },
  one('counter', 'cpu_seconds_total', 'CPU time since its domain was started', (usage) => usage.cpuSeconds),
  one('gauge', 'memory_bytes', 'Memory that its domain has', (usage) => usage.memoryMiB * MIB),
  one('counter', 'received_bytes_total', 'Received on all its interfaces', (usage) => usage.receivedBytes),
  one('counter', 'sent_bytes_total', 'Sent on all its interfaces', (usage) => usage.sentBytes),
  one('counter', 'read_bytes_total', 'Read from all its disks', (usage) => usage.readBytes),
  one('counter', 'written_bytes_total', 'Written to all its disks', (usage) => usage.writtenBytes),
  {
    name: 'occi_gateway_machines_left_out',
    type: 'gauge',
    labels: [],
    help: `Machines beyond the ${MOST_MACHINES} that are told one by one`,
    samples: (site) => [{ labels: {}, value: Math.max(0, inUse(site).length - MOST_MACHINES) }],
  },
]
