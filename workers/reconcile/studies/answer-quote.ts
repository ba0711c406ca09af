/**
 * Where machines would go if they were ordered now, and what they would cost there: the same code that places them, on the site as it is.
 * Whoever waits already has its turn before, and leases their time, as they are planned. Nothing is promised by it: a moment later the site
 * may be another.
 */
import { type Money, type PriceBook, totals } from '../../../src/model/accounts'
import type { ComputeId } from '../../../src/model/ids'
import {
  type BurstDemand,
  type Demand,
  type HostView,
  hasProvider,
  hourOfOffer,
  hourOn,
  type PlacementWish,
  patienceOf,
  preferenceOf,
  reasonsTold,
} from '../../../src/model/placement'
import type { ProjectRecord, QuoteAnswer, QuoteAsk, QuotedPart } from '../../../src/model/records'
import { type Placed, type Plan, place } from '../../scheduler/place'
import { withGroups } from '../placement/groups'
import { isLeased, promisedIf } from './promised-if'
import type { StudiedSite } from './read-site'

/** What they would ask of hosts, as long as nobody knows of providers. `site`: what counts where nobody says anything. */
export const demandsOf = (
  { count, size, zone, project, placement }: QuoteAsk,
  site: PlacementWish | undefined,
): readonly Demand[] =>
  Array.from({ length: count }, (_, at) => ({
    id: `quote-${String(at).padStart(4, '0')}` as ComputeId,
    ...{ size, zone, avoid: [], project },
    ...(placement || site ? { preference: preferenceOf([placement ?? undefined, site]) } : {}),
  }))

interface Beside {
  readonly project: ProjectRecord | undefined
  readonly prices: PriceBook
  /** As `demandsOf` makes them. */
  readonly demands: readonly Demand[]
}

export function answerQuote(site: StudiedSite, ask: QuoteAsk, { project, prices, demands }: Beside): QuoteAnswer {
  const burst = burstOf(site, ask, project)
  const quoted = demands.map((demand) => (burst ? { ...demand, burst } : demand))
  const { views: hosts } = promisedIf(site, { gone: new Set(), views: site.views })
  const waiting = site.waiting.filter((one) => !isLeased(one))
  const ahead = withGroups(
    waiting.map(({ demand }) => demand),
    waiting.map(({ record }) => record),
    site.groups,
    hosts,
    site.held,
  )
  const machines = [...ahead, ...quoted]
  const plan = place({ hosts, machines }, machines.length)
  const ours = new Set(quoted.map(({ id }) => id))
  const views = new Map(hosts.map((view) => [view.id, view]))
  const parts = partsOf(
    plan.placed.filter(({ machine }) => ours.has(machine)),
    views,
    ask,
    prices,
  )
  const left = plan.left.filter(({ machine }) => ours.has(machine))
  return { kind: 'quote', parts, left: leftOf(left), totals: totals(parts) }
}

/** An order of which nothing ties it to this site. */
function burstOf({ hosts }: StudiedSite, ask: QuoteAsk, project: ProjectRecord | undefined): BurstDemand | undefined {
  if (!hasProvider(hosts)) return undefined
  const { bursts, regions } = project?.wish ?? {}
  return {
    ...(regions === undefined ? {} : { regions: [regions] }),
    image: ask.image,
    homebound: bursts === 'never',
    tied: null,
    patienceMs: patienceOf(ask, hosts, 0),
  }
}

function partsOf(
  placed: readonly Placed[],
  views: ReadonlyMap<string, HostView>,
  { size, hours }: QuoteAsk,
  prices: PriceBook,
): readonly QuotedPart[] {
  const parts = new Map<string, QuotedPart>()
  for (const { host, offer } of placed) {
    const view = views.get(host)
    if (!view) continue
    const key = JSON.stringify([host, offer?.name])
    const hour = view.provider && offer ? hourOfOffer(view.provider, offer, size) : hourOn(view, size, prices)
    const count = (parts.get(key)?.count ?? 0) + 1
    const where = view.provider ? 'provider' : 'here'
    parts.set(key, {
      host: view.name,
      where,
      offer: offer?.name ?? null,
      count,
      hour,
      cost: times(hour, hours * count),
    })
  }
  return [...parts.values()]
}

const times = (money: Money | null, by: number): Money | null => money && { ...money, amount: money.amount * by }

function leftOf(left: Plan['left']): QuoteAnswer['left'] {
  const counts = new Map<string, number>()
  for (const { waiting } of left) {
    const because = reasonsTold(waiting.reasons) || 'there is no host'
    counts.set(because, (counts.get(because) ?? 0) + 1)
  }
  return [...counts].map(([because, count]) => ({ count, because }))
}
