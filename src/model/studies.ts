/**
 * A question to the scheduler about the hosts and machines as they are, and its answer: what a rebalance would move, what would
 * become of machines if. The front writes the question, a worker the answer; a rebalance can then be run, move by move.
 */

import type { Money } from './accounts/prices'
import type { Difference } from './accounts/reconcile'
import type { Envelope } from './envelope'
import type { ComputeId, HostId, ImageId, ProjectId, StudyId } from './ids'
import type { Size } from './machine'
import type { PlacementWish } from './placement/wish'

export type RebalanceGoal = 'balance' | 'pack'

export interface RebalanceAsk {
  readonly kind: 'rebalance'
  readonly goal: RebalanceGoal
  /** Moves, at most. */
  readonly budget: number
  /** MiB of memory that go over in a second. */
  readonly bandwidth: number
}

export type WhatIfChange =
  /** They die: what is on them is started elsewhere where its owner allowed that and its disks are there. */
  | { readonly kind: 'lose'; readonly hosts: readonly HostId[] }
  /** They are drained: all that is on them is moved. */
  | { readonly kind: 'drain'; readonly hosts: readonly HostId[] }
  /** So many more, as large as that one is and with its labels. */
  | { readonly kind: 'add'; readonly like: HostId; readonly count: number }

export interface WhatIfAsk {
  readonly kind: 'whatif'
  readonly changes: readonly WhatIfChange[]
}

/** Where so many machines would go now, and what that would cost for so long. None is ordered. */
export interface QuoteAsk {
  readonly kind: 'quote'
  readonly count: number
  readonly hours: number
  /** Whose they would be; null: nobody's, and nobody keeps them at home. */
  readonly project: ProjectId | null
  readonly image: ImageId
  readonly size: Size
  readonly zone: string | null
  /** What their type says of where they are to be. */
  readonly placement: PlacementWish | null
}

/** ms that a provider's books of a month may take to be read, page after page; whoever waits for the answer waits longer. */
export const STATEMENT_MS = 120_000

/** A month's machines at a provider by both sides' books. */
export interface ReconcileAsk {
  readonly kind: 'reconcile'
  readonly provider: HostId
  readonly providerName: string
  /** `2026-11`, UTC. */
  readonly month: string
  /** Its times are taken over where both ends are no further apart; 0: nothing is. */
  readonly withinSeconds: number
}

export interface StudyWish {
  readonly asks: RebalanceAsk | WhatIfAsk | QuoteAsk | ReconcileAsk
  readonly createdAt: number
  readonly by: string
  /** Its moves are to be made. */
  readonly run?: { readonly at: number; readonly by: string }
  /** No more of them are ordered. */
  readonly cancelled?: { readonly at: number; readonly by: string }
}

export interface StudiedMove {
  readonly machine: ComputeId
  readonly name: string
  readonly from: HostId
  readonly fromName: string
  readonly to: HostId
  readonly toName: string
  readonly how: 'live' | 'cold'
  /** Memory ÷ bandwidth. */
  readonly seconds: number
  /** Of balance: by how much the larger load of the two hosts falls, 0..1; of pack: the share of a host that it empties. */
  readonly gain: number
  /** planned: not run yet. elsewhere: it was moved, or ended, by somebody else. */
  readonly state: 'planned' | 'waits' | 'moving' | 'done' | 'elsewhere' | 'refused' | 'cancelled'
  readonly message: string | null
}

export interface RebalanceAnswer {
  readonly kind: 'rebalance'
  readonly before: { readonly largest: number; readonly used: number }
  readonly after: { readonly largest: number; readonly used: number }
  readonly moves: readonly StudiedMove[]
}

/** What becomes of one machine. */
export interface Fate {
  readonly name: string
  readonly project: string | null
  /** Where it is now; null: it waits. */
  readonly from: string | null
  /** Where it would be; null: nowhere. */
  readonly to: string | null
  /** Why it would wait, not fit, or stay as it is; '' where it would move. */
  readonly because: string
}

export interface WhatIfAnswer {
  readonly kind: 'whatif'
  readonly hosts: { readonly before: number; readonly after: number }
  /** How many machines would get another place, stay on a host that is lost, wait, and could never fit. */
  readonly counts: { readonly move: number; readonly stay: number; readonly wait: number; readonly unfit: number }
  /** Of each at most so many: MOST_FATES. */
  readonly move: readonly Fate[]
  readonly stay: readonly Fate[]
  readonly wait: readonly Fate[]
  readonly unfit: readonly Fate[]
}

/** Machines that would go to one place and take the same there. */
export interface QuotedPart {
  readonly host: string
  readonly where: 'here' | 'provider'
  /** At a provider: its type. */
  readonly offer: string | null
  readonly count: number
  /** A machine's hour, and all of them for as long as was asked; null: nobody said what it costs. */
  readonly hour: Money | null
  readonly cost: Money | null
}

export interface QuoteAnswer {
  readonly kind: 'quote'
  readonly parts: readonly QuotedPart[]
  /** Machines that would wait, with the reason that their owner would read. */
  readonly left: readonly { readonly count: number; readonly because: string }[]
  /** Millionths by currency, of those that have a price. */
  readonly totals: Readonly<Record<string, number>>
}

export interface ReconcileAnswer {
  readonly kind: 'reconcile'
  /** When the provider told it, ms. */
  readonly at: number
  /** Stays of machines there that agree to the second, and their seconds in the month. */
  readonly agreed: number
  readonly seconds: number
  /** How many of them agree because the provider's times were taken over just now. */
  readonly taken: number
  /** By so many seconds ours became more by that; less than nothing: fewer. */
  readonly shifted: number
  /** At most MOST_DIFFERENCES. */
  readonly differences: readonly Difference[]
  /** So many more. */
  readonly more: number
}

/** It cannot be answered. */
export interface NoAnswer {
  readonly kind: 'none'
  readonly message: string
}

export interface StudySeen {
  readonly at: number
  readonly answer: RebalanceAnswer | WhatIfAnswer | QuoteAnswer | ReconcileAnswer | NoAnswer
  /** All of its moves are through; absent: not yet, or it was not run. */
  readonly endedAt?: number
}

export type StudyRecord = Envelope<'study', StudyId, StudyWish, StudySeen | null, null, null>

export const MOST_FATES = 100
export const MOST_DIFFERENCES = 1000
/** Seconds between both sides' times that the way between them explains: an order that is sent on, a poll that sees its end. */
export const RECONCILE = { within: { usual: 600, most: 86_400 } } as const
export const REBALANCE = { budget: { usual: 20, most: 1000 }, bandwidth: { usual: 100, most: 1_000_000 } } as const
/** Machines in one quote, and hours, at most. */
export const QUOTE = { count: 1000, hours: 100_000 } as const
/** Hosts added in one question, at most. */
export const MOST_ADDED = 1000

/** What the one plan that runs has taken, until it is through. */
export const RUNNING_STUDY = { hash: 'studies', field: 'running' } as const

/** Whether moves of it are to be made now. */
export const isRunning = ({ wish, seen }: StudyRecord): boolean =>
  wish.run !== undefined && seen?.answer.kind === 'rebalance' && seen.endedAt === undefined

/** Whether a move of a plan that runs is not through. */
export const isOpen = ({ state }: StudiedMove): boolean => state === 'waits' || state === 'moving'
