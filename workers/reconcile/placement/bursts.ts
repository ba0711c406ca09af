/** What providers ask of waiting machines, read only where a provider serves the site. */
import type { NetworkId } from '../../../src/model/ids'
import { burstDemand, type Demand, hasProvider, networksOf } from '../../../src/model/placement'
import type { ComputeRecord, HostRecord, NetworkRecord, ProjectRecord } from '../../../src/model/records'
import type { StorageRecord } from '../../../src/model/storage'
import type { Work } from '../work'

/** `volumes`: those that are to hang on it. */
export type Bursts = (record: ComputeRecord, volumes?: readonly StorageRecord[]) => Pick<Demand, 'burst'>

export async function readBursts(
  { store }: Work,
  hosts: readonly HostRecord[],
  machines: readonly ComputeRecord[],
  now: number,
): Promise<Bursts> {
  if (!hasProvider(hosts) || machines.length === 0) return () => ({})
  const [networks, projects] = await Promise.all([
    store.readMany('network', [...new Set(machines.flatMap(networksOf))]),
    store.readMany('project', [...new Set(machines.flatMap(({ project }) => project ?? []))]),
  ])
  const networkOf = new Map<NetworkId, NetworkRecord>(networks.flatMap((one) => (one ? [[one.id, one] as const] : [])))
  const projectOf = new Map<string, ProjectRecord>(projects.flatMap((one) => (one ? [[one.id, one] as const] : [])))
  return (record, volumes = []) => {
    const project = projectOf.get(record.project ?? '')
    const burst = burstDemand(record, { hosts, project, networks: networkOf, volumes, now })
    return burst === undefined ? {} : { burst }
  }
}
