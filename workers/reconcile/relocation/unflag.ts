import { randomUUID } from 'node:crypto'
import type { Flag, RelocationWish } from '../../../src/model/records'
import { type Claim, NOBODY } from '../../../src/store/store'
import type { Work } from '../work'

/** Takes flags off that are through. Another wish that came meanwhile wins: then it is done with the next turn. */
export async function unflag(work: Work, { ref, record }: Claim<'relocation'>, over: readonly Flag[]): Promise<void> {
  const flagged = (record.wish?.flagged ?? []).filter((flag) => !over.includes(flag))
  const wish: RelocationWish = { ...record.wish, flagged }
  const update = { ref, project: null, generation: record.generation, wish, raisePhase: false, wake: false }
  await work.store.change(
    { operationId: randomUUID(), actor: NOBODY, what: 'relocation-through', updates: [update] },
    work.clock.now(),
  )
}
