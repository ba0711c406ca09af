/** Metrics of the work to be done, and of this gateway's process under the names that Prometheus' clients give them. */
import { each, type Metric } from './metric'

const plain = (
  type: Metric['type'],
  name: string,
  help: string,
  value: (site: Parameters<Metric['samples']>[0]) => number,
): Metric => ({ name, type, labels: [], help, samples: (site) => [{ labels: {}, value: value(site) }] })

const cpuSeconds = (): number => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}

const STARTED = Date.now() / 1000 - process.uptime()

export const SITE_METRICS: readonly Metric[] = [
  plain('gauge', 'occi_gateway_projects', 'Projects of the site', ({ projects }) => projects.length),
  plain(
    'gauge',
    'occi_gateway_agenda_entries',
    'Records that will be looked at again',
    ({ backlog }) => backlog.entries,
  ),
  plain('gauge', 'occi_gateway_agenda_due', 'Records that should be looked at by now', ({ backlog }) => backlog.due),
  plain('gauge', 'occi_gateway_machines_waiting', 'Machines that wait for a place', ({ backlog }) => backlog.waiting),
  {
    name: 'occi_gateway_jobs',
    type: 'gauge',
    labels: ['kind', 'state'],
    help: 'Jobs in the queues, waiting for a worker or active at one',
    samples: ({ jobs }) =>
      each(
        jobs ?? [],
        ({ kind, state }) => ({ kind, state }),
        ({ count }) => count,
      ),
  },
  plain('counter', 'process_cpu_seconds_total', 'CPU time of this gateway process', cpuSeconds),
  plain('gauge', 'process_resident_memory_bytes', 'Memory of this gateway process', () => process.memoryUsage.rss()),
  plain('gauge', 'process_start_time_seconds', 'When this gateway process was started, since 1970', () => STARTED),
]
