import type { CostReport } from '../accounts/operations'
import type { Context } from '../context'
import type { UsageOperations } from './operations'
import { siteUsage, usagePoints } from './read-usage'

/** `reading`: shows its last known state while Redis is away. */
export const openUsage = (reading: Context, costs: () => Promise<CostReport>): UsageOperations => ({
  siteUsage: () => siteUsage(reading, costs),
  usagePoints: (_operator, of, window) => usagePoints(reading, of, window),
})
