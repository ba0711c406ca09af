/**
 * How long suspending, resuming and moving a lease takes: a command for each machine one after another, and
 * its memory at the disk's rate. Machines on one host share its disk; on a shared file system all share one.
 */
import type { HostCapacity } from '../../../src/model/machine'
import type { Overheads } from './lease'

/** The most memory (MiB) that one disk has to take. */
function heaviest(
  machines: readonly HostCapacity[],
  nodes: readonly number[],
  checkpoints: 'local' | 'shared' = 'local',
): number {
  const loads: number[] = []
  let most = 0
  for (const [at, { memoryMiB }] of machines.entries()) {
    const disk = checkpoints === 'shared' ? 0 : (nodes[at] ?? 0)
    const load = (loads[disk] ?? 0) + memoryMiB
    loads[disk] = load
    if (load > most) most = load
  }
  return most
}

/** N·e + memory ÷ rate, in seconds. `nodes`: where each machine is. */
export const suspendSeconds = (
  overheads: Overheads,
  machines: readonly HostCapacity[],
  nodes: readonly number[],
): number =>
  machines.length * overheads.commandSeconds +
  heaviest(machines, nodes, overheads.checkpoints) / overheads.suspendMibPerSecond

export const resumeSeconds = (
  overheads: Overheads,
  machines: readonly HostCapacity[],
  nodes: readonly number[],
): number =>
  machines.length * overheads.commandSeconds +
  heaviest(machines, nodes, overheads.checkpoints) / overheads.resumeMibPerSecond

/**
 * Bringing to its new host the memory of each machine that moves, and `more` MiB with it (its image, where that is not there). Hosts
 * receive beside one another; checkpoints that all hosts see need no move.
 */
export function moveSeconds(
  overheads: Overheads,
  machines: readonly HostCapacity[],
  { from, to, more = 0 }: { from: readonly number[]; to: readonly number[]; more?: number },
): number {
  const moved = machines.map((machine, at) => ({
    ...machine,
    memoryMiB: from[at] === to[at] ? 0 : (overheads.checkpoints === 'shared' ? 0 : machine.memoryMiB) + more,
  }))
  return heaviest(moved, to) / (overheads.moveMibPerSecond ?? Number.POSITIVE_INFINITY)
}
