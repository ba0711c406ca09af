/** Who of the machines that wait with terms may pass whom (after Haizea). */

/** How many of those that wait get a time of their own that no later one may delay: none but the first, the first N, all. */
export type Backfilling =
  | { readonly kind: 'off' }
  | { readonly kind: 'aggressive' }
  | { readonly kind: 'intermediate'; readonly reservations: number }
  | { readonly kind: 'conservative' }

const INTERMEDIATE = /^intermediate=(\d{1,4})$/

export const BACKFILLING_FORMS = 'off, aggressive, conservative, or intermediate=N with N from 1 to 9999'

/** `intermediate=5`; undefined when it is none. */
export function parseBackfilling(text: string): Backfilling | undefined {
  if (text === 'off' || text === 'aggressive' || text === 'conservative') return { kind: text }
  const reservations = Number(INTERMEDIATE.exec(text)?.[1] ?? 0)
  return reservations === 0 ? undefined : { kind: 'intermediate', reservations }
}
