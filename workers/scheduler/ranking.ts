/** Hosts in order of preference, kept in order while machines are placed: a binary heap, so that a placement costs log(hosts). */
import type { HostCapacity, Size } from '../../src/model/machine'
import type { HostView } from '../../src/model/placement'

/** A host whose count and free amounts change while a plan is made. */
export interface Candidate extends HostView {
  machines: number
  free: HostCapacity
}

/** Whether a ranks before b. */
export type Ranking = (a: Candidate, b: Candidate) => boolean

/** Striping: fewest machines first, then most free memory; lowest id on ties, so that runs repeat (placement reference §3). */
export const striping: Ranking = (a, b) =>
  a.machines !== b.machines
    ? a.machines < b.machines
    : a.free.memoryMiB !== b.free.memoryMiB
      ? a.free.memoryMiB > b.free.memoryMiB
      : a.id < b.id

/** Takes a size from what is free. */
export function occupy(candidate: Candidate, size: Size): void {
  candidate.machines += 1
  candidate.free = {
    cpuHundredths: candidate.free.cpuHundredths - size.cpuHundredths,
    memoryMiB: candidate.free.memoryMiB - size.memoryMiB,
    diskGiB: candidate.free.diskGiB - size.diskGiB,
  }
}

export class RankedHosts {
  private readonly heap: Candidate[] = []
  constructor(
    private readonly before: Ranking,
    candidates: readonly Candidate[],
  ) {
    for (const candidate of candidates) this.push(candidate)
  }

  /** The best one, taken out; undefined when none is left. */
  pop(): Candidate | undefined {
    const best = this.heap[0]
    const last = this.heap.pop()
    if (best === undefined || last === undefined || this.heap.length === 0) return best
    this.heap[0] = last
    this.sink(0)
    return best
  }

  push(candidate: Candidate): void {
    this.heap.push(candidate)
    let at = this.heap.length - 1
    while (at > 0) {
      const above = (at - 1) >> 1
      if (!this.swapIfBefore(at, above)) return
      at = above
    }
  }

  private sink(from: number): void {
    let at = from
    for (;;) {
      const left = 2 * at + 1
      const child = this.isBefore(left + 1, left) ? left + 1 : left
      if (!this.swapIfBefore(child, at)) return
      at = child
    }
  }

  private isBefore(one: number, other: number): boolean {
    const a = this.heap[one]
    const b = this.heap[other]
    return a !== undefined && b !== undefined && this.before(a, b)
  }

  /** Swaps the two when the first ranks before the second. */
  private swapIfBefore(one: number, other: number): boolean {
    const a = this.heap[one]
    const b = this.heap[other]
    if (a === undefined || b === undefined || !this.before(a, b)) return false
    this.heap[one] = b
    this.heap[other] = a
    return true
  }
}
