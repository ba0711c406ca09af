/** Means over slots of time, each weighed by how long it was so: pure. */

/** `hour`: half a minute each, kept for an hour; `day`: five minutes each, kept for a day. */
export const WINDOWS = {
  hour: { slotMs: 30_000, points: 120 },
  day: { slotMs: 300_000, points: 288 },
} as const
export type Window = keyof typeof WINDOWS

export type Values = readonly (number | null)[]

/** What was the mean of a slot that began at `at` (ms since 1970). */
export interface Point {
  readonly at: number
  readonly values: Values
}

/** A slot that is not over yet: sums and how many ms are in them, one for each value. */
export interface Slot {
  readonly at: number
  readonly sums: readonly number[]
  readonly ms: readonly number[]
}

/** The slot with what was true for the last `ms` until `at`, and the point of the slot before when a new one begins. */
export function fill(
  slot: Slot | null,
  { at, values, ms, slotMs }: { at: number; values: Values; ms: number; slotMs: number },
): { readonly slot: Slot; readonly closed: Point | null } {
  const start = Math.floor(at / slotMs) * slotMs
  const goesOn = slot !== null && slot.at === start && slot.sums.length === values.length
  const open = goesOn ? slot : { at: start, sums: values.map(() => 0), ms: values.map(() => 0) }
  return {
    slot: {
      at: start,
      sums: values.map((value, i) => (open.sums[i] ?? 0) + (value ?? 0) * ms),
      ms: values.map((value, i) => (open.ms[i] ?? 0) + (value === null ? 0 : ms)),
    },
    closed: slot === null || goesOn ? null : mean(slot),
  }
}

/** null when nothing is in it. CPU to the thousandth, so that small points stay small. */
export function mean({ at, sums, ms }: Slot): Point | null {
  if (ms.every((length) => length === 0)) return null
  return {
    at,
    values: sums.map((sum, i) => {
      const length = ms[i] ?? 0
      return length === 0 ? null : Math.round((sum / length) * 1000) / 1000
    }),
  }
}
