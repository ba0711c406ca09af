/**
 * The job of a look at a foreign domain: asks its host once, writes what it tells, and forgets it after an hour. Nothing on the host
 * is changed, and no claim of a machine's is asked: there is no machine yet.
 */
import { asFault } from '../../src/faults'
import type { ForeignLookSeen, ForeignLookWish } from '../../src/model/records'
import { KEPT_MS } from './backoff'
import { targetOf } from './target'
import { within } from './within'
import { across, type Work } from './work'
import { writeSeen } from './write-seen'

const LOOK_MS = 60_000

export async function reconcileForeignLook(work: Work, id: string): Promise<void> {
  const ref = { kind: 'foreignlook', id } as const
  const claim = await across(work, 'claim', ref, () => work.store.claim('foreignlook', id, work.clock.now()))
  if (!claim) return
  const { wish, seen } = claim.record
  const end = wish.createdAt + KEPT_MS
  if (work.clock.now() >= end) {
    await across(work, 'forget', ref, () => work.store.forget(claim, [], work.clock.now()))
    return
  }
  if (seen === null) {
    const found = await across(work, 'look', ref, () => look(work, wish))
    const now = work.clock.now()
    const next: ForeignLookSeen = { at: now, ...found }
    await writeSeen(work, claim, next, 'foreign-looked-at')
    const obstacles = found.machine?.obstacles.length ?? null
    work.log.info({ host: wish.host, domain: wish.domain, obstacles }, 'foreign domain looked at')
  }
  await across(work, 'settle', ref, () => work.store.settle(claim, end, work.clock.now()))
}

/** A host that cannot be asked, or that refuses, is what was found. */
async function look(work: Work, { host, domain }: ForeignLookWish): Promise<Omit<ForeignLookSeen, 'at'>> {
  const record = await work.store.read('host', host)
  if (!record) return { machine: null, message: 'the host is not there any more' }
  try {
    const driver = work.driver(record.wish.driver)
    if (!driver.foreign) return { machine: null, message: 'nothing can be taken over on hosts of its kind' }
    return { machine: await within(driver.foreign(targetOf(work, record), domain), LOOK_MS), message: null }
  } catch (thrown) {
    const { kind, message } = asFault(thrown)
    if (kind === 'internal') throw thrown
    return { machine: null, message }
  }
}
