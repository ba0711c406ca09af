/** Questions are checked here, and written for a worker to answer. */
import { fault } from '../../faults'
import type { HostId, StudyId } from '../../model/ids'
import {
  type HostRecord,
  MOST_ADDED,
  REBALANCE,
  type StudyRecord,
  type StudyWish,
  type WhatIfChange,
} from '../../model/records'
import { attempt } from '../attempt'
import type { Context, Operator } from '../context'
import { created } from '../created'
import { drawId } from '../draw'
import { hostNamed } from '../named'
import type { RebalanceStudy, WhatIfStudy } from './operations'

export function studyRebalance(
  context: Context,
  operator: Operator,
  { goal, budget = REBALANCE.budget.usual, bandwidth = REBALANCE.bandwidth.usual }: RebalanceStudy,
): Promise<StudyRecord> {
  within('budget', budget, REBALANCE.budget.most)
  within('bandwidth', bandwidth, REBALANCE.bandwidth.most)
  return asked(context, operator, 'study-rebalance', () => ({ kind: 'rebalance', goal, budget, bandwidth }))
}

export function studyWhatIf(context: Context, operator: Operator, ask: WhatIfStudy): Promise<StudyRecord> {
  for (const { count } of ask.add ?? []) within('add', count, MOST_ADDED)
  const sum = (ask.add ?? []).reduce((all, { count }) => all + count, 0)
  if (sum > MOST_ADDED)
    throw fault('invalid', `add: ${sum} hosts are added, ${MOST_ADDED} can be in one question`, { field: 'add' })
  return asked(context, operator, 'study-what-if', () => {
    const changes = changesOf(context, ask)
    if (changes.length === 0)
      throw fault('missing', 'say what is to be different: lose, drain or add hosts', { field: 'lose' })
    return { kind: 'whatif', changes }
  })
}

export function within(field: string, value: number, most: number): void {
  if (Number.isInteger(value) && value >= 1 && value <= most) return
  throw fault('invalid', `${field} is a whole number from 1 to ${most}`, { field })
}

function changesOf(context: Context, { lose = [], drain = [], add = [] }: WhatIfStudy): readonly WhatIfChange[] {
  const hosts = (words: readonly string[]) => [...new Set(words.flatMap((word) => chosen(context, word)))]
  return [
    ...(lose.length > 0 ? [{ kind: 'lose', hosts: hosts(lose) } as const] : []),
    ...(drain.length > 0 ? [{ kind: 'drain', hosts: hosts(drain) } as const] : []),
    ...added(context, add),
  ]
}

/** Those that are like one host are said once. Faults: 'not-found', 'unsupported' for a provider: an account has no second one. */
function added(context: Context, add: NonNullable<WhatIfStudy['add']>): readonly WhatIfChange[] {
  const counts = new Map<HostId, number>()
  for (const { like, count } of add) {
    const { id, wish } = hostNamed(context, like)
    if (wish.provider !== undefined)
      throw fault('unsupported', `add: ${like} is a provider, and no host that there could be more of`, {
        field: 'add',
        subject: { kind: 'host', id: like },
      })
    counts.set(id, (counts.get(id) ?? 0) + count)
  }
  return [...counts].map(([like, count]) => ({ kind: 'add', like, count }))
}

/** A host's name, or `label=value`. Fault: 'not-found'. */
function chosen(context: Context, word: string): readonly HostId[] {
  const at = word.indexOf('=')
  if (at < 1) return [hostNamed(context, word).id]
  const [key, value] = [word.slice(0, at), word.slice(at + 1)]
  const has = ({ wish }: HostRecord) => (key === 'zone' ? wish.zone : wish.labels?.[key]) === value
  const found = context.mirror.all('host').filter(has)
  if (found.length > 0) return found.map(({ id }) => id)
  throw fault('not-found', `no host has the label ${word}`, { subject: { kind: 'host', id: word } })
}

/** The question is written; a worker answers it. */
export const asked = (
  context: Context,
  operator: Operator,
  what: string,
  asks: () => StudyWish['asks'],
): Promise<StudyRecord> =>
  attempt(context, operator.actor, what, async () => {
    await context.mirror.fresh()
    const wish: StudyWish = { asks: asks(), createdAt: context.clock.now(), by: operator.actor.user }
    const ref = { kind: 'study', id: drawId<StudyId>() } as const
    const create = { ref, project: null, wish, seen: null, journal: null, place: null, wake: true }
    return { value: created('study', create), change: { creates: [create] } }
  })
