/**
 * From one list of a host to what is written of its machines: pure. Each machine's (epoch, rev) was read before the list
 * call; the store writes a finding only where both are unchanged, so a list that is older than the record changes nothing.
 */
import type { Ref } from '../../src/model/ids'
import type { MachineSighting } from '../../src/model/machine'
import type { ComputeRecord } from '../../src/model/records'
import type { Finding } from '../../src/store/store'
import { FENCED } from './fencing/after-fence'
import { movesPhase } from './phase'
import { plan } from './plan'
import { differs, nothingOf, type SeenOn, sighted } from './seen'
import { isShownAgain } from './vanished'

const finding = (record: ComputeRecord, seen: ComputeRecord['seen'], wake: boolean): Finding => ({
  ref: { kind: 'compute', id: record.id } satisfies Ref,
  project: record.project,
  epoch: record.epoch,
  rev: record.rev,
  seen,
  raisePhase: movesPhase(record, { seen, journal: record.journal }),
  wake,
})

/** What differs from the records, of machines whose place is this host; woken is what is not as its owner wants it. */
export function findings(
  records: readonly ComputeRecord[],
  machines: ReadonlyMap<string, MachineSighting>,
  on: SeenOn,
  now: number,
): readonly Finding[] {
  return records.flatMap((record) => {
    // Its own job looks at both of its hosts.
    if (record.place.moving) return []
    const machine = machines.get(record.wish.name) ?? nothingOf(record.wish.name)
    const seen = sighted(record, machine, on, now)
    if (!differs(seen, record.seen)) return []
    // What was said of a host that was given up, or of a machine that was not shown, is not true any more.
    const told = record.journal.trouble?.kind === FENCED || isShownAgain(record, machine)
    return [finding(record, seen, told || plan({ ...record, seen }, machine, now).kind !== 'nothing')]
  })
}

/** Their host has been silent for too long: what was last known stays, nothing is guessed. */
export const lostContact = (records: readonly ComputeRecord[]): readonly Finding[] =>
  records
    .filter((record) => record.seen.contact !== 'lost')
    .map((record) => finding(record, { ...record.seen, contact: 'lost' }, false))
