/**
 * What the lease planner is told and what it says (after Haizea). Times and durations are seconds from any
 * one origin, fractions allowed; CPU hundredths, memory MiB, disk GiB. `null` as an end: for ever.
 */
import type { HostId } from '../../../src/model/ids'
import { IMMUNE_SECONDS } from '../../../src/model/lease'
import type { HostCapacity } from '../../../src/model/machine'
import type { Backfilling } from '../../../src/model/placement'

/** `reservation`: at that time exactly; `deadline`: any time so that it ends by then; `immediate`: now or not at all. */
export type Terms =
  | { readonly kind: 'immediate' }
  | { readonly kind: 'best-effort' }
  | { readonly kind: 'reservation'; readonly start: number }
  | { readonly kind: 'deadline'; readonly by: number }

/** `nodes`: the host of each machine, in the machines' order. `ran`: seconds run so far, overheads not counted. */
export type LeaseState =
  | { readonly kind: 'waiting' }
  | {
      readonly kind: 'running'
      readonly nodes: readonly HostId[]
      readonly ran: number
      /** What of booting or resuming is still ahead. */
      readonly lead?: number
      /** Others were promised its room from then on; null: nobody. */
      readonly until?: number | null
    }
  | { readonly kind: 'suspending'; readonly nodes: readonly HostId[]; readonly ran: number; readonly to: number }
  | { readonly kind: 'suspended'; readonly nodes: readonly HostId[]; readonly ran: number }
  /** It is being shut down, expected to be gone at `to`. */
  | { readonly kind: 'ending'; readonly nodes: readonly HostId[]; readonly to: number }

/** One stretch on hosts: held from `from`, running from `run`, suspended or shut down from `stop`, free again at `to`. */
export interface Segment {
  /** The host of each machine. */
  readonly nodes: readonly HostId[]
  /** How it comes there: `move` brings memory files to other hosts and resumes; `stay`: it is there already. */
  readonly lead: 'boot' | 'resume' | 'move' | 'stay'
  readonly from: number
  readonly run: number
  readonly stop: number | null
  readonly to: number | null
  readonly ends: 'done' | 'suspended'
}

export interface Lease {
  readonly id: string
  /** All of them or none, and one start. */
  readonly machines: readonly HostCapacity[]
  /** Run time asked for, overheads not counted. */
  readonly seconds: number | null
  readonly terms: Terms
  readonly submitted: number
  /** Higher first, before arrival; absent: 0. */
  readonly priority?: number
  /** May be suspended for others; a reservation never is. */
  readonly preemptible: boolean
  /** The only hosts it may use; absent: any. */
  readonly nodes?: readonly HostId[]
  readonly image?: { readonly name: string; readonly mib: number }
  /** What an earlier plan promised it; absent: it was not admitted. */
  readonly booked?: readonly Segment[]
  readonly state: LeaseState
}

export interface LeaseNode {
  readonly id: HostId
  /** What leases may have in all; disk that suspended machines keep is already off. */
  readonly room: HostCapacity
  readonly less?: readonly { readonly from: number; readonly to: number | null; readonly room: HostCapacity }[]
  /** Images that lie there. */
  readonly images?: readonly string[]
}

export interface Overheads {
  readonly bootSeconds: number
  readonly shutdownSeconds: number
  readonly suspendMibPerSecond: number
  readonly resumeMibPerSecond: number
  /** For each machine of a lease, one after another. */
  readonly commandSeconds: number
  /** Where memory goes: the hosts' own disks, or one file system that all share. */
  readonly checkpoints: 'local' | 'shared'
  /** Memory files between hosts; null: a suspended lease resumes only where it is. */
  readonly moveMibPerSecond: number | null
  /** From the one place where images lie, one copy at a time to any number of hosts; null: images are where they are needed. */
  readonly imageMibPerSecond: number | null
}

export type { Backfilling }

export interface LeaseRules {
  readonly backfilling: Backfilling
  readonly preemption: 'suspend' | 'none'
  /** A stretch that will be cut must run at least this many times its overheads. */
  readonly thrashFactor: number
  /** Leases submitted longer ago are not preempted. */
  readonly immuneSeconds: number
  /** `all`: an earliest start for everything that waits; `reserved`: where a reservation is made. */
  readonly foresee: 'all' | 'reserved'
}

export const DEFAULT_RULES: LeaseRules = {
  backfilling: { kind: 'aggressive' },
  preemption: 'suspend',
  thrashFactor: 1,
  immuneSeconds: IMMUNE_SECONDS,
  foresee: 'all',
}

/** An image's copy for a lease, on its way or done: told until the lease has begun. */
export interface Transfer {
  readonly lease: string
  readonly image: string
  readonly nodes: readonly HostId[]
  readonly to: number
}

export interface LeaseSnapshot {
  readonly now: number
  readonly nodes: readonly LeaseNode[]
  readonly leases: readonly Lease[]
  readonly overheads: Overheads
  readonly rules: LeaseRules
  readonly transfers?: readonly Transfer[]
}

export interface LeasePlan {
  readonly start: readonly { readonly lease: string; readonly segment: Segment }[]
  readonly resume: readonly { readonly lease: string; readonly segment: Segment }[]
  /** Begin now. `because`: the lease that needs the room, '' where it is not one alone. */
  readonly suspend: readonly { readonly lease: string; readonly by: number; readonly because: string }[]
  /** Running leases: until when they may stay. */
  readonly kept: readonly { readonly lease: string; readonly until: number | null }[]
  readonly transfer: readonly (Transfer & { readonly from: number })[]
  /** Admitted, or planned anew: to be kept with the lease. */
  readonly accepted: readonly { readonly lease: string; readonly booked: readonly Segment[] }[]
  /** `admission`: the site's rules say no, whatever room there is; `room`: allowed, but there is none. */
  readonly rejected: readonly {
    readonly lease: string
    readonly stage: 'admission' | 'room'
    readonly reason: string
  }[]
  /** Were accepted, but their hosts are away and no others have room. */
  readonly broken: readonly { readonly lease: string; readonly reason: string }[]
  /** In the order of the queue, `place` from 1. */
  readonly waiting: readonly {
    readonly lease: string
    readonly place: number
    readonly earliestStart: number | null
    readonly reason: string
  }[]
  readonly calendar: readonly { readonly lease: string; readonly segment: Segment }[]
  /** When something begins or is to be suspended next, unless something changes sooner. */
  readonly next: number | null
}
