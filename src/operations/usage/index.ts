import type { Context } from '../context'
import type { UsageOperations } from './operations'
import { siteUsage, usagePoints } from './read-usage'

/** `reading`: shows its last known state while Redis is away. */
export const openUsage = (reading: Context): UsageOperations => ({
  siteUsage: () => siteUsage(reading),
  usagePoints: (_operator, of, window) => usagePoints(reading, of, window),
})
