/**
 * A host that an operator removed: what is ours is taken off it, then its record goes. Machines and volumes are gone from it by
 * then (the wish is refused before), and the script refuses the removal should one have come.
 */
import { randomUUID } from 'node:crypto'
import { asFault } from '../../src/faults'
import { marksOf } from '../../src/model/host-marks'
import { type Claim, NOBODY } from '../../src/store/store'
import { targetOf } from './target'
import { within } from './within'
import { across, type Work } from './work'

const AGAIN_MS = 5_000
const LEAVE_MS = 120_000

/** ms until it is tried again. */
export async function removeHost(work: Work, claim: Claim<'host'>): Promise<number> {
  const { record, ref, generation } = claim
  try {
    const driver = work.driver(record.wish.driver)
    await across(work, 'act', ref, async () =>
      within(driver.leave?.(targetOf(work, record)) ?? Promise.resolve(), LEAVE_MS),
    )
  } catch (thrown) {
    const fault = asFault(thrown)
    if (fault.kind === 'internal') throw thrown
    await tell(work, claim, `it cannot be left: ${fault.message}`)
    return AGAIN_MS
  }
  const change = {
    operationId: randomUUID(),
    actor: NOBODY,
    what: 'host-left',
    removals: [{ ref, project: null, generation }],
    releases: marksOf(record.wish),
  }
  const { state } = await work.store.change(change, work.clock.now())
  work.log.info({ host: record.wish.name, state }, 'host left')
  return AGAIN_MS
}

async function tell(work: Work, claim: Claim<'host'>, message: string): Promise<void> {
  const { seen } = claim.record
  if (seen.message === message) return
  const now = work.clock.now()
  await across(work, 'result', claim.ref, () =>
    work.store.observe(claim, { seen: { ...seen, message }, what: 'host-not-left' }, now),
  )
}
