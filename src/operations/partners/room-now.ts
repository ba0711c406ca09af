/**
 * What the hosts here have room for now: what is offered to partners, who are not made to wait. Providers count for nothing: what is lent is one's
 * own. What waits for a place is not counted, so more may be told than is left.
 */
import type { Size } from '../../model/machine'
import { hostViews } from '../../model/placement'
import type { Context } from '../context'
import { claimedHosts } from '../reservations/hosts'

type Free = Pick<Size, 'cpuHundredths' | 'memoryMiB' | 'diskGiB'>

/** What is free on each host that takes machines. */
export type Room = readonly Free[]

const AMOUNTS = ['cpuHundredths', 'memoryMiB', 'diskGiB'] as const

/** Read once for all that is asked of it. */
export async function roomNow(context: Context): Promise<Room> {
  const hosts = (await claimedHosts(context)).filter(({ record }) => record.wish.provider === undefined)
  const views = hostViews(hosts, context.clock.now())
  return views.filter(({ enabled, answers, retired }) => enabled && answers && !retired).map(({ free }) => free)
}

/** How many machines of a size there is room for. */
export const placesFor = (room: Room, size: Size): number => room.reduce((sum, free) => sum + most(size, free), 0)

/** How many of these find room beside each other, the largest first. */
export function placedOf(room: Room, sizes: readonly Size[]): number {
  const left = room.map((free) => ({ ...free }))
  const largest = sizes.toSorted((a, b) => b.memoryMiB - a.memoryMiB || b.cpuHundredths - a.cpuHundredths)
  const placed = largest.filter((size) => {
    const host = left.find((free) => most(size, free) > 0)
    if (host) for (const amount of AMOUNTS) host[amount] -= size[amount]
    return host !== undefined
  })
  return placed.length
}

function most(size: Size, free: Free): number {
  const rooms = AMOUNTS.flatMap((amount) => (size[amount] <= 0 ? [] : [Math.floor(free[amount] / size[amount])]))
  return rooms.length === 0 ? 0 : Math.max(0, Math.min(...rooms))
}
