/**
 * The job of one console: looks at it when it was asked for, and forgets what was seen an hour after the last asking.
 *
 * A look at a console decides nothing, so it draws no epoch of the machine: it borrows the one that the machine's record names.
 * Should a newer claim look meanwhile, the guard refuses this one, and it is tried again a little later.
 */
import { asFault } from '../../src/faults'
import type { ComputeRecord, ConsoleSeen } from '../../src/model/records'
import type { Claim } from '../../src/store/store'
import { KEPT_MS, LOOK_AGAIN_MS, SHARE_AGAIN_MS } from './backoff'
import { targetOf } from './target'
import { within } from './within'
import { across, type Work } from './work'
import { writeSeen } from './write-seen'

/** Longer than a front waits: what a slow host says is there for who asks again. */
const CONSOLE_MS = 30_000
/** Nobody asks again for it any longer. */
const WANTED_MS = 60_000

export async function reconcileConsole(work: Work, id: string): Promise<void> {
  const ref = { kind: 'console', id } as const
  const claim = await across(work, 'claim', ref, () => work.store.claim('console', id, work.clock.now()))
  if (!claim) return
  const now = work.clock.now()
  const { wish, seen } = claim.record
  const compute = await work.store.read('compute', id)
  if (!compute || now >= wish.askedAt + KEPT_MS) {
    await work.store.forget(claim, [], now)
    return
  }
  const isAnswered = (seen?.asked ?? 0) >= wish.asked
  const next = isAnswered ? wish.askedAt + KEPT_MS : await inItsShare(work, claim, compute)
  await across(work, 'settle', ref, () => work.store.settle(claim, next, work.clock.now()))
}

/** When it is to be looked at again: a look may last as long as its host likes, and nobody's many looks keep all others waiting. */
async function inItsShare(work: Work, claim: Claim<'console'>, compute: ComputeRecord): Promise<number> {
  const { askedAt } = claim.record.wish
  const now = work.clock.now()
  const place = work.shares.take('console', claim.record.project)
  if (place === undefined) return now > askedAt + WANTED_MS ? askedAt + KEPT_MS : now + SHARE_AGAIN_MS
  try {
    return (await answer(work, claim, compute)) ? askedAt + KEPT_MS : now + LOOK_AGAIN_MS
  } finally {
    place.release()
  }
}

/** False: it could not be looked at now, and somebody may still be waiting for it. */
async function answer(work: Work, claim: Claim<'console'>, compute: ComputeRecord): Promise<boolean> {
  const text = await textOf(work, claim, compute)
  const now = work.clock.now()
  if (text === undefined) return now > claim.record.wish.askedAt + WANTED_MS
  const before = claim.record.seen
  // A machine that is nowhere any more keeps what was seen last.
  const seen: ConsoleSeen = { asked: claim.record.wish.asked, text: text ?? before?.text ?? null, at: now }
  await writeSeen(work, claim, seen, 'console-seen')
  return true
}

/** null: there is nothing to look at; undefined: it could not be looked at. The text is never logged. */
async function textOf(
  work: Work,
  claim: Claim<'console'>,
  { wish, place, epoch }: ComputeRecord,
): Promise<string | null | undefined> {
  const host = place.host === null ? undefined : await work.store.read('host', place.host)
  if (!host) return null
  try {
    const driver = work.driver(host.wish.driver)
    const ticket = { resource: wish.name, epoch }
    const looked = await across(work, 'look', claim.ref, () =>
      within(driver.console(targetOf(work, host), ticket), CONSOLE_MS),
    )
    return looked.text
  } catch (thrown) {
    const { kind, message } = asFault(thrown)
    if (kind === 'internal') throw thrown
    work.log.info({ vm: wish.name, fault: kind, message }, 'no look at a console')
    return kind === 'refused' || kind === 'unsupported' ? null : undefined
  }
}
