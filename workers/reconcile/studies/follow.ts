/** How far a rebalance that runs is: each of its moves, from the machine's record and from what the relocation job says of it. */
import {
  type ComputeRecord,
  isOpen,
  type Leaver,
  type StudiedMove,
  type StudyRecord,
  type StudySeen,
} from '../../../src/model/records'
import type { Work } from '../work'

/** A move that found no room for so long after the run began is given up. */
const PATIENCE_MS = 15 * 60_000

export async function follow(work: Work, { wish, seen }: StudyRecord): Promise<StudySeen> {
  if (seen?.answer.kind !== 'rebalance' || !wish.run) throw new Error('what does not run is not followed')
  const { answer } = seen
  const begun = answer.moves.map((move) => (move.state === 'planned' ? { ...move, state: 'waits' as const } : move))
  const open = begun.filter(isOpen)
  const [records, site] = await Promise.all([
    work.store.readMany(
      'compute',
      open.map(({ machine }) => machine),
    ),
    work.store.read('relocation', 'site'),
  ])
  const now = work.clock.now()
  const machines = new Map(records.map((record, at) => [open[at]?.machine, record]))
  const leavers = new Map(site?.seen?.leavers.map((leaver) => [leaver.id, leaver]))
  const circumstances = { isLate: now - wish.run.at > PATIENCE_MS, isCancelled: wish.cancelled !== undefined }
  const moves = begun.map((move) =>
    isOpen(move) ? stand(move, machines.get(move.machine), leavers.get(move.machine), circumstances) : move,
  )
  const isOver = !moves.some(isOpen)
  return { ...seen, answer: { ...answer, moves }, ...(isOver ? { endedAt: now } : {}) }
}

interface Circumstances {
  readonly isLate: boolean
  readonly isCancelled: boolean
}

function stand(
  move: StudiedMove,
  record: ComputeRecord | undefined,
  leaver: Leaver | undefined,
  { isLate, isCancelled }: Circumstances,
): StudiedMove {
  if (!record?.wish.exists) return { ...move, state: 'elsewhere', message: 'it was deleted' }
  if (record.place.host === move.to) return { ...move, state: 'done', message: null }
  if (record.place.host !== move.from) return { ...move, state: 'elsewhere', message: 'it was moved otherwise' }
  const isUnderWay = record.place.moving !== undefined || (record.wish.move?.level ?? 0) > (record.seen.moves ?? 0)
  if (isUnderWay) return { ...move, state: 'moving', message: null }
  const mine = leaver?.cause === 'rebalance' && leaver.from === move.from ? leaver : undefined
  const refusal = mine?.refused?.at(-1)
  if (refusal) return { ...move, state: 'refused', message: refusal.message }
  if (isCancelled) return { ...move, state: 'cancelled', message: null }
  const message = mine?.message ?? null
  return isLate
    ? { ...move, state: 'refused', message: message ?? 'its turn did not come' }
    : { ...move, state: 'waits', message }
}
