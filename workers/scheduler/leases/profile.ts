/**
 * What is free on one node over time: a step function that changes only where something begins or ends. Takes may overlap in any
 * order and are given back exactly.
 */
import type { HostCapacity } from '../../../src/model/machine'

interface Step {
  readonly time: number
  cpuHundredths: number
  memoryMiB: number
  diskGiB: number
  leases: number
}

export class Profile {
  /** In order of time; the first one always was. */
  private readonly steps: Step[]

  constructor({ cpuHundredths, memoryMiB, diskGiB }: HostCapacity) {
    this.steps = [{ time: Number.NEGATIVE_INFINITY, cpuHundredths, memoryMiB, diskGiB, leases: 0 }]
  }

  /** A size is taken from `from` to `to`, or with -1 given back; `leases`: so many come or go with it. */
  take(size: HostCapacity, from: number, to: number, times: 1 | -1 = 1, leases = 0): void {
    if (!(from < to)) return
    const first = this.split(from)
    const end = to === Number.POSITIVE_INFINITY ? this.steps.length : this.split(to)
    for (let at = first; at < end; at += 1) {
      const step = this.steps[at]
      if (!step) break
      step.cpuHundredths -= times * size.cpuHundredths
      step.memoryMiB -= times * size.memoryMiB
      step.diskGiB -= times * size.diskGiB
      step.leases += leases
    }
  }

  leasesAt(time: number): number {
    return this.steps[this.stepAt(time)]?.leases ?? 0
  }

  /** From when on, at or after `from`, a size does not fit any more: `from` itself where it does not fit now. */
  horizon(from: number, size: HostCapacity): number {
    for (let at = this.stepAt(from); at < this.steps.length; at += 1) {
      const step = this.steps[at]
      if (step && !holds(step, size)) return Math.max(from, step.time)
    }
    return Number.POSITIVE_INFINITY
  }

  /** Whether it fits all the while. */
  fitsOver(from: number, to: number, size: HostCapacity): boolean {
    for (let at = this.stepAt(from); at < this.steps.length; at += 1) {
      const step = this.steps[at]
      if (!step || (step.time >= to && step.time > from)) return true
      if (!holds(step, size)) return false
    }
    return true
  }

  /** How many of that size fit at a time, each beside the others. */
  countAt(time: number, { cpuHundredths, memoryMiB, diskGiB }: HostCapacity): number {
    const free = this.freeAt(time)
    const count = Math.min(
      times(free.cpuHundredths, cpuHundredths),
      times(free.memoryMiB, memoryMiB),
      times(free.diskGiB, diskGiB),
    )
    return Math.max(0, count)
  }

  freeAt(time: number): HostCapacity {
    const step = this.steps[this.stepAt(time)]
    if (!step) return { cpuHundredths: 0, memoryMiB: 0, diskGiB: 0 }
    const { cpuHundredths, memoryMiB, diskGiB } = step
    return { cpuHundredths, memoryMiB, diskGiB }
  }

  /** When what is free changes next. */
  changeAfter(time: number): number {
    return this.steps[this.stepAt(time) + 1]?.time ?? Number.POSITIVE_INFINITY
  }

  /** The step in which a time lies. */
  private stepAt(time: number): number {
    let low = 0
    let high = this.steps.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((this.steps[middle]?.time ?? 0) <= time) low = middle
      else high = middle - 1
    }
    return low
  }

  /** A step that begins exactly then. */
  private split(time: number): number {
    const at = this.stepAt(time)
    const step = this.steps[at]
    if (!step || step.time === time) return at
    const { cpuHundredths, memoryMiB, diskGiB, leases } = step
    this.steps.splice(at + 1, 0, { time, cpuHundredths, memoryMiB, diskGiB, leases })
    return at + 1
  }
}

const holds = (step: Step, size: HostCapacity): boolean =>
  step.cpuHundredths >= size.cpuHundredths && step.memoryMiB >= size.memoryMiB && step.diskGiB >= size.diskGiB

const times = (free: number, size: number): number => (size > 0 ? Math.floor(free / size) : Number.POSITIVE_INFINITY)
