/** What a snapshot's journal becomes. Pure. */
import { isUnsettled } from '../../../src/model/intents'
import type { SnapshotIntent, SnapshotJournal, SnapshotRecord, SnapshotSource } from '../../../src/model/storage'
import { formatKey } from '../key'

/** The former intent while its outcome is unknown, else a new attempt. */
export function announceSnapshot(
  { id, journal }: SnapshotRecord,
  direction: SnapshotIntent['direction'],
  left: SnapshotSource,
  now: number,
): { readonly journal: SnapshotJournal; readonly intent: SnapshotIntent } {
  const { intent: former } = journal
  if (former?.direction === direction && isUnsettled(former)) {
    const intent: SnapshotIntent = { ...former, outcome: 'open' }
    return { journal: { ...journal, intent }, intent }
  }
  const attempt = journal.attempts + 1
  const key = formatKey({ id, step: 'snapshot', direction, attempt })
  const intent: SnapshotIntent = { key, direction, attempt, at: now, outcome: 'open' }
  const failures = former?.direction === direction ? journal.failures : 0
  return { journal: { ...journal, intent, attempts: attempt, failures, left }, intent }
}

export const ended = (journal: SnapshotJournal, outcome: SnapshotIntent['outcome']): SnapshotJournal => ({
  ...journal,
  intent: journal.intent && { ...journal.intent, outcome },
  failures: outcome === 'failed' ? journal.failures + 1 : outcome === 'done' ? 0 : journal.failures,
})
