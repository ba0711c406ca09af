/**
 * The audit trail: events are written to files before the stream is trimmed. The position is recorded after the files are on
 * disk, so a crash in between reads the same events again, and what the file has already is left out.
 */
import { writeAudit } from '../../src/store/audit'
import { across, type Work } from './work'

/** How often, ms; the stream keeps far more than comes in that time. */
export const AUDIT_MS = 10_000

export async function reconcileAudit(work: Work): Promise<void> {
  const ref = { kind: 'audit', id: 'site' } as const
  const { store, auditFolder: folder, clock } = work
  const claim = await across(work, 'claim', ref, () => store.claim('audit', 'site', clock.now()))
  if (!claim) return
  const after = claim.record.seen?.upTo ?? '0'
  const upTo = await writeAudit({ store, folder, after })
  const now = clock.now()
  if (upTo !== after) await across(work, 'result', ref, () => store.observe(claim, { seen: { upTo }, what: '' }, now))
  await across(work, 'settle', ref, () => store.settle(claim, now + AUDIT_MS, now))
}
