/**
 * Deleting networks of a project: refused while machines are on them. A machine that is ordered on one meanwhile changes what its project
 * shows, so the script refuses and it is decided again; one that is ordered afterwards holds the generations of its networks.
 */
import { fault } from '../../faults'
import { attemptOne, type Propose } from '../attempt'
import type { Caller, Context } from '../context'
import { MOST_AT_ONCE } from '../run/check-order'
import type { NetworkOperations } from './operations'
import { ownNetwork, refuseUsed } from './read'

type Order = Parameters<NetworkOperations['deleteNetworks']>[1]

/** Faults: 'not-found' (also for what is deleted), 'forbidden', 'in-use' naming machines, 'too-large', 'conflict', 'unavailable'. */
export const deleteNetworks = async (context: Context, caller: Caller, order: Order): Promise<void> =>
  attemptOne(context, caller.actor, 'delete-networks', deletingNetworks(caller, order))

/** The decision by itself. */
export function deletingNetworks(caller: Caller, order: Order): Propose<void> {
  const ids = [...new Set(order.ids)]
  if (ids.length > MOST_AT_ONCE)
    throw fault('too-large', `at most ${MOST_AT_ONCE} networks can be named at once`, { field: 'ids' })
  return async ({ mirror }) => {
    const { project } = caller
    await mirror.fresh(project)
    const records = ids.map((id) => ownNetwork(mirror, caller, id))
    for (const record of records) refuseUsed(mirror, record)
    if (order.dryRun || records.length === 0) return { change: undefined, value: undefined }
    const updates = records.map(({ id, generation, wish }) => ({
      ref: { kind: 'network', id } as const,
      project,
      generation,
      wish: { ...wish, exists: false },
      raisePhase: false,
      wake: true,
    }))
    return { change: { updates, unchanged: [{ project, revision: mirror.revision(project) }] }, value: undefined }
  }
}
