/** An operator's flag on a machine, as OpenNebula's `resched`: kept until the machine is elsewhere. */
import { fault } from '../../faults'
import type { ComputeRecord, Flag, RelocationWish } from '../../model/records'
import { attempt } from '../attempt'
import type { Context, Operator } from '../context'
import { findCompute } from '../watch-computes'

/** So many are flagged at a time, at most. */
const MOST_FLAGGED = 1000

/** Flagged already: nothing changes. Faults: 'not-found', 'state' while it has no place, 'too-large', 'conflict', 'unavailable'. */
export async function reschedule(context: Context, operator: Operator, nameOrId: string): Promise<ComputeRecord> {
  return attempt(context, operator.actor, 'reschedule-compute', async () => {
    const record = await findCompute(context, nameOrId)
    const site = await context.store.read('relocation', 'site')
    if (!site) throw fault('internal', 'the site has no record of relocations')
    const flagged = site.wish?.flagged ?? []
    const flag = flagFor(context, operator, record)
    if (flagged.some(({ id, from }) => id === flag.id && from === flag.from))
      return { value: record, change: undefined }
    if (flagged.length >= MOST_FLAGGED)
      throw fault('too-large', `${MOST_FLAGGED} machines are to be placed anew already; wait until some are`)
    const wish: RelocationWish = { ...site.wish, flagged: [...flagged.filter(({ id }) => id !== flag.id), flag] }
    const ref = { kind: 'relocation', id: 'site' } as const
    const update = { ref, project: null, generation: site.generation, wish, raisePhase: false, wake: true }
    return { value: record, change: { updates: [update] } }
  })
}

function flagFor({ clock }: Context, { actor }: Operator, { id, wish, place }: ComputeRecord): Flag {
  if (!wish.exists || place.host === null)
    throw fault('state', `the machine ${wish.name} has no place: it gets the next one that fits`, {
      subject: { kind: 'compute', id },
    })
  return { id, from: place.host, at: clock.now(), by: actor.user }
}
