/** What a host's record says was seen of it: pure. A host is lost after 10 s without an answer. */
import type { Fault } from '../../src/faults'
import type { HostSeen } from '../../src/model/records'
import type { HostListing } from '../drivers/driver'

/** Silence after which contact is lost, ms. */
export const CONTACT_LOST_MS = 10_000
/** How often the time of the last look is written when nothing else changes, ms. */
export const REFRESH_MS = 30_000
/** How often a host is looked at where the operator says nothing, ms: one that is driven by ssh pays for each look. */
export const POLL_MS = { simulated: 5_000, real: 30_000 } as const

/** It answered. */
export const heard = (listing: HostListing, orphans: readonly string[], now: number): HostSeen => ({
  at: now,
  contact: 'ok',
  lostSince: null,
  message: null,
  boot: listing.boot,
  version: listing.version,
  capacity: listing.capacity,
  capabilities: listing.capabilities,
  ...(listing.backends === undefined ? {} : { backends: listing.backends }),
  foreign: [...listing.foreign].sort((a, b) => (a.name < b.name ? -1 : 1)),
  orphans: [...orphans].sort(),
})

/** It did not, asked at `asked`. `lostSince` is when the silence began; the contact is lost only once it has lasted. */
export function missed(seen: HostSeen, fault: Fault, asked: number, now: number): HostSeen {
  const lostSince = seen.lostSince ?? asked
  const isLost = now - lostSince >= CONTACT_LOST_MS && seen.contact !== 'never'
  return { ...seen, lostSince, message: fault.message, contact: isLost ? 'lost' : seen.contact }
}

/** It answered that it is asked too much. That is no silence: what was known stays, also that it is lost. */
export const putOff = (seen: HostSeen, fault: Fault): HostSeen => ({
  ...seen,
  message: fault.message,
  lostSince: seen.contact === 'lost' ? seen.lostSince : null,
})

/** Whether anybody would see a difference. */
export const hostDiffers = (a: HostSeen, b: HostSeen): boolean =>
  JSON.stringify(essence(a)) !== JSON.stringify(essence(b))

const essence = ({
  contact,
  lostSince,
  message,
  boot,
  version,
  capacity,
  capabilities,
  backends,
  foreign,
  orphans,
  fenced,
  fences,
  fenceRun,
  distrusted,
  alarm,
  strays,
}: HostSeen) => [
  [contact, lostSince, message, boot, version],
  capacity && [capacity.cpuHundredths, capacity.memoryMiB, capacity.diskGiB],
  capabilities?.lacks.map(({ verb, because, unless }) => [verb, because, unless]),
  // What is free moves all the time and is no news.
  backends?.map(({ name, kind, pool, totalGiB, clone, away }) => [name, kind, pool, totalGiB, clone, away]),
  foreign.map(({ name, size, runsHost }) => [
    name,
    size.cpuHundredths,
    size.memoryMiB,
    size.diskGiB,
    runsHost ?? false,
  ]),
  [orphans, strays ?? {}, alarm?.month, alarm?.mark],
  [fenced?.how, fenced?.at, fences ?? 0, fenceRun?.at, fenceRun?.outcome, distrusted?.at],
]

/** Whether placement may now give away more or other than before. */
export const opensRoom = (before: HostSeen, after: HostSeen): boolean =>
  (before.contact !== 'ok' && after.contact === 'ok') ||
  (Boolean(before.fenced) && !after.fenced) ||
  JSON.stringify(essence(before).slice(1, 2)) !== JSON.stringify(essence(after).slice(1, 2))
