/** Studies as the admin API shows them. */
import type { Fate, StudiedMove, StudyRecord } from '../model/records'
import { isoTime } from './render-time'

const showMove = ({ name, fromName, toName, how, seconds, gain, state, message }: StudiedMove) => ({
  instance: name,
  from: fromName,
  to: toName,
  how,
  seconds,
  gain,
  state,
  message,
})

/** `nameOf`: a project's name by its id. */
export function showStudy({ id, wish, seen }: StudyRecord, nameOf: (project: string | null) => string) {
  const { asks } = wish
  const showFate = ({ name, project, from, to, because }: Fate) => ({
    ...{ instance: name, project: nameOf(project), from, to, because },
  })
  const answer = seen?.answer
  return {
    id,
    kind: asks.kind,
    createdAt: isoTime(wish.createdAt),
    by: wish.by,
    answeredAt: isoTime(seen?.at),
    message: answer?.kind === 'none' ? answer.message : null,
    rebalance:
      asks.kind === 'rebalance'
        ? {
            ...{ goal: asks.goal, budget: asks.budget, bandwidth: asks.bandwidth },
            ...{
              ranAt: isoTime(wish.run?.at),
              cancelledAt: isoTime(wish.cancelled?.at),
              endedAt: isoTime(seen?.endedAt),
            },
            before: answer?.kind === 'rebalance' ? answer.before : null,
            after: answer?.kind === 'rebalance' ? answer.after : null,
            moves: answer?.kind === 'rebalance' ? answer.moves.map(showMove) : [],
          }
        : null,
    quote:
      asks.kind === 'quote' && answer?.kind === 'quote'
        ? {
            ...{ type: asks.size.type, count: asks.count, hours: asks.hours, project: nameOf(asks.project) },
            ...{ parts: answer.parts, left: answer.left, totals: answer.totals },
          }
        : null,
    reconcile:
      asks.kind === 'reconcile' && answer?.kind === 'reconcile'
        ? {
            ...{ provider: asks.providerName, month: asks.month, withinSeconds: asks.withinSeconds },
            ...{ at: isoTime(answer.at), agreed: answer.agreed, seconds: answer.seconds, taken: answer.taken },
            ...{ shifted: answer.shifted, differences: answer.differences, more: answer.more },
          }
        : null,
    whatif:
      answer?.kind === 'whatif'
        ? {
            ...{ hosts: answer.hosts, counts: answer.counts },
            move: answer.move.map(showFate),
            stay: answer.stay.map(showFate),
            wait: answer.wait.map(showFate),
            unfit: answer.unfit.map(showFate),
          }
        : null,
  }
}
