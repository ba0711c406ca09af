/**
 * Which machines give way to reservations, and when: pure. Whoever is to be gone when a reservation begins is saved in time, youngest order
 * first, one after another on each host. Nobody gives way where there is room beside.
 */

import { MARGIN_MS, savingMs } from '../../src/model/lease'
import type { HostCapacity } from '../../src/model/machine'
import { beginnings, type HostClaim, isHeldAt, less, promisedAt } from '../../src/model/placement'

/** A machine that has a place on the host and may have to give it away. */
export interface Yielding {
  readonly id: string
  readonly claim: HostClaim
  readonly orderedAt: number
}

export interface GivingWay {
  readonly id: string
  /** `cr-…` of whom it gives way to. */
  readonly by: string
}

export interface WayGiven {
  /** Those that are to be saved now. */
  readonly now: readonly GivingWay[]
  /** When to look again at the latest, for those that are to be saved later, ms; null: there are none. */
  readonly next: number | null
}

/** `yielding`: machines on the host that may have to give way; all other claims stay. */
export function giveWay(
  usable: HostCapacity,
  claims: readonly HostClaim[],
  yielding: readonly Yielding[],
  now: number,
): WayGiven {
  const due: GivingWay[] = []
  let left = yielding.toSorted((a, b) => b.orderedAt - a.orderedAt || (a.id < b.id ? 1 : -1))
  let next: number | null = null
  const begun = claims.some(({ held }) => held !== undefined && isHeldAt(held, now)) ? [now] : []
  for (const at of [...begun, ...beginnings(claims, now)]) {
    const victims = victimsAt(usable, claims, left, at)
    if (victims.length === 0) continue
    const begins = at - savingMs(victims.map(({ claim }) => claim.memoryMiB)) - MARGIN_MS
    if (begins > now) {
      next = Math.min(next ?? begins, begins)
      continue
    }
    const by = nameAt(claims, at)
    due.push(...victims.map(({ id }) => ({ id, by })))
    left = left.filter((one) => !victims.includes(one))
  }
  return { now: due, next }
}

/** As many of them as have to go, the youngest first; those that need not give way at that time are never asked. */
function victimsAt(
  usable: HostCapacity,
  claims: readonly HostClaim[],
  yielding: readonly Yielding[],
  at: number,
): readonly Yielding[] {
  const giving = yielding.filter(
    ({ claim }) => (promisedAt([claim, ...claims.filter(isReservation)], at)[0]?.cpuHundredths ?? 0) === 0,
  )
  let free = less(usable, promisedAt(claims, at))
  // Those that stay have their cores and memory beside what is promised.
  for (const { claim } of giving) free = less(free, [running(claim)])
  const victims: Yielding[] = []
  for (const one of giving) {
    if (free.cpuHundredths >= 0 && free.memoryMiB >= 0) break
    victims.push(one)
    free = less(free, [running(one.claim, -1)])
  }
  return victims
}

const isReservation = ({ held }: HostClaim): boolean => held !== undefined

const running = ({ cpuHundredths, memoryMiB }: HostClaim, sign = 1): HostCapacity => ({
  cpuHundredths: sign * cpuHundredths,
  memoryMiB: sign * memoryMiB,
  diskGiB: 0,
})

/** Of the reservations of that time, the one that began last. */
const nameAt = (claims: readonly HostClaim[], at: number): string =>
  claims
    .flatMap(({ held }) => (held !== undefined && isHeldAt(held, at) ? [held] : []))
    .toSorted((a, b) => b.from - a.from)[0]?.name ?? ''
