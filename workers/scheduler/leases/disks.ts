/** When disks save or load memory: on one disk (a host's own, or the one that all share) that happens one after another. */

interface Busy {
  readonly from: number
  readonly to: number
}

const ALL = -1

export class Disks {
  private readonly busy = new Map<number, Busy[]>()

  constructor(private readonly checkpoints: 'local' | 'shared') {}

  add(nodes: readonly number[], from: number, to: number): void {
    if (!(from < to)) return
    const span = { from, to }
    for (const disk of this.disksOf(nodes)) {
      const spans = this.busy.get(disk)
      if (!spans) this.busy.set(disk, [span])
      else if (spans.at(-1) !== span) spans.push(span)
    }
  }

  remove(nodes: readonly number[], from: number, to: number): void {
    for (const disk of this.disksOf(nodes)) {
      const spans = this.busy.get(disk) ?? []
      const at = spans.findIndex((span) => span.from === from && span.to === to)
      if (at >= 0) spans.splice(at, 1)
    }
  }

  /** When at the earliest, from `from` on, all of them are idle for so long. */
  gapAfter(nodes: readonly number[], from: number, length: number): number {
    let start = from
    for (let hit = this.hit(nodes, start, length); hit; hit = this.hit(nodes, start, length)) start = hit.to
    return start
  }

  /** When at the latest something may begin that takes so long and is done by `to`. */
  gapBefore(nodes: readonly number[], to: number, length: number): number {
    let start = to - length
    for (let hit = this.hit(nodes, start, length); hit; hit = this.hit(nodes, start, length)) start = hit.from - length
    return start
  }

  private hit(nodes: readonly number[], from: number, length: number): Busy | undefined {
    for (const disk of this.disksOf(nodes)) {
      const span = this.busy.get(disk)?.find((other) => other.from < from + length && from < other.to)
      if (span) return span
    }
    return undefined
  }

  /** Those of the nodes, some perhaps more than once. */
  private disksOf(nodes: readonly number[]): readonly number[] {
    return this.checkpoints === 'shared' ? [ALL] : nodes
  }
}
