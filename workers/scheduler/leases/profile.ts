/**
 * What is free on one node over time: a step function that changes only where something begins or ends. Takes may overlap in any
 * order and are given back exactly.
 */
import type { HostCapacity } from '../../../src/model/machine'

export interface Taking {
  readonly times?: 1 | -1
  /** Leases that come (or go, below 0) with it. */
  readonly leases?: number
}

export class Profile {
  /** Where each step begins; the first one always was. */
  private readonly times = [Number.NEGATIVE_INFINITY]
  private readonly cpu: number[]
  private readonly memory: number[]
  private readonly disk: number[]
  private readonly leases = [0]

  constructor(room: HostCapacity) {
    this.cpu = [room.cpuHundredths]
    this.memory = [room.memoryMiB]
    this.disk = [room.diskGiB]
  }

  /** A size is taken from `from` to `to` by so many leases; with -1 it is given back. */
  take(size: HostCapacity, from: number, to: number, { times = 1, leases = 0 }: Taking = {}): void {
    if (!(from < to)) return
    const first = this.split(from)
    const end = to === Number.POSITIVE_INFINITY ? this.times.length : this.split(to)
    for (let at = first; at < end; at += 1) {
      this.cpu[at] = (this.cpu[at] ?? 0) - times * size.cpuHundredths
      this.memory[at] = (this.memory[at] ?? 0) - times * size.memoryMiB
      this.disk[at] = (this.disk[at] ?? 0) - times * size.diskGiB
      this.leases[at] = (this.leases[at] ?? 0) + leases
    }
  }

  leasesAt(time: number): number {
    return this.leases[this.stepAt(time)] ?? 0
  }

  /** From when on, at or after `from`, a size does not fit any more: `from` itself where it does not fit now. */
  horizon(from: number, size: HostCapacity): number {
    for (let at = this.stepAt(from); at < this.times.length; at += 1)
      if (!this.fits(at, size)) return Math.max(from, this.times[at] ?? from)
    return Number.POSITIVE_INFINITY
  }

  /** Whether it fits all the while. */
  fitsOver(from: number, to: number, size: HostCapacity): boolean {
    for (let at = this.stepAt(from); at < this.times.length && (at === 0 || (this.times[at] ?? 0) < to); at += 1)
      if (!this.fits(at, size)) return false
    return true
  }

  /** How many of that size fit at a time, each beside the others. */
  countAt(time: number, { cpuHundredths, memoryMiB, diskGiB }: HostCapacity): number {
    const at = this.stepAt(time)
    const times = (free: number | undefined, size: number): number =>
      size > 0 ? Math.floor((free ?? 0) / size) : Number.POSITIVE_INFINITY
    return Math.max(
      0,
      Math.min(times(this.cpu[at], cpuHundredths), times(this.memory[at], memoryMiB), times(this.disk[at], diskGiB)),
    )
  }

  freeAt(time: number): HostCapacity {
    const at = this.stepAt(time)
    return { cpuHundredths: this.cpu[at] ?? 0, memoryMiB: this.memory[at] ?? 0, diskGiB: this.disk[at] ?? 0 }
  }

  /** When what is free changes next. */
  changeAfter(time: number): number {
    return this.times[this.stepAt(time) + 1] ?? Number.POSITIVE_INFINITY
  }

  private fits(at: number, size: HostCapacity): boolean {
    return (
      (this.cpu[at] ?? 0) >= size.cpuHundredths &&
      (this.memory[at] ?? 0) >= size.memoryMiB &&
      (this.disk[at] ?? 0) >= size.diskGiB
    )
  }

  /** The step in which a time lies. */
  private stepAt(time: number): number {
    let low = 0
    let high = this.times.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((this.times[middle] ?? 0) <= time) low = middle
      else high = middle - 1
    }
    return low
  }

  /** A step that begins exactly then. */
  private split(time: number): number {
    const at = this.stepAt(time)
    if (this.times[at] === time) return at
    this.times.splice(at + 1, 0, time)
    this.cpu.splice(at + 1, 0, this.cpu[at] ?? 0)
    this.memory.splice(at + 1, 0, this.memory[at] ?? 0)
    this.disk.splice(at + 1, 0, this.disk[at] ?? 0)
    this.leases.splice(at + 1, 0, this.leases[at] ?? 0)
    return at + 1
  }
}
