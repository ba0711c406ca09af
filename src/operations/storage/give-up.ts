/** An operator has a deleted volume forgotten whose disk nobody removes: its host is away for good, its provider's account is closed. */
import { fault } from '../../faults'
import { attemptOne } from '../attempt'
import type { Context, Operator } from '../context'
import { freshEverywhere } from '../watch-computes'
import { storageUpdate } from './attach'
import type { StorageView } from './operations'
import { storageWith, viewOf } from './read'

/** By UUID or EC2 name. Faults: 'not-found', 'state' for one that is not deleted, 'conflict', 'unavailable'. */
export const giveUpStorage = (context: Context, operator: Operator, word: string): Promise<StorageView> =>
  attemptOne(context, operator.actor, 'give-up-storage', async () => {
    await freshEverywhere(context)
    const { mirror } = context
    const record = storageWith(mirror, word)
    const { id, wish } = record
    if (wish.exists)
      throw fault('state', `the volume ${wish.name} is not deleted: only one that its owner deleted can be forgotten`, {
        subject: { kind: 'storage', id },
      })
    const abandoned = { abandoned: true as const }
    const after = { ...record, wish: { ...wish, ...abandoned } }
    return {
      value: viewOf(mirror, after),
      change: wish.abandoned ? undefined : { updates: [storageUpdate(record, abandoned)] },
    }
  })
