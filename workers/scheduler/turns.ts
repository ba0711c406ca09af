import type { Demand } from '../../src/model/placement'

/** In which order machines get their turn: those with the highest priority first, and of these as they came. */
export const inTurn = (machines: readonly Demand[]): readonly Demand[] =>
  machines.toSorted((a, b) => (b.preference?.priority ?? 0) - (a.preference?.priority ?? 0))
