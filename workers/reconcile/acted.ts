/** An announced effect is carried out: every job that has effects does it so. */
import { asFault, type Fault } from '../../src/faults'
import { formatEpoch } from '../../src/model/epoch'
import type { Claim } from '../../src/store/store'
import type { Effect } from '../drivers/driver'
import { within } from './within'
import { across, type Work } from './work'

/** What came of an effect: how its driver says it stands, or the fault that it ended with. */
export type Outcome<T = null> = Effect<T> | Fault

/** Faults thrown: 'internal', which is ours and says nothing of the effect. */
export async function acted<T>(work: Work, { ref }: Claim, effect: () => Promise<Effect<T>>): Promise<Outcome<T>> {
  try {
    return await across(work, 'act', ref, () => within(effect()))
  } catch (thrown) {
    const fault = asFault(thrown)
    if (fault.kind === 'internal') throw thrown
    return fault
  }
}

/** One line a step. `of`: what it was done to, and which step; `intent`: under whose key. */
export function tellStep<T>(
  work: Work,
  { epoch }: Claim,
  of: Readonly<Record<string, string | number | undefined>>,
  intent: { readonly key: string; readonly began: number },
  outcome: Outcome<T>,
): void {
  const ms = work.clock.now() - intent.began
  const came = 'kind' in outcome ? outcome.kind : outcome.state
  work.log.info({ ...of, epoch: formatEpoch(epoch), ms, outcome: came, key: intent.key }, 'step')
}
