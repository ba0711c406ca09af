/**
 * Deleting networks of a project: refused while machines are on them.
 *
 * The wish for the end is written first and the machines are looked at once more: every order holds the generations of its networks, so
 * none that was checked before can be written after. One that came in between makes the deletion be taken back.
 */
import { asFault, fault } from '../../faults'
import type { NetworkId } from '../../model/ids'
import { attempt } from '../attempt'
import type { Caller, Context } from '../context'
import { MOST_AT_ONCE } from '../run/check-order'
import type { NetworkOperations } from './operations'
import { ownNetwork, refuseUsed } from './read'

type Order = Parameters<NetworkOperations['deleteNetworks']>[1]

/** Faults: 'not-found' (also for what is deleted), 'forbidden', 'in-use' naming machines, 'too-large', 'conflict', 'unavailable'. */
export async function deleteNetworks(context: Context, caller: Caller, order: Order): Promise<void> {
  const ids = [...new Set(order.ids)]
  if (ids.length > MOST_AT_ONCE)
    throw fault('too-large', `at most ${MOST_AT_ONCE} networks can be named at once`, { field: 'ids' })
  await wish(context, caller, ids, order.dryRun ? 'asked only' : 'unwanted')
  if (order.dryRun) return
  try {
    await context.mirror.fresh(caller.project)
    for (const id of ids) {
      const record = context.mirror.get('network', id)
      if (record) refuseUsed(context.mirror, record)
    }
  } catch (thrown) {
    // Whatever else went wrong, nobody is known to be on them: a worker looks once more before it removes anything.
    if (asFault(thrown).kind !== 'in-use') throw thrown
    await wish(context, caller, ids, 'wanted')
    throw thrown
  }
}

const wish = (
  context: Context,
  caller: Caller,
  ids: readonly NetworkId[],
  as: 'wanted' | 'unwanted' | 'asked only',
): Promise<void> =>
  attempt(context, caller.actor, as === 'wanted' ? 'keep-networks' : 'delete-networks', async () => {
    await context.mirror.fresh(caller.project)
    const records = ids.flatMap((id) => {
      if (as !== 'wanted') return ownNetwork(context.mirror, caller, id)
      const record = context.mirror.get('network', id)
      return record?.project === caller.project ? record : []
    })
    if (as !== 'wanted') for (const record of records) refuseUsed(context.mirror, record)
    if (as === 'asked only' || records.length === 0) return { change: undefined, value: undefined }
    const updates = records.map(({ id, project, generation, wish: before }) => ({
      ref: { kind: 'network', id } as const,
      project,
      generation,
      wish: { ...before, exists: as === 'wanted' },
      raisePhase: false,
      wake: true,
    }))
    return { change: { updates }, value: undefined }
  })
