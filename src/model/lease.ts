/**
 * Terms of a machine's lease (Haizea): when it is to have its place, for how long, and whether it gives way meanwhile.
 *
 * Who writes what: operations write the terms into the wish, and the machine's own job writes `over` there when its time is over.
 * Placement writes what it planned (`place.lease`), in one script with what that holds on hosts: a claim as a reservation's for
 * each stretch that did not begin (placement/claims.ts), so that nobody else is given it.
 */
import type { HostId } from './ids'

export interface LeaseWish {
  /** It gives its place to reservations that begin, and goes on when there is room again. */
  readonly preemptible?: true
  /** When it is to run, ms since 1970; now: at once or not at all. Absent: as soon as there is room. */
  readonly start?: number | 'now'
  /** It ends after it has run for so long, s; absent: it does not end by itself. */
  readonly seconds?: number
  /** What becomes of it then; absent: it is stopped. */
  readonly atEnd?: 'stop' | 'terminate'
  /** It is to have ended by then, ms since 1970. */
  readonly deadline?: number
  /** Machines that start together or not at all: their name in the project, and how many they are. */
  readonly group?: { readonly name: string; readonly members: number }
  /** Its time is over since then, ms: it is a machine like any other. */
  readonly over?: number
}

/** Whether its place is planned ahead: it has terms beside giving way, and they are not over. */
export const hasTerms = (lease: LeaseWish | undefined): lease is LeaseWish =>
  lease !== undefined &&
  lease.over === undefined &&
  (lease.start !== undefined ||
    lease.seconds !== undefined ||
    lease.deadline !== undefined ||
    lease.group !== undefined)

/**
 * One stretch on a host that is promised to a machine: held from `from`, running from `run`, brought down from `stop`, free again at
 * `to`, all in ms; null: for ever.
 */
export interface Booked {
  /** Tells it from the machine's other stretches. */
  readonly number: number
  readonly host: HostId
  readonly lead: 'boot' | 'resume' | 'move' | 'stay'
  readonly from: number
  readonly run: number
  readonly stop: number | null
  readonly to: number | null
  readonly ends: 'done' | 'suspended'
}

/** What placement planned for a machine with terms. */
export interface LeasePlace {
  /** Stretches that did not begin yet, first to last; absent: none is promised. */
  readonly booked?: readonly Booked[]
  /** Seconds that it ran before its present stretch. */
  readonly ran?: number
  /** When the present stretch was to run, booted or brought back, ms; absent: there was none yet. */
  readonly run?: number
  /** When its time is over, ms; absent: it has no end, or is to be suspended before. */
  readonly ends?: number
}

interface Placed {
  readonly place: { readonly lease?: LeasePlace; readonly parked?: Parked }
}

/** Seconds that a machine has run of its lease; booting, saving and being away are not counted. */
export function ranOf({ lease, parked }: Placed['place'], now: number): number {
  const { ran = 0, run } = lease ?? {}
  return run === undefined ? ran : ran + Math.max(0, (parked?.since ?? now) - run) / 1000
}

/**
 * What was planned for a machine that comes to another host without the planner: it was moved. It goes on as planned, but for one that had
 * given its place away: nothing of its time went by meanwhile, so what is left of it begins at `now` (ms), all of it there. What was
 * promised where it was saved is promised to nobody any more.
 */
export function leaseElsewhere(
  { wish, place }: { readonly wish: { readonly lease?: LeaseWish } } & Placed,
  now: number,
): LeasePlace | undefined {
  const { lease, parked } = place
  if (!lease || !parked || !hasTerms(wish.lease)) return lease
  const { ends: _former, booked: _there, ...planned } = lease
  const { seconds } = wish.lease
  const ran = ranOf(place, now)
  // One that was saved in its last moment still has to be brought back to end.
  const ends = seconds === undefined ? {} : { ends: now + Math.round(1000 * Math.max(1, seconds - ran)) }
  return { ...planned, ran, run: now, ...ends }
}

/** When its time is over, ms; undefined: it does not end by itself, or not in its present stretch. */
export function endOf({
  wish,
  place,
}: { readonly wish: { readonly exists: boolean; readonly lease?: LeaseWish } } & Placed): number | undefined {
  return wish.exists && hasTerms(wish.lease) && !place.parked ? place.lease?.ends : undefined
}

/** Time that a machine with terms is given to boot before its start, and to shut down after its end, s. */
export const BOOT_SECONDS = 60
export const SHUTDOWN_SECONDS = 30

/** Machines that were ordered longer ago give way to no lease, s: Haizea's default. */
export const IMMUNE_SECONDS = 7 * 24 * 3600

/** Why a machine has a host and no cores or memory there. Its disks stay, and so does its memory, in a file beside them. */
export interface Parked {
  readonly since: number
  /** saved: its memory is written to its disk. off: it is shut down, for its host cannot save it. */
  readonly how: 'saved' | 'off'
  /** `cr-…` that it gave way to; for operators. */
  readonly by: string
  /** It runs no more, and claims its disk alone. */
  readonly released?: true
}

/** MiB of memory that a host writes to its disk or reads from it in a second, and s that each command takes: Haizea's defaults. */
export const SAVE_MIB_PER_SECOND = 32
export const COMMAND_SECONDS = 2

/** Besides the time that saving takes, ms: jobs are not seen to in the same moment. */
export const MARGIN_MS = 5000

/** How long it takes to save machines with so much memory (MiB each) on one host, one after another, ms. */
export const savingMs = (memories: readonly number[]): number =>
  1000 * memories.reduce((sum, memory) => sum + COMMAND_SECONDS + memory / SAVE_MIB_PER_SECOND, 0)

/** A machine that gives way is not started for less than it takes to save it and to bring it back, ms. */
export const worthwhileMs = (memoryMiB: number): number => 2 * savingMs([memoryMiB])
