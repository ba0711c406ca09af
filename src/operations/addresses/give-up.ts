/** An operator has an address forgotten that its provider does not take back: its account is closed, or nobody answers there any more. */
import { fault } from '../../faults'
import { isLeased } from '../../model/provider-addresses'
import { attemptOne } from '../attempt'
import type { Context, Operator } from '../context'
import { freshEverywhere } from '../watch-computes'
import { addressUpdate } from './associate'
import type { AddressView } from './operations'
import { addressWith, viewOf } from './read'

/** By UUID, EC2 name or the address itself. Faults: 'not-found', 'state' for one that somebody has, 'conflict', 'unavailable'. */
export const giveUpAddress = (context: Context, operator: Operator, word: string): Promise<AddressView> =>
  attemptOne(context, operator.actor, 'give-up-address', async () => {
    await freshEverywhere(context)
    const { mirror } = context
    const record = addressWith(mirror, word)
    const { id, wish } = record
    if (isLeased(record))
      throw fault('state', `the address ${wish.name} is leased: only one that was given back can be forgotten`, {
        subject: { kind: 'address', id },
      })
    const after = { ...record, wish: { ...wish, abandoned: true as const } }
    const update = { ...addressUpdate(record, { abandoned: true }), wake: true }
    return { value: viewOf(mirror, after), change: wish.abandoned ? undefined : { updates: [update] } }
  })
