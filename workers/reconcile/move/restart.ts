/**
 * A machine that its host cannot move: it is shut down as its owner would stop it, what its host has of it but the disks goes, and it
 * is started on the other host, which has the same storage.
 *
 * Why it never runs twice: the other host gets nothing before a look by this very claim showed that nothing but disks is left here;
 * from then on this host refuses every older claim. Why nothing is lost: its disks lie on storage that both hosts were seen to have
 * under this claim, before anything was ended, and are left out of what is taken down.
 */
import type { MachineSighting } from '../../../src/model/machine'
import type { ComputeRecord, Moving } from '../../../src/model/records'
import type { Claim } from '../../../src/store/store'
import { act } from '../act'
import { type Decision, plan } from '../plan'
import { runs } from '../seen'
import type { Next, Work } from '../work'
import { arrive } from './arrive'
import type { Both } from './look-at-both'
import { staying } from './stay'
import { takeVolumesAlong } from './volumes'

/** `record` carries what was seen of it here. Faults thrown: stale, busy. */
export async function restartElsewhere(
  work: Work,
  claim: Claim<'compute'>,
  record: ComputeRecord,
  moving: Moving,
  both: Both,
): Promise<Next> {
  const { here, there } = both
  const stays = (because: string | null) =>
    staying(work, claim, record, moving.level, because === null ? null : `it was not moved: ${because}`)
  // What is deleted, or ordered elsewhere, meanwhile goes on from here, whatever is left of it.
  if (!record.wish.exists || record.wish.move?.level !== moving.level) return stays(null)
  if (!there) return stays('the other host does not answer')
  const lacking = ownDisks(record, here.machine).find((name) => !there.machine.disks.some((disk) => disk.name === name))
  if (lacking !== undefined) return stays(`its disk ${lacking} is not seen on the other host`)
  const isBegun = record.journal.intent !== null && record.journal.intent.at >= moving.since
  const between = { driver: here.driver, targets: [here.target, there.target] }
  const taken = isBegun ? '' : await takeVolumesAlong(work, record, moving, between)
  if (taken !== '') return stays(typeof taken === 'string' ? taken : taken.message)
  const decision = downward(record, here.machine, work.clock.now())
  if (decision.kind === 'leave') return arrive(work, claim, record, moving, both)
  const came = await act(work, claim, { record, ...here, decision }, decision)
  if (came === 'forgotten' || 'deed' in came) return { at: work.clock.now() }
  return came.at === null ? { at: work.clock.now() } : came
}

const isOwn = ({ wish }: ComputeRecord, disk: string): boolean => disk.startsWith(`${wish.name}-`)

const ownDisks = (record: ComputeRecord, { disks }: MachineSighting): readonly string[] =>
  disks.flatMap(({ name }) => (isOwn(record, name) ? [name] : []))

/** The guest is asked to shut down as for a stop; then the ladder is walked down to its disks. */
export function downward(
  record: ComputeRecord,
  machine: MachineSighting,
  now: number,
): Exclude<Decision, { kind: 'lost' }> {
  const rest = { ...machine, disks: machine.disks.filter(({ name }) => !isOwn(record, name)) }
  const decision = runs(machine)
    ? plan({ ...record, wish: { ...record.wish, power: 'off', how: 'graceful' } }, machine, now)
    : plan({ ...record, wish: { ...record.wish, exists: false } }, rest, now)
  return decision.kind === 'lost' ? { kind: 'leave' } : decision
}
