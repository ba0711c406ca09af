/** Questions to the scheduler, and plans that can be run: part of `Operations`. */
import type { RebalanceGoal, StudyRecord } from '../../model/records'
import type { Operator } from '../context'

export interface RebalanceStudy {
  readonly goal: RebalanceGoal
  /** Moves, at most; the usual number where it is not said. */
  readonly budget?: number
  /** MiB of memory a second. */
  readonly bandwidth?: number
}

/** Hosts are named, or chosen by a label: `rack=r1`, `zone=local-1a`. */
export interface WhatIfStudy {
  readonly lose?: readonly string[]
  readonly drain?: readonly string[]
  readonly add?: readonly { readonly like: string; readonly count: number }[]
}

/** `image`: `ami-…` or its name. */
export interface QuoteStudy {
  readonly type: string
  readonly image: string
  readonly count: number
  readonly hours: number
  readonly project?: string
  readonly zone?: string
}

export interface ReconcileStudy {
  /** Its name. */
  readonly provider: string
  /** `2026-11`, UTC; this month where it is not said. */
  readonly month?: string
  /** The provider's times are taken over where both ends are no further apart; the usual where it is not said. */
  readonly withinSeconds?: number
}

export interface StudyOperations {
  /** Compares both sides' books, and takes over the provider's times. Faults: 'not-found' (provider), 'invalid', 'unavailable'. */
  studyReconcile(operator: Operator, ask: ReconcileStudy): Promise<StudyRecord>
  /** Where machines would go, and what that would cost: nothing is ordered. Faults: 'not-found' (type, image, project), 'invalid', 'unavailable'. */
  studyQuote(operator: Operator, ask: QuoteStudy): Promise<StudyRecord>
  /** A worker answers it; the answer comes with `study`. Faults: 'invalid', 'unavailable'. */
  studyRebalance(operator: Operator, ask: RebalanceStudy): Promise<StudyRecord>
  /** Faults: 'not-found' (a host, or a label that none has), 'missing' (no change), 'invalid', 'unavailable'. */
  studyWhatIf(operator: Operator, ask: WhatIfStudy): Promise<StudyRecord>
  /** Its `seen` is null until a worker has answered. Fault: 'not-found' (also once it is forgotten). */
  study(operator: Operator, id: string): Promise<StudyRecord>
  /** The newest first. */
  listStudies(operator: Operator): Promise<readonly StudyRecord[]>
  /** Its moves are made, a few at a time. Faults: 'not-found', 'state' (no plan, run already, or another one runs), 'conflict'. */
  runStudy(operator: Operator, id: string): Promise<StudyRecord>
  /** What is on its way arrives, nothing else is ordered. Faults: 'not-found', 'state' unless it runs. */
  cancelStudy(operator: Operator, id: string): Promise<StudyRecord>
}
