/**
 * A machine whose guest shut it down and whose owner wants it gone then. This is the one wish that a worker makes: the owner's
 * own, written ahead of time, of which only the guest knows the hour. It names the generation that was decided on, so a start
 * or any other wish that came meanwhile wins.
 */
import { randomUUID } from 'node:crypto'
import { type ComputeRecord, groupRefs } from '../../src/model/records'
import { type Claim, NOBODY } from '../../src/store/store'
import type { Next, Work } from './work'

/** Its end is wished; the same job comes again and walks the ladder down. */
export async function endByItself(work: Work, claim: Claim<'compute'>, record: ComputeRecord): Promise<Next> {
  const now = work.clock.now()
  const { ref, generation } = claim
  const wish = {
    ...record.wish,
    exists: false,
    how: 'hard',
    deletedAt: now,
    reason: 'Client.InstanceInitiatedShutdown: Instance initiated shutdown',
  }
  const update = { ref, project: record.project, generation, wish, raisePhase: true, wake: true }
  const { state } = await work.store.change(
    {
      operationId: randomUUID(),
      actor: NOBODY,
      what: 'compute-ended-by-itself',
      updates: [update],
      wakes: groupRefs(record),
    },
    now,
  )
  work.log.info({ vm: record.wish.name, state }, 'ended by itself')
  return { at: now }
}
