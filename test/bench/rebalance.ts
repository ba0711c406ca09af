/**
 * A plan of moves for 10,000 hosts, of either goal, on one core. Half of the machines have requirements, so that rules are asked and
 * not figures alone. Bar: under 1 s.
 */
import type { ComputeId, HostId, ProjectId } from '../../src/model/ids'
import { type HostView, preferenceOf } from '../../src/model/placement'
import { type RebalanceOrder, rebalance, type Seated } from '../../workers/scheduler/rebalance'
import type { Figure } from './support/figure'

const HOSTS = 10_000
const BUDGET = 1000
const PREFERENCES = [
  undefined,
  ...Array.from({ length: 10 }, (_, at) => preferenceOf([{ requirements: `RACK != "r${at}" & CPUSPEED > 2100` }])),
]

/** Every tenth host is nearly full, every tenth nearly empty; the others are half full. */
function site(): { readonly hosts: readonly HostView[]; readonly machines: readonly Seated[] } {
  const machines: Seated[] = []
  const hosts = Array.from({ length: HOSTS }, (_, at): HostView => {
    const usable = { cpuHundredths: 3200, memoryMiB: 131_072, diskGiB: 4000 }
    const many = at % 10 === 0 ? 14 : at % 10 === 1 ? 1 : 6 + (at % 3)
    const id = `h${String(at).padStart(6, '0')}` as HostId
    for (let index = 0; index < many; index += 1) machines.push(seated(id, machines.length))
    const own = machines.slice(-many).map(({ demand }) => demand.size)
    const less = (of: 'cpuHundredths' | 'memoryMiB' | 'diskGiB') =>
      own.reduce((left, size) => left - size[of], usable[of])
    return {
      ...{ id, name: `host-${at}`, zone: 'local-1a', simulated: false, enabled: true, answers: true, retired: false },
      ...{ machines: many, usable },
      free: { cpuHundredths: less('cpuHundredths'), memoryMiB: less('memoryMiB'), diskGiB: less('diskGiB') },
      traits: {
        ...{ driver: 'xl', total: usable, measured: null, instances: [] },
        labels: { rack: `r${at % 40}`, cpuspeed: `${2000 + (at % 20) * 100}` },
      },
    }
  })
  return { hosts, machines }
}

function seated(host: HostId, at: number): Seated {
  const cores = 1 + (at % 3)
  const size = { type: '', cores, cpuHundredths: cores * 100, memoryMiB: cores * 3072, diskGiB: 10 }
  const preference = at % 2 === 0 ? undefined : PREFERENCES[at % PREFERENCES.length]
  const demand = { id: `m${at}` as ComputeId, project: 'p' as ProjectId, size, zone: null, avoid: [] }
  return { demand: { ...demand, ...(preference ? { preference } : {}) }, host, how: 'live' }
}

function cpuMs(act: () => void): number {
  const before = process.cpuUsage()
  act()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

export async function rebalancing(): Promise<readonly Figure[]> {
  const { hosts, machines } = site()
  const figures: Figure[] = []
  for (const goal of ['balance', 'pack'] as const) {
    const order: RebalanceOrder = { goal, budget: BUDGET, bandwidth: 100 }
    let plan = rebalance(hosts, machines, order)
    const ms = Math.min(
      ...Array.from({ length: 3 }, () =>
        cpuMs(() => {
          plan = rebalance(hosts, machines, order)
        }),
      ),
    )
    const percent = (load: number) => `${Math.round(load * 100)} %`
    const change =
      goal === 'balance'
        ? `${percent(plan.before.largest)} to ${percent(plan.after.largest)} at most`
        : `${plan.before.used} to ${plan.after.used} hosts`
    figures.push({
      what: `a plan to ${goal}, ${HOSTS} hosts × ${machines.length} machines`,
      figure: `${Math.round(ms)} ms: ${plan.moves.length} moves of ${BUDGET}, ${change}`,
      bar: 'under 1000 ms, and it helps',
      isMet: ms < 1000 && plan.moves.length > 0,
    })
  }
  return figures
}
