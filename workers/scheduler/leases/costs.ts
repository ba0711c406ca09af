/**
 * How long suspending, resuming and moving a lease takes (placement reference §8): a command for each machine one after another, and
 * its memory at the disk's rate. Machines on one host share its disk; on a shared file system all share one.
 */
import type { HostCapacity } from '../../../src/model/machine'
import type { Overheads } from './lease'

/** The most memory (MiB) that one disk has to take. */
function heaviest(
  machines: readonly HostCapacity[],
  nodes: readonly number[],
  checkpoints: 'local' | 'shared',
): number {
  if (checkpoints === 'shared') return machines.reduce((sum, { memoryMiB }) => sum + memoryMiB, 0)
  const loads = new Map<number, number>()
  machines.forEach(({ memoryMiB }, at) => {
    const node = nodes[at] ?? -1
    loads.set(node, (loads.get(node) ?? 0) + memoryMiB)
  })
  return Math.max(0, ...loads.values())
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
  const moved = machines.map(({ memoryMiB }, at) => ({
    memoryMiB: from[at] === to[at] ? 0 : (overheads.checkpoints === 'shared' ? 0 : memoryMiB) + more,
  }))
  const loads = new Map<number, number>()
  moved.forEach(({ memoryMiB }, at) => {
    const node = to[at] ?? -1
    loads.set(node, (loads.get(node) ?? 0) + memoryMiB)
  })
  return Math.max(0, ...loads.values()) / (overheads.moveMibPerSecond ?? Number.POSITIVE_INFINITY)
}
