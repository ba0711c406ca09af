import type { HostId } from '../../model/ids'
import type { Size } from '../../model/machine'
import { costOf, monthEnd, spentUntil } from '../../model/providers/money'
import { offerOfVolume } from '../../model/storage'
import type { Mirror } from '../../store/store'
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

/** Machines, volumes and addresses that cost something there. */
const costingAt = (mirror: Mirror, host: HostId) =>
  [
    ...mirror.all('compute').map(({ project, place }) => ({ project, place, offer: place.offer })),
    ...mirror.all('storage').map(({ project, place, wish }) => ({ project, place, offer: offerOfVolume(wish, place) })),
    ...mirror.all('address').map(({ project, place }) => ({ project, place, offer: place?.offer })),
  ].flatMap(({ project, place, offer }) =>
    place?.host === host && offer ? [{ project: project ?? '', since: place.at, price: offer.price }] : [],
  )

function listed({ mirror, clock }: Context, host: HostWithUse, claims: readonly string[]): ListedProvider {
  const now = clock.now()
  const offers = claims.map((text) => (JSON.parse(text) as Size).offer ?? '')
  const costing = costingAt(mirror, host.id)
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
