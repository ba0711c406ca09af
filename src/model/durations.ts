export const HOUR_SECONDS = 3600
export const HOUR_MS = 1000 * HOUR_SECONDS

/** How long something lasts, as people write it. */
const SECONDS = { s: 1, m: 60, h: HOUR_SECONDS, d: 86_400 } as const

/** `12h`, `30d` in seconds; undefined when it is none. */
export function parseDuration(text: string): number | undefined {
  const [, count, unit] = /^(\d{1,9})([smhd])$/.exec(text) ?? []
  return count === undefined ? undefined : Number(count) * SECONDS[unit as keyof typeof SECONDS]
}
