import type { Demand } from './demand'

/** At most so many waiting machines are looked at together, the oldest ones. */
export const MOST_WAITING = 10_000

/** In which order machines get their turn: those with the highest priority first, and of these as they came. */
export const inTurn = <D extends Pick<Demand, 'preference'>>(machines: readonly D[]): readonly D[] =>
  machines.toSorted((a, b) => (b.preference?.priority ?? 0) - (a.preference?.priority ?? 0))
