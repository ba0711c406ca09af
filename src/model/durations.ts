/** How long something lasts, as people write it. */
const SECONDS = { s: 1, m: 60, h: 3600, d: 86_400 } as const

/** `12h`, `30d` in seconds; undefined when it is none. */
export function parseDuration(text: string): number | undefined {
  const [, count, unit] = /^(\d{1,9})([smhd])$/.exec(text) ?? []
  return count === undefined ? undefined : Number(count) * SECONDS[unit as keyof typeof SECONDS]
}
