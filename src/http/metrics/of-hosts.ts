/** Metrics of hosts. */
import type { SiteUsage } from '../../operations/usage/operations'
import { each, GIB, type Metric, MIB } from './metric'

type Host = SiteUsage['hosts'][number]

const gauge = (
  name: string,
  help: string,
  value: (host: Host, site: SiteUsage) => number | null | undefined,
): Metric => ({
  name: `occi_gateway_host_${name}`,
  type: 'gauge',
  labels: ['host'],
  help,
  samples: (site) =>
    each(
      site.hosts,
      ({ wish }) => ({ host: wish.name }),
      (host) => value(host, site),
    ),
})

const INFO: Metric = {
  name: 'occi_gateway_host_info',
  type: 'gauge',
  labels: ['host', 'zone', 'driver', 'simulated'],
  help: 'Always 1; what a host is, for joining',
  samples: ({ hosts }) =>
    each(
      hosts,
      ({ wish }) => ({ host: wish.name, zone: wish.zone, driver: wish.driver, simulated: String(wish.simulated) }),
      () => 1,
    ),
}

/** While it does not answer, what was measured last is no news of it. */
const answering = ({ seen, latest }: Host) => (seen.contact === 'ok' ? latest?.host : null)

export const HOST_METRICS: readonly Metric[] = [
  INFO,
  gauge('up', 'Whether the host is in contact', ({ seen }) => (seen.contact === 'ok' ? 1 : 0)),
  gauge('enabled', 'Whether new machines may be placed there', ({ wish }) => (wish.enabled ? 1 : 0)),
  gauge('last_seen_age_seconds', 'Time since the host answered last', ({ seen, latest }, { at }) => {
    const last = Math.max(seen.contact === 'never' ? 0 : seen.at, latest?.at ?? 0)
    return last === 0 ? null : Math.max(0, at - last) / 1000
  }),
  gauge('machines', 'Machines that have their place there', ({ used }) => used.machines),
  gauge(
    'capacity_cores',
    'Cores that machines may have',
    ({ seen }) => seen.capacity && seen.capacity.cpuHundredths / 100,
  ),
  gauge('capacity_memory_bytes', 'Memory of the host', ({ seen }) => seen.capacity && seen.capacity.memoryMiB * MIB),
  gauge('capacity_disk_bytes', 'Disk space of the host', ({ seen }) => seen.capacity && seen.capacity.diskGiB * GIB),
  gauge('claimed_cores', 'Cores promised to machines', ({ used }) => used.cpuHundredths / 100),
  gauge('claimed_memory_bytes', 'Memory promised to machines', ({ used }) => used.memoryMiB * MIB),
  gauge('claimed_disk_bytes', 'Disk space promised to machines and volumes', ({ used }) => used.diskGiB * GIB),
  gauge(
    'cpu_cores',
    'Cores in use by all domains, the mean since the look before',
    (host) => answering(host)?.rates.cpuCores,
  ),
  gauge(
    'load1',
    'Load average of the last minute, of the system that runs the host',
    (host) => answering(host)?.usage.load,
  ),
  gauge('free_memory_bytes', 'Memory that no domain has', (host) => {
    const free = answering(host)?.usage.freeMemoryMiB
    return free === undefined ? null : free * MIB
  }),
  gauge('uptime_seconds', 'Time since the host was started', (host) => answering(host)?.usage.uptimeSeconds),
]
