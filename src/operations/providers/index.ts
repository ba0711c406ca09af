import type { HostCheckId } from '../../model/ids'
import type { HostCheckRecord, HostCheckWish } from '../../model/records'
import { attempt } from '../attempt'
import type { Context, Operator } from '../context'
import { created } from '../created'
import { drawId } from '../draw'
import { openPartners } from '../partners'
import { addProvider } from './add'
import { setProvider } from './change'
import { listProviders } from './list'
import type { ProviderOperations } from './operations'
import { providerNamed } from './provider-named'

export const openProviders = (context: Context): ProviderOperations => ({
  ...openPartners(context),
  addProvider: (operator, order) => addProvider(context, operator, order),
  listProviders: () => listProviders(context),
  setProvider: (operator, name, change) => setProvider(context, operator, name, change),
  checkProvider: (operator, name) => checkProvider(context, operator, name),
})

/** Fault: 'not-found'. */
function checkProvider(context: Context, operator: Operator, name: string): Promise<HostCheckRecord> {
  return attempt(context, operator.actor, 'check-provider', async () => {
    await context.mirror.fresh()
    const { id: provider, wish: of } = providerNamed(context, name)
    const id = drawId<HostCheckId>()
    const { driver, address } = of
    const createdAt = context.clock.now()
    const wish: HostCheckWish = { name, driver, address, provider, hostKeys: [], mends: false, createdAt }
    const ref = { kind: 'hostcheck', id } as const
    const create = { ref, project: null, wish, seen: null, journal: null, place: null, wake: true }
    return { value: created('hostcheck', create), change: { creates: [create] } }
  })
}
