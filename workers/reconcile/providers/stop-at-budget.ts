/**
 * The month's budget of a provider is spent and its operator wants nothing to run there then: its machines are stopped, as their owners
 * would stop them. They are never ended, so nothing of them is lost; whoever starts one while the budget is spent has it stopped
 * again, and when a new month begins owners start theirs themselves.
 *
 * A wish that a worker makes, as end-by-itself.ts: it names the generation and phase that were read, so whatever an owner wished meanwhile wins,
 * and the next look decides anew.
 */
import { randomUUID } from 'node:crypto'
import { isSpent } from '../../../src/model/providers/money'
import type { ComputeRecord, HostRecord, HostSeen } from '../../../src/model/records'
import { NOBODY, type Update } from '../../../src/store/store'
import type { Work } from '../work'

/** Told to the owner (EC2 StateTransitionReason). Whose budget it is, is the operator's business. */
const REASON = 'Server.BudgetSpent: the budget of its provider is spent for this month'
/** So many with one look; the rest is stopped by the next. */
const MOST = 100

const toStop = ({ wish }: ComputeRecord): boolean => wish.exists && wish.power === 'on'

export async function stopAtBudget(
  work: Work,
  { wish: { provider, name } }: HostRecord,
  { spending }: HostSeen,
  records: readonly ComputeRecord[],
): Promise<void> {
  const now = work.clock.now()
  if (provider?.stopAtBudget !== true || !isSpent(provider.budget, spending, now)) return
  const running = records.filter(toStop).slice(0, MOST)
  for (const record of running) {
    const { state } = await work.store.change(
      { operationId: randomUUID(), actor: NOBODY, what: 'compute-stopped-at-budget', updates: [stopping(record)] },
      now,
    )
    work.log.warn({ vm: record.wish.name, provider: name, state }, 'stopped: the budget is spent')
  }
  if (running.length > 0) await work.queue.add(running.map(({ id }) => ({ kind: 'compute', id })))
}

function stopping({ id, project, generation, phase, wish }: ComputeRecord): Update {
  const stopped = { ...wish, power: 'off', how: 'graceful', reason: REASON } as const
  return { ref: { kind: 'compute', id }, project, generation, phase, wish: stopped, raisePhase: true, wake: true }
}
