/**
 * The job of a study: it answers once, from one reading of the site. A rebalance that is run is followed until all of its moves are
 * through; the moves themselves are ordered by the site's relocation job. It is forgotten after a while.
 */
import { asFault } from '../../../src/faults'
import { NO_PRICES } from '../../../src/model/accounts'
import {
  isRunning,
  type QuoteAnswer,
  type QuoteAsk,
  RUNNING_STUDY,
  type StudyRecord,
  type StudySeen,
} from '../../../src/model/records'
import type { Claim } from '../../../src/store/store'
import { KEPT_MS } from '../backoff'
import { settle } from '../settle'
import { across, type Work } from '../work'
import { answerQuote, demandsOf } from './answer-quote'
import { answerRebalance } from './answer-rebalance'
import { answerReconcile } from './answer-reconcile'
import { answerWhatIf } from './answer-what-if'
import { follow } from './follow'
import { readSite } from './read-site'

const FOLLOW_MS = 1000
/** What was run is kept for a day after its end. */
const RUN_KEPT_MS = 24 * KEPT_MS

export async function reconcileStudy(work: Work, id: string): Promise<void> {
  const ref = { kind: 'study', id } as const
  const claim = await across(work, 'claim', ref, () => work.store.claim('study', id, work.clock.now()))
  if (!claim) return
  const { record } = claim
  const end = endOf(record)
  if (end !== null && work.clock.now() >= end) {
    await across(work, 'forget', ref, () => work.store.forget(claim, [], work.clock.now()))
    return
  }
  if (record.seen === null) {
    const answer = await answered(work, record)
    await write(work, claim, { at: work.clock.now(), answer })
    return settle(work, claim, { at: record.wish.run ? work.clock.now() : end })
  }
  if (!isRunning(record)) return settle(work, claim, { at: end })
  // Its moves are the relocation job's to order; that one forgets what it has not heard of.
  await work.store.wake([{ kind: 'relocation', id: 'site' }], work.clock.now())
  const seen = await follow(work, record)
  if (JSON.stringify(seen) !== JSON.stringify(record.seen)) await write(work, claim, seen)
  await settle(work, claim, { at: work.clock.now() + (seen.endedAt === undefined ? FOLLOW_MS : KEPT_MS) })
}

/** When it is forgotten; null: not while it runs. */
function endOf(record: StudyRecord): number | null {
  if (isRunning(record)) return null
  const { wish, seen } = record
  return seen?.endedAt === undefined ? wish.createdAt + KEPT_MS : seen.endedAt + RUN_KEPT_MS
}

async function answered(work: Work, { wish: { asks } }: StudyRecord): Promise<StudySeen['answer']> {
  const began = work.clock.now()
  try {
    if (asks.kind === 'quote') return await quote(work, asks)
    if (asks.kind === 'reconcile') return await answerReconcile(work, asks)
    const site = await readSite(work)
    const answer = asks.kind === 'rebalance' ? answerRebalance(site, asks) : answerWhatIf(site, asks)
    work.log.info({ study: asks.kind, hosts: site.hosts.length, ms: work.clock.now() - began }, 'studied')
    return answer
  } catch (thrown) {
    const { kind, message } = asFault(thrown)
    if (kind === 'internal' || kind === 'unavailable') throw thrown
    return { kind: 'none', message }
  }
}

async function quote(work: Work, ask: QuoteAsk): Promise<QuoteAnswer> {
  const demands = demandsOf(ask, work.placement)
  const [site, project, accounts] = await Promise.all([
    readSite(work, demands),
    ask.project === null ? undefined : work.store.read('project', ask.project),
    work.store.read('accounts', 'site'),
  ])
  return answerQuote(site, ask, { project, prices: accounts?.wish.prices ?? NO_PRICES, demands })
}

async function write(work: Work, claim: Claim<'study'>, seen: StudySeen): Promise<void> {
  const now = work.clock.now()
  const over = seen.endedAt === undefined ? {} : { releases: [RUNNING_STUDY] }
  await across(work, 'result', claim.ref, () =>
    work.store.observe(claim, { seen, ...over, what: 'study-answered' }, now),
  )
}
