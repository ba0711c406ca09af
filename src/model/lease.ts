/** Terms of a machine's lease (Haizea): how long it needs its place, and whether it gives way meanwhile. */
export interface LeaseWish {
  /** It gives its place to reservations that begin, and goes on when there is room again. */
  readonly preemptible?: true
  /** It ends after it has run for so long, s. */
  readonly seconds?: number
  /** What becomes of it then; absent: it is stopped. */
  readonly atEnd?: 'stop' | 'terminate'
  /** It is to have ended by then, ms since 1970. */
  readonly deadline?: number
  /** Machines that start together or not at all: their name in the project, and how many they are. */
  readonly group?: { readonly name: string; readonly members: number }
}

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

/** How long it takes to save machines with so much memory (MiB each) on one host, one after another, ms. */
export const savingMs = (memories: readonly number[]): number =>
  1000 * memories.reduce((sum, memory) => sum + COMMAND_SECONDS + memory / SAVE_MIB_PER_SECOND, 0)

/** A machine that gives way is not started for less than it takes to save it and to bring it back, ms. */
export const worthwhileMs = (memoryMiB: number): number => 2 * savingMs([memoryMiB])
