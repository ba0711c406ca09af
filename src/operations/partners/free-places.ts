/** How many machines of a size the hosts here have room for now: what is offered to partners, who are not made to wait. */
import type { Size } from '../../model/machine'
import { hostViews } from '../../model/placement'
import { parseClaim } from '../../model/placement/claims'
import type { Context } from '../context'

/** Providers count for nothing: what is lent is one's own. What waits for a place is not counted, so more may be told than is left. */
export async function freePlaces({ mirror, store, clock }: Context, size: Size): Promise<number> {
  const hosts = mirror.all('host').filter(({ wish }) => wish.provider === undefined)
  const held = await store.hostClaims(hosts.map(({ id }) => id))
  const views = hostViews(
    hosts.map((record, at) => ({ record, claims: Object.values(held[at]?.claims ?? {}).map(parseClaim) })),
    clock.now(),
  )
  return views
    .filter(({ enabled, answers, retired }) => enabled && answers && !retired)
    .reduce((sum, { free }) => sum + roomFor(size, free), 0)
}

function roomFor(size: Size, free: Pick<Size, 'cpuHundredths' | 'memoryMiB' | 'diskGiB'>): number {
  const rooms = (['cpuHundredths', 'memoryMiB', 'diskGiB'] as const).map((amount) =>
    size[amount] <= 0 ? Number.POSITIVE_INFINITY : Math.floor(free[amount] / size[amount]),
  )
  const least = Math.min(...rooms)
  return Number.isFinite(least) ? Math.max(0, least) : 0
}
