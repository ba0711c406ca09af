/** When a host that did not answer is asked again: pure. The longer it is silent the less often, but never late for what its silence decides. */
import { mayLast, runsOutAt } from '../../src/model/fencing'
import type { HostSeen } from '../../src/model/records'
import { sinceSilent } from './backoff'
import { COMMAND_AFTER_MS } from './fencing/decide'

/** Until its contact is lost it is asked sooner than one that answers. */
export const RETRY_MS = 2000

/** ms; `pollMs`: how often it is asked while it answers. Never less often than that. */
export function askSilentAgain({ contact, lostSince, grant }: HostSeen, pollMs: number, now: number): number {
  const soon = Math.min(RETRY_MS, pollMs)
  // Its watch ends nothing if it is heard of in time.
  const mayBeSaved = grant !== null && grant !== undefined && now < grant.at + mayLast(grant)
  if (contact === 'ok' || mayBeSaved) return soon
  const since = lostSince ?? now
  const decided = [since + COMMAND_AFTER_MS, grant ? runsOutAt(grant) : now].filter((at) => at > now)
  const grown = Math.max(soon, Math.min(sinceSilent(now, since), pollMs))
  return Math.min(grown, ...decided.map((at) => at - now))
}
