import { formatEpoch } from '../../../src/model/epoch'
import type { ComputePlace, ComputeRecord, ComputeSeen } from '../../../src/model/records'
import type { Claim } from '../../../src/store/store'
import { TOLD } from '../journal'
import { runs, startsAgain } from '../seen'
import { across, type Next, type Work } from '../work'

/**
 * The order is given up and the machine stays on its host, with the reason told; null: there is nothing to tell. What it claims
 * on the other host ends in the same script. `record` carries what was last seen on its own host.
 */
export async function staying(
  work: Work,
  claim: Claim<'compute'>,
  record: ComputeRecord,
  level: number,
  because: string | null,
): Promise<Next> {
  const now = work.clock.now()
  const { moving, ...place } = record.place
  const trouble =
    because === null ? record.journal.trouble : { kind: TOLD, message: because, step: 'move' as const, at: now }
  const came = await across(work, 'place', claim.ref, () =>
    work.store.transfer(
      claim,
      {
        place: place satisfies ComputePlace,
        seen: { ...awake(record, moving?.ran === true), moves: Math.max(record.seen.moves ?? 0, level) },
        journal: { ...record.journal, failures: 0, trouble },
        // While it is on its way its place is its own job's alone; before, placement may have written another one.
        ...(moving
          ? { leave: { host: moving.to.host, ids: [record.id, ...moving.volumes] } }
          : { phase: claim.record.phase }),
        what: 'compute-stays',
      },
      now,
    ),
  )
  work.log.info({ vm: record.wish.name, epoch: formatEpoch(claim.epoch), because, came }, 'stays')
  return { at: now }
}

/** One that ran when it set out and was put to sleep for the way is started again. */
export const awake = (record: ComputeRecord, ran: boolean): ComputeSeen =>
  ran && !runs(record.seen.machine) ? { ...record.seen, starts: startsAgain(record) } : record.seen
