/** What is called of an address (OCCI title and summary). */
import { attempt, type Proposal } from '../attempt'
import type { Caller, Context } from '../context'
import { checkTexts } from '../storage/check'
import { addressUpdate } from './associate'
import type { AddressView, ChangeAddressOrder } from './operations'
import { ownAddress, viewOf } from './read'

/** Only what is given changes, null takes it away. Faults: 'not-found', 'invalid', 'conflict', 'unavailable'. */
export async function changeAddress(context: Context, caller: Caller, order: ChangeAddressOrder): Promise<AddressView> {
  checkTexts(order)
  return attempt(context, caller.actor, 'change-address', async (): Promise<Proposal<AddressView>> => {
    await context.mirror.fresh(caller.project)
    const record = ownAddress(context.mirror, caller, order.address)
    const { title = record.wish.title, summary = record.wish.summary } = order
    const value = viewOf(context.mirror, { ...record, wish: { ...record.wish, title, summary } })
    const isSame = title === record.wish.title && summary === record.wish.summary
    if (isSame || order.dryRun) return { change: undefined, value }
    return { value, change: { updates: [addressUpdate(record, { title, summary })] } }
  })
}
