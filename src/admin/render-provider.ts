/** Accounts at providers as the admin API shows them: each field is named here, and no secret is one. Amounts are millionths. */

import { USUAL_ALARM } from '../model/accounts'
import { HOME, regionsOf } from '../model/providers/record'
import type { ListedProvider } from '../operations/providers/operations'
import { isoTime } from './render-time'

export const showProvider = ({ host, taken, month, spent, alarm, promised, projects, images }: ListedProvider) => {
  const { wish, seen } = host
  const provider = wish.provider
  return {
    id: host.id,
    name: wish.name,
    kind: wish.driver,
    endpoint: wish.address,
    region: provider?.region ?? '',
    zone: wish.zone,
    account: provider?.account ?? '',
    settings: provider?.settings ?? {},
    enabled: wish.enabled,
    removing: wish.removing,
    contact: seen.contact,
    message: seen.message,
    machines: host.used.machines,
    types: (provider?.types ?? []).map((type) => ({ ...type, taken: taken[type.name] ?? 0 })),
    limits: provider?.limits ?? { cores: null, memoryMiB: null },
    images,
    latencyMs: provider?.latencyMs ?? null,
    burstAfterMs: provider?.burstAfterMs ?? 0,
    currency: provider?.currency ?? '',
    budget: provider?.budget ?? null,
    allowed: provider?.allowed ?? {},
    dataRegions: provider === undefined ? [] : regionsOf(provider),
    home: provider?.home ?? HOME,
    alarmAt: provider?.alarmAt ?? USUAL_ALARM,
    stopAtBudget: provider?.stopAtBudget === true,
    prices: provider?.prices ?? {},
    alarm,
    month,
    spent,
    promised,
    projects,
    orphans: seen.orphans,
    strays: Object.entries(seen.strays ?? {}).map(([name, { object, type, since, price }]) => ({
      ...{ name, object, type, price },
      since: isoTime(since),
    })),
  }
}
