/**
 * Which nodes a lease's machines get over a span: the largest machine first, each on the best node that still takes it. Nodes are
 * scored as in Haizea: 0.5 · few leases there (four at most count) + 0.25 + 0.25 · the part of the span for
 * which nothing changes there; the lowest id on ties.
 */
import type { HostCapacity } from '../../../src/model/machine'
import type { Calendar } from './calendar'

export interface Ask {
  readonly machines: readonly HostCapacity[]
  readonly from: number
  /** Seconds; infinite: for ever. */
  readonly length: number
  /** The only nodes; absent: all. */
  readonly allowed?: readonly number[]
  /** For each machine the node that it likes best, whatever the score. */
  readonly home?: readonly number[]
  /** Nodes that come before all others. */
  readonly first?: ReadonlySet<number>
}

const COUNTED_LEASES = 4

/** A node for each machine, free for the whole span; null: there is no such choice. */
export function chooseNodes(calendar: Calendar, ask: Ask): number[] | null {
  if (!mayFit(calendar, ask)) return null
  const { from, length } = ask
  const open = openUntil(calendar, ask, from + length)
  if (!open) return null
  const fits = (node: number, size: HostCapacity): boolean =>
    calendar.profiles[node]?.fitsOver(from, from + length, size) === true
  return fill(ask, byScore(calendar, ask, open), fits)
}

/** Nodes that are free for as long as possible, `least` seconds at least, and until when; null: there are none. */
export function chooseLongest(
  calendar: Calendar,
  ask: Ask,
  least: number,
): { readonly nodes: number[]; readonly until: number } | null {
  if (!mayFit(calendar, ask)) return null
  const { from, machines } = ask
  const horizon = (node: number, size: HostCapacity): number =>
    calendar.profiles[node]?.horizon(from, size) ?? Number.NEGATIVE_INFINITY
  const fits = (node: number, size: HostCapacity): boolean => horizon(node, size) >= from + least
  const order = openUntil(calendar, ask, from + least)
  const nodes = order && fill(ask, order, fits)
  if (!nodes) return null
  const until = [...sumsOf(machines, nodes)].reduce(
    (least, [node, sum]) => Math.min(least, horizon(node, sum)),
    Number.POSITIVE_INFINITY,
  )
  return { nodes, until }
}

/** What the machines on each node ask together. */
export function sumsOf(machines: readonly HostCapacity[], nodes: readonly number[]): Map<number, HostCapacity> {
  const sums = new Map<number, HostCapacity>()
  machines.forEach((machine, at) => {
    const node = nodes[at] ?? -1
    sums.set(node, plus(sums.get(node), machine))
  })
  return sums
}

/** Quick to tell, and it says no to most of those that wait: fewer places than machines. */
export function mayFit(calendar: Calendar, { machines, from }: Pick<Ask, 'machines' | 'from'>): boolean {
  const smallest = smallestOf(machines)
  return calendar.countAt(from, smallest) >= machines.length
}

/** The least of each amount that any of them asks. */
export function smallestOf(machines: readonly HostCapacity[]): HostCapacity {
  const [first = NOTHING] = machines
  let least = first
  for (const machine of machines) {
    if (machine === first) continue
    least = {
      cpuHundredths: Math.min(least.cpuHundredths, machine.cpuHundredths),
      memoryMiB: Math.min(least.memoryMiB, machine.memoryMiB),
      diskGiB: Math.min(least.diskGiB, machine.diskGiB),
    }
  }
  return least
}

const NOTHING: HostCapacity = { cpuHundredths: 0, memoryMiB: 0, diskGiB: 0 }

const plus = (sum: HostCapacity | undefined, machine: HostCapacity): HostCapacity =>
  sum
    ? {
        cpuHundredths: sum.cpuHundredths + machine.cpuHundredths,
        memoryMiB: sum.memoryMiB + machine.memoryMiB,
        diskGiB: sum.diskGiB + machine.diskGiB,
      }
    : machine

/** Nodes where the smallest of them may stay until then, those that are free the longest first; null: too few for all. */
function openUntil(calendar: Calendar, { machines, from, allowed }: Ask, until: number): number[] | null {
  const openings = calendar.openings(from, smallestOf(machines))
  const longer = openings.findIndex((opening) => opening.until < until || opening.until <= from)
  const open = longer < 0 ? openings : openings.slice(0, longer)
  if (open.reduce((sum, { many }) => sum + many, 0) < machines.length) return null
  const nodes = open.map(({ node }) => node)
  if (!allowed) return nodes
  const wanted = new Set(allowed)
  return nodes.filter((node) => wanted.has(node))
}

const byScore = (calendar: Calendar, ask: Ask, nodes: readonly number[]): number[] =>
  nodes
    .map((node) => ({ node, score: scoreOf(calendar, ask, node) }))
    .toSorted((a, b) => b.score - a.score || a.node - b.node)
    .map(({ node }) => node)

function scoreOf(calendar: Calendar, { from, length, first }: Ask, node: number): number {
  const profile = calendar.profiles[node]
  if (!profile) return 0
  const leases = Math.min(COUNTED_LEASES, profile.leasesAt(from))
  const constant = profile.changeAfter(from) - from
  const share = constant >= length ? 1 : constant / length
  return (0.5 * (COUNTED_LEASES - leases)) / COUNTED_LEASES + 0.25 + 0.25 * share + (first?.has(node) === true ? 1 : 0)
}

/** Each machine on its home if that takes it, else on the first node in order that does. */
function fill(
  { machines, home }: Ask,
  order: readonly number[],
  fits: (node: number, size: HostCapacity) => boolean,
): number[] | null {
  const nodes = new Array<number>(machines.length).fill(-1)
  const sums = new Map<number, HostCapacity>()
  const put = (index: number, machine: HostCapacity, node: number): boolean => {
    const sum = plus(sums.get(node), machine)
    if (!fits(node, sum)) return false
    sums.set(node, sum)
    nodes[index] = node
    return true
  }
  const inOrder = bySize(machines)
  const left = home ? inOrder.filter(({ index, machine }) => !put(index, machine, home[index] ?? -1)) : inOrder
  let [at, before]: [number, HostCapacity | null] = [0, null]
  for (const { index, machine } of left) {
    // Equal machines follow one another: what refused the last one refuses this one too.
    if (before === null || !isSame(before, machine)) at = 0
    before = machine
    while (at < order.length && !put(index, machine, order[at] ?? -1)) at += 1
    if (at === order.length) return null
  }
  return nodes
}

const isSame = (a: HostCapacity, b: HostCapacity): boolean =>
  a === b || (a.cpuHundredths === b.cpuHundredths && a.memoryMiB === b.memoryMiB && a.diskGiB === b.diskGiB)

function bySize(machines: readonly HostCapacity[]): { readonly index: number; readonly machine: HostCapacity }[] {
  const indexed = machines.map((machine, index) => ({ index, machine }))
  return indexed.toSorted(
    (a, b) =>
      b.machine.cpuHundredths - a.machine.cpuHundredths ||
      b.machine.memoryMiB - a.machine.memoryMiB ||
      b.machine.diskGiB - a.machine.diskGiB ||
      a.index - b.index,
  )
}
