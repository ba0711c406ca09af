/** What a machine asks of a host, and how a host looks to placement: the two values that every filter compares. */
import { type Hosting, lastingHosting } from '../hosting'
import type { ComputeId, HostId, ProjectId } from '../ids'
import { BOOT_MODES, type ImageBoot } from '../images'
import { endOf, SHUTDOWN_SECONDS } from '../lease'
import type { HostCapacity, Size, Verb } from '../machine'
import { offeringOf, typesNamed } from '../providers/section'
import type { Sections } from '../providers/template'
import { type ProviderView, providerView } from '../providers/view'
import { publicsOf } from '../public-addresses'
import type { ComputeRecord, HostRecord } from '../records'
import type { CapacityWish } from '../reservation-records'
import { poolsOf } from '../storage/reachable'
import type { StorageRecord } from '../storage/record'
import { type Ahead, aheadOf, type HostClaim, less, type Slot, slotsIn, takenNow } from './claims'
import type { GroupDemand } from './groups/group-demand'
import { mostOfHost } from './keeps'
import { type Tenants, tenantsIn } from './tenants'
import { type PlacementWish, type Preference, preferenceOf } from './wish'

export interface Demand {
  readonly id: ComputeId
  /** Its name in expressions; absent: none names it. */
  readonly name?: string
  readonly size: Size
  /** null: any. */
  readonly zone: string | null
  /** Hosts that refused it a short while ago. */
  readonly avoid: readonly { readonly host: HostId; readonly because: string }[]
  /** The host on which volumes of it lie alone; absent or null: none does. */
  readonly with?: HostId | null
  /** Shared storage on which disks of it lie: its host has to have all of it. */
  readonly pools?: readonly string[]
  /** It has groups beside `default`, so its host must be able to filter traffic. */
  readonly filtered?: boolean
  /** Public addresses of the site's own are to lead to it. */
  readonly addressed?: boolean
  /** How its image is started; absent: nobody said. */
  readonly mode?: ImageBoot['mode']
  /** The provider of which it has public addresses; absent: it has none of such. */
  readonly addressedAt?: HostId
  /** Whose it is: expressions see machines of the same project alone. */
  readonly project?: ProjectId | null
  /** What a provider asks of it; absent: nobody asked, no provider serves the site. */
  readonly burst?: BurstDemand
  /** Which reservations it may take a place of; absent: any open one that matches. */
  readonly capacity?: CapacityWish
  /** Its disks lie on this host, which it left off running on; absent: they lie nowhere yet. */
  readonly beside?: HostId
  /** It gives way to reservations; absent: it does not, and may need its place for ever. */
  readonly yields?: true
  /** When it ends by itself, ms; absent: it does not. */
  readonly ends?: number
  /** What its owner, its type and the site say of where it is to be; absent: nothing, and striping. */
  readonly preference?: Preference
  /** Its placement group, as it is now; absent: it is in none. */
  readonly group?: GroupDemand
  /** What its owner says of the host itself; absent: nothing. */
  readonly hosting?: Hosting
}

/** What of a machine decides whether a provider can run it. */
export interface BurstDemand {
  /** Its image's record; null: none. */
  readonly image: string | null
  /** Its project keeps its machines on hosts of the site's own. */
  readonly homebound: boolean
  /** What of this site it hangs on, that no provider has; null: nothing. */
  readonly tied: string | null
  /** Volumes are to hang on it; absent: none. */
  readonly disks?: true
  /** The longest wait for a local host, of those that providers ask for, that it has behind it, ms. */
  readonly patienceMs: number
  /** Its owner keeps it on hosts of the site's own. */
  readonly stays?: true
  /** Lists of regions, its owner's and its project's: its data may lie where all of them allow it. Absent: anywhere. */
  readonly regions?: readonly (readonly string[])[]
  /** What it names of providers, by their kind. */
  readonly sections?: Sections
}

/** What else is known of a host, for expressions. */
export interface HostTraits {
  /** As its driver is called. */
  readonly driver: string
  /** What it has in all. */
  readonly total: HostCapacity
  /** What of it is not kept back, or more where it is given away more than once; absent: all. */
  readonly most?: HostCapacity
  readonly labels: Readonly<Record<string, string>>
  /** What it uses, as last measured; null: it does not tell. */
  readonly measured: { readonly cpuHundredths: number | null; readonly freeMemoryMiB: number | null } | null
  /** Machines that hold a place there; read only where an expression names them. */
  readonly instances: readonly { readonly name: string; readonly project: string | null }[]
}

export interface HostView extends Tenants {
  readonly id: HostId
  readonly name: string
  readonly zone: string
  readonly simulated: boolean
  readonly enabled: boolean
  /** It was heard of lately, so its capacity is known. */
  readonly answers: boolean
  /** Simulated, while a real host serves the site: the two never serve one site together. */
  readonly retired: boolean
  /** It lacks what filters traffic; absent: it can. */
  readonly unfiltered?: boolean
  /** Shared storage that it can use now; absent: none. */
  readonly pools?: readonly string[]
  /** No volume can hang on a machine there; absent: it can. */
  readonly diskless?: boolean
  /** It lacks what has public addresses lead to machines; absent: it can. */
  readonly unaddressed?: boolean
  /** It starts guests of these modes alone; absent: of all. */
  readonly modes?: readonly ImageBoot['mode'][]
  /** Machines that hold a place here, running or not. */
  readonly machines: number
  /** What placement may give away in all: capacity less what is kept back and what others use. */
  readonly usable: HostCapacity
  /** What of it is not claimed. */
  readonly free: HostCapacity
  /** A machine here was told to give its place to a reservation and has not gone yet; absent: none was. */
  readonly leaving?: true
  /** It is an account at a provider. */
  readonly provider?: ProviderView
  /** What is not promised when each coming reservation begins, first to last; absent: none is coming. */
  readonly ahead?: readonly Ahead[]
  /** Places of reservations that have begun and that no machine is in; absent: there are none. */
  readonly slots?: readonly Slot[]
  /** What expressions may ask beside; absent: nothing is known. */
  readonly traits?: HostTraits
}

/**
 * What a machine's record asks for. Hosts whose refusal is over at `now` (ms) are not avoided any more. Its volumes draw it to
 * the host where they lie, or to all that share their storage, as disks of its own do that are on such; those that lie nowhere yet
 * need room beside it, and may bind it to a zone. `site`: what counts where neither its owner nor its type says anything.
 */
export function demandOf(
  record: ComputeRecord,
  now: number,
  volumes: readonly StorageRecord[] = [],
  site?: PlacementWish,
): Demand {
  const { zone } = record.wish
  const size = sizeAsked(record, now)
  const mode = record.wish.mode ?? record.wish.adopted?.boot.mode
  // Its disk is claimed where it is.
  const { parked } = record.place
  const { placed, pools, more, bound } =
    volumes.length === 0 && record.seen.machine === null ? NO_DISKS : disksAsked(record, volumes)
  return {
    id: record.id,
    size: parked ? { ...size, diskGiB: more } : more === 0 ? size : withVolumes(size, more),
    zone: zone ?? bound,
    avoid: record.journal.avoid.filter(({ until, offer }) => until > now && offer === undefined),
    ...(placed ? { with: placed.place.host } : {}),
    ...(pools.length > 0 ? { pools } : {}),
    ...(hasOwnGroups(record) ? { filtered: true } : {}),
    ...addressedOf(record),
    ...(mode ? { mode } : {}),
    name: record.wish.name,
    project: record.project,
    ...(record.wish.capacity ? { capacity: record.wish.capacity } : {}),
    ...(record.wish.lease?.preemptible ? { yields: true } : {}),
    ...(record.place.lease ? endIn(record) : {}),
    ...(parked && record.place.host !== null ? { beside: record.place.host } : {}),
    ...hostingOf(record),
    ...(record.wish.placement || site
      ? { preference: preferenceOf([record.wish.placement?.own, record.wish.placement?.type, site]) }
      : {}),
  }
}

function addressedOf(record: ComputeRecord): Pick<Demand, 'addressed' | 'addressedAt'> {
  const publics = publicsOf(record)
  const there = publics.find(({ atProvider }) => atProvider)
  return {
    ...(publics.some(({ atProvider }) => !atProvider) ? { addressed: true } : {}),
    ...(there ? { addressedAt: there.pool as HostId } : {}),
  }
}

interface DisksAsked {
  /** One that lies on a host alone. */
  readonly placed?: StorageRecord | undefined
  readonly pools: readonly string[]
  /** GiB that come along. */
  readonly more: number
  /** The zone to which one is bound that lies nowhere yet. */
  readonly bound: string | null
}

/** Most that wait have no volume, and were nowhere yet. */
const NO_DISKS: DisksAsked = { pools: [], more: 0, bound: null }

function disksAsked(record: ComputeRecord, volumes: readonly StorageRecord[]): DisksAsked {
  const pools = new Set([
    ...volumes.flatMap(({ place, seen }) => (place.host === null ? [] : (seen.pool ?? []))),
    ...(record.seen.machine?.disks ?? []).flatMap(({ name, pool }) =>
      pool !== undefined && name.startsWith(`${record.wish.name}-`) ? [pool] : [],
    ),
  ])
  const unplaced = volumes.filter((volume) => volume.place.host === null)
  // Those on storage that hosts share come along, and are counted where they come to.
  const coming = volumes.filter(({ place, seen }) => place.host !== null && (seen.pool ?? null) !== null)
  return {
    placed: volumes.find(({ place, seen }) => place.host !== null && (seen.pool ?? null) === null),
    pools: [...pools],
    more: [...unplaced, ...coming].reduce((sum, volume) => sum + volume.wish.sizeGiB, 0),
    bound: unplaced.find((volume) => volume.wish.zone !== null)?.wish.zone ?? null,
  }
}

const withVolumes = (size: Size, more: number): Size => ({
  ...size,
  diskGiB: size.diskGiB + more,
  asks: { ...size.asks, volumesGiB: more },
})

/** Its size, with what it may be at providers. */
function sizeAsked({ wish, journal }: ComputeRecord, now: number): Size {
  const only = typesNamed(wish.burst?.sections)
  const without = journal.avoid.flatMap(({ host, until, offer }) =>
    offer !== undefined && until > now ? [`${host} ${offer}`] : [],
  )
  if (only === undefined && without.length === 0) return wish.size
  const asks = { ...(only ? { only } : {}), ...(without.length > 0 ? { without: [...new Set(without)].sort() } : {}) }
  return { ...wish.size, asks }
}

function endIn(record: ComputeRecord): Pick<Demand, 'ends'> {
  const ends = endOf(record)
  return ends === undefined ? {} : { ends: ends + 1000 * SHUTDOWN_SECONDS }
}

/** Of one that ran before, the host that was named counts only where it stays there. */
function hostingOf({ wish: { hosting }, seen: { starts } }: ComputeRecord): Pick<Demand, 'hosting'> {
  const counts = starts === 0 ? hosting : lastingHosting(hosting)
  return counts ? { hosting: counts } : {}
}

/** Groups beside its project's `default`. */
const hasOwnGroups = ({ project, wish }: ComputeRecord): boolean =>
  wish.interfaces.some(({ groups = [] }) => groups.some((id) => (id as string) !== project))

const lacks = ({ capabilities }: HostRecord['seen'], wanted: Verb): boolean =>
  capabilities?.lacks.some(({ verb }) => verb === wanted) === true

/** Most start all, or do not say. */
const modesOf = ({ capabilities }: HostRecord['seen']): Pick<HostView, 'modes'> => {
  const modes = capabilities?.modes
  return modes === undefined || BOOT_MODES.every((mode) => modes.includes(mode)) ? {} : { modes }
}

/** It gave its place away, nothing of it runs any more, its owner wants it to, and it is not on its way to another host. */
const isAside = ({ wish, place }: ComputeRecord): boolean =>
  place.parked?.released === true && wish.power === 'on' && place.moving === undefined

/** Whether a record waits for a place that placement may give it. */
export const wantsPlace = (record: ComputeRecord): boolean =>
  record.wish.exists &&
  (record.place.host === null || isAside(record)) &&
  !record.wish.held &&
  record.place.waiting?.gaveUp?.retries !== record.wish.retries &&
  (record.journal.failed === null || record.journal.failed.retries < record.wish.retries)

/** A host of the operator's own, and no simulated one: then simulated ones take no machines. */
export const isReal = ({ wish }: Pick<HostRecord, 'wish'>): boolean => !wish.simulated && wish.provider === undefined

const NOTHING: HostCapacity = { cpuHundredths: 0, memoryMiB: 0, diskGiB: 0 }

export interface HostToView {
  readonly record: HostRecord
  readonly claims: readonly HostClaim[]
  /** For expressions; absent: unknown. */
  readonly measured?: HostTraits['measured']
  readonly instances?: HostTraits['instances']
}

/**
 * Hosts as placement sees them: what is allocated counts, never what is measured. `now` (ms) tells which
 * reservations have begun, and what a provider costs until its month ends; without it all count as if they had, and no budget is asked.
 */
export function hostViews(hosts: readonly HostToView[], now?: number): HostView[] {
  const served = servedBy(hosts.map(({ record }) => record))
  return hosts.map((host) => hostView(host, served, now))
}

/** Which hosts serve the site: where there are real ones, simulated ones do not. */
export type Served = 'by real ones' | 'by simulated ones'

export const servedBy = (hosts: readonly Pick<HostRecord, 'wish'>[]): Served =>
  hosts.some((host) => isReal(host) && !host.wish.removing) ? 'by real ones' : 'by simulated ones'

/** One of them. */
export function hostView(
  { record: { id, wish, seen }, claims, measured = null, instances = [] }: HostToView,
  served: Served,
  now?: number,
): HostView {
  const foreign = seen.foreign.map((domain) => domain.size)
  const most = seen.capacity === null ? NOTHING : mostOfHost(wish, seen.capacity)
  const usable = seen.capacity === null ? NOTHING : less(most, foreign)
  return {
    id,
    name: wish.name,
    zone: wish.zone,
    simulated: wish.simulated,
    enabled: wish.enabled && !wish.removing && !seen.distrusted,
    answers: seen.contact === 'ok' && seen.capacity !== null && !seen.fenced,
    retired: wish.simulated && served === 'by real ones',
    ...(lacks(seen, 'rules') ? { unfiltered: true } : {}),
    ...(lacks(seen, 'addresses') ? { unaddressed: true } : {}),
    ...(lacks(seen, 'attach-disk') ? { diskless: true } : {}),
    ...modesOf(seen),
    ...(seen.backends?.some(({ pool }) => pool !== null) ? { pools: poolsOf({ seen }) } : {}),
    // A volume claims disk alone.
    machines: claims.filter((claim) => claim.cores > 0 && claim.held === undefined).length,
    usable,
    free: less(usable, takenNow(claims, now)),
    ...reservedIn(usable, claims, now),
    ...tenantsIn(claims, foreign.length),
    ...(claims.some(({ leaving }) => leaving) ? { leaving: true } : {}),
    ...(wish.provider === undefined
      ? {}
      : {
          provider: {
            ...providerView(wish.provider, seen.spending, claims, now),
            ...offeringOf(wish.driver, wish.provider),
            host: id,
          },
        }),
    traits: {
      driver: wish.driver,
      total: seen.capacity ?? NOTHING,
      labels: wish.labels ?? {},
      measured,
      instances,
      most,
    },
  }
}

/** Most hosts hold nothing for anybody: then nothing is said of it. */
function reservedIn(
  usable: HostCapacity,
  claims: readonly HostClaim[],
  now: number | undefined,
): Pick<HostView, 'ahead' | 'slots'> {
  if (now === undefined || !claims.some(({ held }) => held !== undefined)) return {}
  const [ahead, slots] = [aheadOf(usable, claims, now), slotsIn(claims, now)]
  return { ...(ahead.length > 0 ? { ahead } : {}), ...(slots.length > 0 ? { slots } : {}) }
}
