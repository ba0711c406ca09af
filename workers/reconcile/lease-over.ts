/**
 * The end of a machine's lease: its owner's wish, written ahead of time with the terms, and made now. It names the generation that was
 * decided on, so whatever was wished meanwhile wins, and the end is looked at again. One that is stopped keeps its disks and gives
 * its place back, which placement does once nothing of it runs (placement/give-way.ts): started again, it waits for a place as any
 * machine does.
 */
import { randomUUID } from 'node:crypto'
import { endOf } from '../../src/model/lease'
import type { ComputeRecord, ComputeWish } from '../../src/model/records'
import { type Claim, NOBODY } from '../../src/store/store'
import { endByItself } from './end-by-itself'
import type { Next, Work } from './work'

const REASON = 'Server.ScheduledStop: the time of its lease is over'

/** Whether its time is over; undefined: it has no end, or is not there yet. */
export const isLeaseOver = (record: ComputeRecord, now: number): boolean =>
  (endOf(record) ?? Number.POSITIVE_INFINITY) <= now

/** A job that has nothing else to do comes back at the end. */
export function byItsEnd(record: ComputeRecord, next: Next): Next {
  const end = endOf(record)
  if (next === 'forgotten' || end === undefined) return next
  return { at: Math.min(next.at ?? end, end) }
}

/** Its end is wished; the same job comes again. Faults: 'unavailable'. */
export async function endLease(work: Work, claim: Claim<'compute'>): Promise<Next> {
  const { ref, generation, record } = claim
  if (record.wish.lease?.atEnd === 'terminate')
    return endByItself(work, claim, { reason: REASON, what: 'compute-lease-over' })
  const now = work.clock.now()
  const wish: ComputeWish = {
    ...record.wish,
    ...(record.wish.power === 'on' ? { power: 'off', how: 'graceful', reason: REASON } : {}),
    lease: { ...record.wish.lease, over: now },
  }
  const placement = { kind: 'placement', id: 'site' } as const
  const { state } = await work.store.change(
    {
      operationId: randomUUID(),
      actor: NOBODY,
      what: 'compute-lease-over',
      updates: [{ ref, project: record.project, generation, wish, raisePhase: true, wake: true }],
      // Placement takes its place back, and looks at those that are told to wait alone.
      waiting: [record.id],
    },
    now,
  )
  if (state === 'done') await work.queue.add([placement])
  work.log.info({ vm: record.wish.name, state }, 'compute-lease-over')
  return { at: now }
}
