/**
 * What was used, by whom, where, and from when until when: what a site's accounts are made of. Pure.
 *
 * Who writes it: a machine's begins with its place (`place.use`) and is closed by the very script that takes the place away or makes
 * it another one (scripts/include/used.lua), so that no crash loses one or counts one twice; running or stopped is the same. A volume
 * counts from the moment in which it was ordered until it is deleted, an address until it is released: both are told by their wishes, and
 * at a provider that takes something for them they begin with their place there; a snapshot from when it was completed until its deletion
 * was ordered. An end is kept in the list of its month; what goes on is found in the records themselves. Both ends are the clock of the scripts, ms.
 */
import type { AddressRecord } from '../address-records'
import type { ComputePlace, MachineUse, Offer } from '../compute-place'
import type { HostId } from '../ids'
import type { Size } from '../machine'
import { offerOfVolume, type StorageRecord } from '../storage/record'
import type { SnapshotRecord } from '../storage/snapshot'

export const USE_KINDS = ['machine', 'volume', 'address', 'snapshot'] as const
export interface Use {
  readonly kind: (typeof USE_KINDS)[number]
  /** Of its record. */
  readonly id: string
  /** `i-…`, `vol-…`, `eipalloc-…`, `snap-…` */
  readonly name: string
  /** Id of its project's record. */
  readonly project: string
  /** The host or provider; null: on none. */
  readonly host: HostId | null
  readonly hostName: string | null
  /** Of a machine: its instance type, '' where it has none. */
  readonly type: string
  /** 0 for what has none. */
  readonly cores: number
  readonly memoryMiB: number
  readonly diskGiB: number
  /** At a provider; absent: on a host of the site's own. */
  readonly offer?: Offer
  /** Of a partner's machine: its record's id where its owner ordered it. */
  readonly order?: string
  /** ms since 1970. */
  readonly from: number
  /** ms; null: it goes on. */
  readonly until: number | null
}

/** What a machine is counted as from now on. */
export const beginUse = ({ name, size, origin }: Counted, now: number): MachineUse => {
  const { type, cores, memoryMiB, diskGiB } = size
  return { name, type, cores, memoryMiB, diskGiB, since: now, ...(origin ? { order: origin.order } : {}) }
}

interface Counted {
  readonly name: string
  readonly size: Size
  readonly origin?: { readonly order: string }
}

const NOTHING = { type: '', cores: 0, memoryMiB: 0 } as const

interface Placed {
  readonly id: string
  readonly project: string | null
  readonly place: ComputePlace
}

/**
 * Undefined: it is not counted. A release that did not count yet wrote no `use`; what such a machine costs at a provider is known all the
 * same, since when it has its place there too.
 */
export function useOfPlace({ id, project, place }: Placed, until: number | null): Use | undefined {
  const { use, host, hostName, offer, at } = place
  if (use === undefined && offer === undefined) return undefined
  const { since, ...what } = use ?? { name: id, ...NOTHING, diskGiB: 0, since: at }
  const where = { host, hostName, ...(offer ? { offer } : {}) }
  return { kind: 'machine', id, project: project ?? '', ...what, ...where, from: since, until }
}

/** Since it has its size; at a provider that takes something for it, not before it came there. A deleted one's went on until it was deleted. */
export function useOfVolume({ id, project, wish, place }: StorageRecord): Use {
  const { name, sizeGiB, createdAt, grownAt, deletedAt } = wish
  const offer = offerOfVolume(wish, place)
  const where = { host: place.host, hostName: place.hostName, ...(offer ? { offer } : {}) }
  const since = grownAt ?? createdAt
  const during = { from: offer ? Math.max(since, place.at) : since, until: deletedAt }
  return { kind: 'volume', id, name, project: project ?? '', ...NOTHING, diskGiB: sizeGiB, ...where, ...during }
}

/** One of a provider's counts there since it has its place. */
export function useOfAddress({ id, project, wish, place }: AddressRecord, until: number | null): Use {
  const offer = place?.offer
  const where = { host: place?.host ?? null, hostName: place?.hostName ?? null, ...(offer ? { offer } : {}) }
  const during = { from: place?.at ?? wish.createdAt, until: until ?? wish.releasedAt ?? null }
  return { kind: 'address', id, name: wish.name, project: project ?? '', ...NOTHING, diskGiB: 0, ...where, ...during }
}

/** Undefined: it has no contents, or none any more. GiB are those of its volume, whatever the file has. */
export function useOfSnapshot({ id, project, wish, seen }: SnapshotRecord, until: number | null): Use | undefined {
  const { name, sizeGiB: diskGiB, exists } = wish
  if (!exists || seen.state !== 'completed') return undefined
  const where = { host: null, hostName: null }
  const during = { from: seen.completedAt ?? wish.createdAt, until }
  return { kind: 'snapshot', id, name, project: project ?? '', ...NOTHING, diskGiB, ...where, ...during }
}

/** Everything that is counted now, as the records say; a volume of which the end is kept already (`goneAt`) is none of it. */
export function openUses(records: {
  readonly computes: readonly Placed[]
  readonly storages: readonly StorageRecord[]
  readonly addresses: readonly AddressRecord[]
  readonly snapshots: readonly SnapshotRecord[]
}): readonly Use[] {
  return [
    ...records.computes.flatMap((record) => useOfPlace(record, null) ?? []),
    ...records.storages.filter(({ seen }) => seen.goneAt === null).map(useOfVolume),
    ...records.addresses
      .filter(({ wish, place }) => !wish.atProvider || place !== null)
      .map((record) => useOfAddress(record, null)),
    ...records.snapshots.flatMap((record) => useOfSnapshot(record, null) ?? []),
  ]
}

export interface Span {
  /** ms since 1970. */
  readonly from: number
  /** ms: the first that is outside. */
  readonly until: number
}

const whole = (ms: number): number => Math.floor(ms / 1000)

/**
 * Whole seconds of it within a span, as of `now`. Both ends are cut to their second, so that uses which follow each other add up to
 * what they are together, with no gap and no overlap.
 */
export function secondsIn(use: Pick<Use, 'from' | 'until'>, span: Span, now: number): number {
  const end = Math.min(use.until ?? now, span.until)
  return Math.max(0, whole(end) - whole(Math.max(use.from, span.from)))
}

/** Two of one key tell of the same: what was read as going on may have ended since. */
export const keyOfUse = ({ kind, id, from }: Use): string => `${kind} ${id} ${from}`

/** Bytes of a project's machines on one host, within a month. */
export interface Flow {
  readonly project: string
  readonly host: string
  readonly sentBytes: number
  readonly receivedBytes: number
}
