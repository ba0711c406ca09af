/**
 * The slot table: for each node what is free over time, and who holds what until when. What may begin at all can begin only now or
 * where something else ends, so those times are kept in order.
 */
import type { HostId } from '../../../src/model/ids'
import type { HostCapacity } from '../../../src/model/machine'
import { Disks } from './disks'
import type { LeaseNode, Segment } from './lease'
import { Profile } from './profile'

export interface Booking {
  readonly lease: string
  readonly segment: Segment
  readonly machines: readonly HostCapacity[]
}

export const finite = (time: number): number | null => (time === Number.POSITIVE_INFINITY ? null : time)
export const orForEver = (time: number | null): number => time ?? Number.POSITIVE_INFINITY

const diskOnly = ({ diskGiB }: HostCapacity): HostCapacity => ({ cpuHundredths: 0, memoryMiB: 0, diskGiB })
const withoutDisk = (size: HostCapacity): HostCapacity => ({ ...size, diskGiB: 0 })

/** What a machine asks of a node where it resumes: its disk is there already. */
export const needsToResume = (machines: readonly HostCapacity[]): HostCapacity[] => machines.map(withoutDisk)

interface Counted {
  readonly time: number
  readonly size: HostCapacity
  count: number
}

/** Keeping more of them up to date costs more than counting anew. */
const MOST_COUNTED = 4

export interface Opening {
  readonly node: number
  /** From then on one of that size does not fit any more. */
  readonly until: number
  /** How many fit at the beginning. */
  readonly many: number
}

const keyOf = (time: number, { cpuHundredths, memoryMiB, diskGiB }: HostCapacity): string =>
  `${time} ${cpuHundredths} ${memoryMiB} ${diskGiB}`

export class Calendar {
  readonly ids: readonly HostId[]
  readonly profiles: readonly Profile[]
  /** Where each node is in `ids` and `profiles`: 0, 1, … */
  readonly places: readonly number[]
  /** What each has in all. */
  readonly rooms: readonly HostCapacity[]
  readonly disks: Disks
  readonly bookings = new Set<Booking>()
  private readonly at: ReadonlyMap<HostId, number>
  /** Where something ends, in order; some may be out of date. */
  private readonly ends: number[] = []
  /** By time and size. What is booked changes the first, and makes the second old. */
  private readonly counted = new Map<string, Counted>()
  private readonly opened = new Map<string, readonly Opening[]>()

  constructor(nodes: readonly LeaseNode[], checkpoints: 'local' | 'shared') {
    const inOrder = nodes.toSorted((a, b) => (a.id < b.id ? -1 : 1))
    this.ids = inOrder.map(({ id }) => id)
    this.places = this.ids.map((_, at) => at)
    this.at = new Map(this.ids.map((id, at) => [id, at]))
    this.rooms = inOrder.map(({ room }) => room)
    this.disks = new Disks(checkpoints)
    this.profiles = inOrder.map(({ room, less = [] }) => {
      const profile = new Profile(room)
      for (const { from, to, room: off } of less) {
        profile.take(off, from, orForEver(to))
        this.noteEnd(orForEver(to))
      }
      return profile
    })
  }

  placeOf(host: HostId): number | undefined {
    return this.at.get(host)
  }

  /** Where those hosts are in the calendar; null: one of them is away. */
  placesOf(hosts: readonly HostId[]): number[] | null {
    const places: number[] = []
    for (const host of hosts) {
      const at = this.at.get(host)
      if (at === undefined) return null
      places.push(at)
    }
    return places
  }

  /** Those of them that are here. */
  presentOf(hosts: readonly HostId[]): number[] {
    const places: number[] = []
    for (const host of hosts) {
      const at = this.at.get(host)
      if (at !== undefined) places.push(at)
    }
    return places
  }

  book(booking: Booking): void {
    this.bookings.add(booking)
    this.take(booking, 1)
    this.noteEnd(orForEver(booking.segment.to))
  }

  release(booking: Booking): void {
    if (this.bookings.delete(booking)) this.take(booking, -1)
  }

  /** Times after `time` at which something ends. */
  endsAfter(time: number): readonly number[] {
    return this.ends.slice(this.placeInEnds(time))
  }

  /** How many of that size fit on all nodes together at a time, each beside the others. */
  countAt(time: number, size: HostCapacity): number {
    const key = keyOf(time, size)
    const known = this.counted.get(key)
    if (known) return known.count
    const count = this.profiles.reduce((sum, profile) => sum + profile.countAt(time, size), 0)
    if (this.counted.size >= MOST_COUNTED) this.counted.clear()
    this.counted.set(key, { time, size, count })
    return count
  }

  /** What each node has for that size from a time on; those where it stays free the longest first, on ties the lowest. */
  openings(from: number, size: HostCapacity): readonly Opening[] {
    const key = keyOf(from, size)
    const known = this.opened.get(key)
    if (known) return known
    const found = this.profiles
      .map((profile, node) => ({ node, until: profile.horizon(from, size), many: profile.countAt(from, size) }))
      .sort((a, b) => b.until - a.until || a.node - b.node)
    this.opened.set(key, found)
    return found
  }

  private take({ segment, machines }: Booking, times: 1 | -1): void {
    const back = times === 1 ? -1 : 1
    const [from, to] = [segment.from, orForEver(segment.to)]
    this.opened.clear()
    const stale = [...this.counted.values()].filter(({ time }) => time >= from)
    segment.nodes.forEach((host, index) => {
      const profile = this.profiles[this.at.get(host) ?? -1]
      const machine = machines[index]
      if (!profile || !machine) return
      for (const counted of stale) counted.count -= profile.countAt(counted.time, counted.size)
      const isThere = segment.lead === 'resume'
      profile.take(isThere ? withoutDisk(machine) : machine, from, to, times, times)
      // A suspended machine keeps its disk; one that resumed where it was and ends there gives it back.
      if (segment.ends === 'suspended' && !isThere) profile.take(diskOnly(machine), to, Number.POSITIVE_INFINITY, times)
      if (segment.ends === 'done' && isThere) profile.take(diskOnly(machine), to, Number.POSITIVE_INFINITY, back)
      for (const counted of stale) counted.count += profile.countAt(counted.time, counted.size)
    })
    this.useDisks(segment, times)
  }

  private useDisks({ nodes, lead, from, run, stop, to, ends }: Segment, times: 1 | -1): void {
    const places = this.presentOf(nodes)
    const use = (begin: number, end: number): void =>
      times === 1 ? this.disks.add(places, begin, end) : this.disks.remove(places, begin, end)
    if (lead === 'resume' || lead === 'move') use(from, run)
    if (ends === 'suspended') use(orForEver(stop), orForEver(to))
  }

  private noteEnd(time: number): void {
    if (time === Number.POSITIVE_INFINITY) return
    const at = this.placeInEnds(time)
    if (this.ends[at - 1] !== time) this.ends.splice(at, 0, time)
  }

  /** How many ends are at or before a time. */
  private placeInEnds(time: number): number {
    let low = 0
    let high = this.ends.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.ends[middle] ?? 0) <= time) low = middle + 1
      else high = middle
    }
    return low
  }
}
