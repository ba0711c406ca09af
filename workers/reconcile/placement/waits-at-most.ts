import { PARTNER_WAIT_S } from '../../../src/model/federation'
import type { ComputeRecord } from '../../../src/model/records'

/**
 * Seconds after which a machine that waits for a place is given up; undefined: it waits as long as it takes. One that was sent here by a
 * partner's gateway is not made to wait where its project says nothing of it, as long as it never ran: its gateway looks for another place then,
 * and orders that went in a circle come to their end.
 */
export function waitsAtMost(
  { place, project, seen, wish }: Pick<ComputeRecord, 'place' | 'project' | 'seen' | 'wish'>,
  timeouts: ReadonlyMap<string, number>,
): number | undefined {
  // One that gave its place away has waited for others, and is never given up.
  if (place.parked) return undefined
  const said = timeouts.get(project ?? '')
  const isSent = wish.origin !== undefined && wish.lease === undefined && seen.startedAt === null
  return said ?? (isSent ? PARTNER_WAIT_S : undefined)
}
