/**
 * A plan of moves that makes the hosts' loads more even (balance), or leaves hosts empty (pack): pure, greedy, within a budget of
 * moves. Each step is the one that helps most; what does not help is not in the plan.
 */
import type { HostView } from '../../../src/model/placement'
import { balance } from './balance'
import { Board } from './board'
import type { SeatedGroup } from './kept-groups'
import { pack } from './pack'
import type { PlannedMove, RebalanceOrder, RebalancePlan, Seated } from './plan'

export type { Loads, PlannedMove, RebalanceOrder, RebalancePlan, Seated } from './plan'

/** Hosts that are not enabled, or do not answer, neither give machines nor take any. `groups`: those of the machines, whose rules hold after each step. */
export function rebalance(
  hosts: readonly HostView[],
  machines: readonly Seated[],
  order: RebalanceOrder,
  groups: readonly SeatedGroup[] = [],
): RebalancePlan {
  const board = new Board(hosts, machines, groups)
  const before = board.loads()
  const steps = order.goal === 'balance' ? balance(board, order.budget) : pack(board, order.budget)
  const moves = steps.map(({ seated, from, to, gain }): PlannedMove => {
    const { demand, how } = seated
    const seconds = how === 'live' ? demand.size.memoryMiB / order.bandwidth : 0
    return { machine: demand.id, from, to, how: how ?? 'cold', seconds, gain }
  })
  return { moves, before, after: board.loads() }
}
