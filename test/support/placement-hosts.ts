/** The hosts of the worked examples of placement: CPU in hundredths of a core, memory in KB. */
import {
  bindRequirements,
  canonicalName,
  isProblem,
  type Mode,
  parseRank,
  parseRequirements,
  type Value,
} from '../../src/model/placement/expressions'
import { bindRank } from './rank-by-row'

export interface ExampleHost {
  readonly id: number
  readonly name: string
  readonly attributes: Readonly<Record<string, Value>>
}

const host = (id: number, name: string, attributes: Readonly<Record<string, Value>>): ExampleHost => ({
  id,
  name,
  attributes: { ID: id, NAME: name, ...attributes },
})

export const EXAMPLE_HOSTS: readonly ExampleHost[] = [
  host(0, 'xen01', {
    HYPERVISOR: 'xen',
    MAX_CPU: 800,
    CPU_USAGE: 200,
    FREE_CPU: 650,
    MAX_MEM: 16777216,
    MEM_USAGE: 4194304,
    RUNNING_VMS: 2,
    CPUSPEED: 2400,
    RACK: 'r1',
    PRIORITY: 0,
    CURRENT_VMS: ['12'],
  }),
  host(1, 'xen02', {
    HYPERVISOR: 'xen',
    MAX_CPU: 800,
    CPU_USAGE: 600,
    FREE_CPU: 180,
    MAX_MEM: 16777216,
    MEM_USAGE: 12582912,
    RUNNING_VMS: 5,
    CPUSPEED: 2400,
    RACK: 'r2',
    PRIORITY: 0,
    CURRENT_VMS: [],
  }),
  host(2, 'xen03', {
    HYPERVISOR: 'xen',
    MAX_CPU: 1600,
    CPU_USAGE: 400,
    FREE_CPU: 1100,
    MAX_MEM: 67108864,
    MEM_USAGE: 8388608,
    RUNNING_VMS: 3,
    CPUSPEED: 3000,
    PRIORITY: 0,
    CURRENT_VMS: [],
  }),
  host(3, 'kvm01', {
    HYPERVISOR: 'kvm',
    MAX_CPU: 1600,
    CPU_USAGE: 0,
    FREE_CPU: 1580,
    MAX_MEM: 67108864,
    MEM_USAGE: 0,
    RUNNING_VMS: 0,
    CPUSPEED: 2600,
    PRIORITY: 0,
    CURRENT_VMS: [],
  }),
  host(4, 'ec2-eu', {
    HYPERVISOR: 'ec2',
    MAX_CPU: 500,
    CPU_USAGE: 100,
    FREE_CPU: 400,
    MAX_MEM: 8912896,
    MEM_USAGE: 1782579,
    RUNNING_VMS: 1,
    PUBLIC_CLOUD: 'YES',
    PRIORITY: -1,
    CURRENT_VMS: [],
  }),
]

/** Rows of attributes as expressions read them. */
function table(hosts: readonly ExampleHost[]) {
  const columns: string[] = []
  const places = (name: string): number => {
    if (!columns.includes(name)) columns.push(name)
    return columns.indexOf(name)
  }
  const rows = () =>
    hosts.map(({ attributes }) => {
      const named = new Map(Object.entries(attributes).map(([name, value]) => [canonicalName(name), value]))
      return columns.map((name) => named.get(name))
    })
  return { places, rows }
}

/** Names of the hosts that an expression admits; throws its problem. */
export function matching(text: string, mode: Mode = 'native', hosts = EXAMPLE_HOSTS): readonly string[] {
  const parsed = parseRequirements(text, mode)
  if (isProblem(parsed)) throw parsed
  const { places, rows } = table(hosts)
  const admits = bindRequirements(parsed, places)
  return rows().flatMap((row, at) => (admits(row) ? [hosts[at]?.name ?? ''] : []))
}

/** What each host ranks as; throws its problem. */
export function ranked(text: string, hosts = EXAMPLE_HOSTS): readonly number[] {
  const parsed = parseRank(text)
  if (isProblem(parsed)) throw parsed
  const { places, rows } = table(hosts)
  const ranks = bindRank(parsed, places)
  return rows().map(ranks)
}
