import type { Claim } from '../../src/store/store'
import { across, type Next, type Work } from './work'

/** The end of a job: when it is to come again; told at once where that is now, or where somebody wished or woke meanwhile. */
export async function settle(work: Work, claim: Claim, next: Next): Promise<void> {
  if (next === 'forgotten') return
  const now = work.clock.now()
  const state = await across(work, 'settle', claim.ref, () => work.store.settle(claim, next.at, now))
  if (state === 'due' || (next.at !== null && next.at <= now)) await work.queue.add([claim.ref])
}
