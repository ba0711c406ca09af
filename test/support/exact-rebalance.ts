/** Rebalancing by trying everything: what a plan is measured against, on small cases. */
import type { HostView } from '../../src/model/placement'
import type { RebalanceOrder, Seated } from '../../workers/scheduler/rebalance'

const loadOf = ({ usable }: HostView, machines: readonly Seated[]): number =>
  Math.max(
    machines.reduce((sum, { demand }) => sum + demand.size.cpuHundredths, 0) / usable.cpuHundredths,
    machines.reduce((sum, { demand }) => sum + demand.size.memoryMiB, 0) / usable.memoryMiB,
  )

/** The least largest load, or number of hosts with machines, that any seating with so many moves comes to. */
export function bestByTrying(
  hosts: readonly HostView[],
  machines: readonly Seated[],
  { goal, budget }: Pick<RebalanceOrder, 'goal' | 'budget'>,
): number {
  let best = Number.POSITIVE_INFINITY
  const seats = machines.map(({ host }) => host)
  const judge = (): void => {
    const on = hosts.map((host) => machines.filter((_machine, at) => seats[at] === host.id))
    const loads = hosts.map((host, at) => loadOf(host, on[at] ?? []))
    if (loads.some((load) => load > 1)) return
    const figure = goal === 'balance' ? Math.max(...loads) : on.filter((there) => there.length > 0).length
    best = Math.min(best, figure)
  }
  const tryFrom = (at: number, left: number): void => {
    const machine = machines[at]
    if (machine === undefined) {
      judge()
      return
    }
    for (const { id } of hosts) {
      if (id !== machine.host && (left === 0 || machine.how === null)) continue
      seats[at] = id
      tryFrom(at + 1, id === machine.host ? left : left - 1)
    }
    seats[at] = machine.host
  }
  tryFrom(0, budget)
  return best
}
