/** A moment as the admin API shows it; null: it has not come, or nobody knows when it was (0 in records). */
export const isoTime = (ms: number | null | undefined): string | null => (ms ? new Date(ms).toISOString() : null)
