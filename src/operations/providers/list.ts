import type { Size } from '../../model/machine'
import { costOf, monthEnd, spentUntil } from '../../model/providers/money'
import type { Context } from '../context'
import { type HostWithUse, listHosts } from '../hosts'
import { freshEverywhere } from '../watch-computes'
import type { ListedProvider } from './operations'

/** By name, with what is taken and what it costs up to now. */
export async function listProviders(context: Context): Promise<readonly ListedProvider[]> {
  await freshEverywhere(context)
  const hosts = (await listHosts(context)).filter(({ wish }) => wish.provider !== undefined)
  const claims = await context.store.hostClaims(hosts.map(({ id }) => id))
  return hosts.map((host, at) => listed(context, host, Object.values(claims[at]?.claims ?? {})))
}

function listed({ mirror, clock }: Context, host: HostWithUse, claims: readonly string[]): ListedProvider {
  const now = clock.now()
  const offers = claims.map((text) => (JSON.parse(text) as Size).offer ?? '')
  const costing = mirror
    .all('compute')
    .flatMap(({ project, place }) =>
      place.host === host.id && place.offer
        ? [{ project: project ?? '', since: place.at, price: place.offer.price }]
        : [],
    )
  const { month, total, projects } = spentUntil(host.seen.spending, costing, now)
  const alarm = host.seen.alarm?.month === month ? host.seen.alarm : undefined
  const rest = monthEnd(now) - now
  const named = Object.entries(projects).map(
    ([id, spent]) => [(mirror.get('project', id)?.wish.name ?? id) || '-', spent] as const,
  )
  return {
    host,
    taken: Object.fromEntries([...new Set(offers)].map((type) => [type, offers.filter((one) => one === type).length])),
    month,
    spent: total,
    alarm: alarm ?? null,
    promised: costing.reduce((sum, { price }) => sum + costOf(price, rest), 0),
    projects: Object.fromEntries(named),
    images: Object.fromEntries(
      Object.entries(host.wish.provider?.images ?? {}).map(([id, theirs]) => [
        mirror.get('image', id)?.wish.ami ?? id,
        theirs,
      ]),
    ),
  }
}
