import { fault } from '../../faults'
import type { HostId } from '../../model/ids'
import type { ProviderWish } from '../../model/providers/record'
import type { HostRecord } from '../../model/records'
import { seal } from '../../store/sealed'
import { attempt } from '../attempt'
import { checkName } from '../check-name'
import type { Context, Operator } from '../context'
import { created } from '../created'
import { drawId } from '../draw'
import { refuseTwinAccount } from '../host/refuse-twin'
import { newHost } from '../host-changes'
import { checkCurrency, checkEndpoint, checkKind, checkSettings, checkWord } from './check-order'
import type { ProviderAddition } from './operations'

/**
 * An account at a provider, without types and images: until it has some, no machine goes there. Simulated hosts stay, for a provider
 * is no host of the operator's own. Faults: 'invalid', 'exists', 'unavailable'.
 */
export function addProvider(context: Context, operator: Operator, order: ProviderAddition): Promise<HostRecord> {
  const { name, endpoint, region, account, secret, settings = {}, currency = 'USD' } = order
  const zone = order.zone ?? name.toLowerCase()
  checkName('host', 'name', name)
  checkName('zone', 'zone', zone)
  const kind = checkKind(order.kind)
  checkEndpoint(endpoint)
  checkWord('region', region)
  checkWord('account', account)
  checkWord('secret', secret, 4096)
  checkSettings(kind, settings)
  checkCurrency(currency)
  const id = drawId<HostId>()
  const provider: ProviderWish = {
    region,
    account,
    secret: seal(context.ring, id, secret),
    settings,
    types: [],
    limits: { cores: null, memoryMiB: null },
    images: {},
    latencyMs: null,
    burstAfterMs: 0,
    currency,
    budget: null,
  }
  return attempt(context, operator.actor, 'add-provider', async () => {
    await context.mirror.fresh()
    if (context.mirror.named(`host:${name}`))
      throw fault('exists', `there is a host or provider ${name} already`, { field: 'name' })
    refuseTwinAccount(context, { driver: kind, address: endpoint, provider }, name)
    const host = { name, zone, driver: kind, address: endpoint, account: { id, provider } }
    const { create, takes } = newHost(host, context.clock.now())
    return { value: created('host', create), change: { creates: [create], takes } }
  })
}
