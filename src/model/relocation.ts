/**
 * Machines that are to leave their hosts: of a host that is drained, flagged by an operator, or by a rebalance that runs. One job of
 * the site orders their moves, a few at a time, and writes here how each stands; the moves themselves are the machines' own jobs'.
 */
import type { MoveHow } from './compute-place'
import type { Envelope } from './envelope'
import type { ComputeId, HostId } from './ids'

/** An operator's flag on one machine: to be placed anew, anywhere but where it is. */
export interface Flag {
  readonly id: ComputeId
  /** Where it was when it was flagged: elsewhere it is through. */
  readonly from: HostId
  readonly at: number
  readonly by: string
}

export interface RelocationWish {
  readonly flagged: readonly Flag[]
}

/** home: it is at a provider, may be replaced, and a host here has room for it. */
export type RelocationCause = 'drain' | 'resched' | 'rebalance' | 'home'

/** A move that was ordered, as the machine's wish has it. */
export interface TriedMove {
  /** Of the machine's wish to move. */
  readonly level: number
  readonly how: MoveHow
  readonly to: HostId
  readonly toName: string
  readonly at: number
}

/** A machine that has not left yet. */
export interface Leaver {
  readonly id: ComputeId
  readonly name: string
  readonly from: HostId
  readonly cause: RelocationCause
  /** moving: ordered and not through. waits: its turn, or something that passes. cannot: why is in `message`; tried again later. */
  readonly state: 'moving' | 'waits' | 'cannot'
  /** For operators: it may name hosts. */
  readonly message: string | null
  /** The last order; absent: none yet. */
  readonly tried?: TriedMove
  /** Orders that came to nothing, since it was begun with it (anew). */
  readonly refused?: readonly (TriedMove & { readonly message: string })[]
}

export interface RelocationSeen {
  readonly at: number
  readonly leavers: readonly Leaver[]
  /** Orders of the last hour that brought machines home, by the provider that they left; absent: none. */
  readonly home?: readonly Homecoming[]
}

export interface Homecoming {
  readonly from: HostId
  readonly at: number
}

export type RelocationRecord = Envelope<'relocation', 'site', RelocationWish | null, RelocationSeen | null, null, null>

/** Moves away from one host at a time, where nothing else was said. */
export const USUAL_PARALLEL = 2
export const MOST_PARALLEL = 16
