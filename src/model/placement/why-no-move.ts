/**
 * Whether a machine may be moved to a host: pure, and the same for the operator's order and for the worker that carries it out.
 * The reasons name no host, for its owner may read them.
 */
import type { FaultKind } from '../../faults'
import type { MoveHow } from '../compute-place'
import { lastingHosting } from '../hosting'
import type { HostId } from '../ids'
import { isUnsettled } from '../intents'
import type { Verb } from '../machine'
import { publicsOf } from '../public-addresses'
import type { ComputeRecord, HostRecord } from '../records'
import { awaitsStop, isAttached, placesOfDisks, type StorageRecord, unreachable, volumesOf } from '../storage'
import type { HostClaim } from './claims'
import { demandOf, type HostView, hostViews } from './demand'
import { yieldsElsewhere } from './demand-to-move'
import { FILTERS } from './filters'
import type { GroupDemand } from './groups'
import { lastingOf } from './lasting'

export interface MoveAsk {
  readonly record: ComputeRecord
  readonly how: MoveHow
  readonly from: HostRecord | undefined
  /** Every host, for whether simulated ones serve. */
  readonly hosts: readonly HostRecord[]
  readonly to: HostId
  /** What is claimed on the other host by others than this machine and its volumes. */
  readonly claims: readonly HostClaim[]
  /** Those that hang on it. */
  readonly volumes: readonly StorageRecord[]
  /** Its placement group without itself; absent: it is in none. */
  readonly group?: GroupDemand | undefined
  /** What is promised for later is no claim of now, ms. */
  readonly now: number
}

export interface NoMove {
  readonly kind: Extract<FaultKind, 'state' | 'unsupported' | 'conflict' | 'no-capacity' | 'not-found'>
  readonly message: string
}

/** Why not; undefined: it may. */
export function whyNoMove(ask: MoveAsk): NoMove | undefined {
  const { record, hosts } = ask
  const to = hosts.find((host) => host.id === ask.to)
  if (!to) return { kind: 'not-found', message: 'the other host is not there any more' }
  if (record.place.host === to.id) return { kind: 'conflict', message: 'it is on that host already' }
  if (ask.how === 'anew') return notReplaceable(ask, to) ?? noRoom(ask, to)
  return lacking(ask, to) ?? notMovable(ask) ?? leftBehind(ask, to) ?? unwillingVolume(ask, to) ?? noRoom(ask, to)
}

/** Made anew it keeps nothing but its name and what it was ordered as: its owner has to have said that this may be. */
function notReplaceable({ record, from }: MoveAsk, to: HostRecord): NoMove | undefined {
  if (from?.wish.provider === undefined || to.wish.provider !== undefined)
    return { kind: 'unsupported', message: 'only from a provider to a host of the site can it be made anew' }
  if (record.wish.burst?.replaceable !== true)
    return { kind: 'unsupported', message: 'its owner does not say that it may be replaced' }
  const tie = tiedToProvider(record)
  return tie === undefined ? undefined : { kind: 'unsupported', message: tie }
}

/** What of it cannot leave its provider, in words for its owner; undefined: nothing. */
export function tiedToProvider(record: ComputeRecord): string | undefined {
  if (volumesOf(record).length > 0) return 'its volumes lie at its provider and do not come along; detach them first'
  if (publicsOf(record).some(({ atProvider }) => atProvider))
    return "its public address is its provider's and does not come along; disassociate it first"
  return undefined
}

function lacking({ how, from }: MoveAsk, to: HostRecord): NoMove | undefined {
  if (from && from.wish.driver !== to.wish.driver)
    return { kind: 'unsupported', message: 'the two hosts are of different kinds: nothing can be moved between them' }
  if (how === 'restart') return undefined
  const verb: Verb = how === 'live' ? 'move-live' : 'move-cold'
  const lack = [from, to].flatMap((host) => host?.seen.capabilities?.lacks ?? []).find((one) => one.verb === verb)
  return lack && { kind: 'unsupported', message: `it cannot be moved ${how}: ${lack.because}` }
}

function notMovable({ record, how }: MoveAsk): NoMove | undefined {
  if (record.wish.adopted !== undefined)
    return {
      kind: 'unsupported',
      message: 'it was taken over, and what it was made of lies on its host where it lay before; make an image of it',
    }
  const domain = record.seen.machine?.domain ?? 'absent'
  if (record.seen.contact === 'lost') return undefined
  if (how === 'restart' && domain === 'saved')
    return { kind: 'state', message: 'its memory lies in a file on its host: it can be moved cold only' }
  if (how === 'live')
    return domain === 'running' ? undefined : { kind: 'state', message: 'it does not run: it can be moved cold only' }
  return domain === 'absent' || domain === 'crashed'
    ? { kind: 'state', message: `it cannot be moved: it is ${domain}` }
    : undefined
}

/** One that is started anew there takes no disk along: each must be on storage that both hosts have. */
function leftBehind({ record, how, volumes }: MoveAsk, to: HostRecord): NoMove | undefined {
  if (how !== 'restart') return undefined
  const find = (id: StorageRecord['id']) => volumes.find((volume) => volume.id === id)
  const because = placesOfDisks(record, find)
    .map((disk) => unreachable(disk, to))
    .find((one) => one !== null)
  return because == null ? undefined : { kind: 'unsupported', message: `it cannot be started there: ${because}` }
}

/** Volumes go along, so each must be where the machine is, at rest or as large as it can be while it runs, and welcome in the other zone. */
function unwillingVolume({ record, volumes }: MoveAsk, to: HostRecord): NoMove | undefined {
  for (const volume of volumes) {
    const { wish, seen, place, journal } = volume
    const isAtRest = (!isUnsettled(journal.intent) && seen.sizeGiB === wish.sizeGiB) || awaitsStop(volume)
    if (place.host !== record.place.host || !isAtRest || !isAttached(record, wish.name))
      return { kind: 'conflict', message: `its volume ${wish.name} is being changed` }
    if (wish.zone !== null && wish.zone !== to.wish.zone)
      return { kind: 'conflict', message: `its volume ${wish.name} belongs to the zone ${wish.zone}` }
  }
  const missing = volumesOf(record).find((one) => !volumes.some(({ id }) => id === one.storage))
  return missing && { kind: 'conflict', message: `its volume ${missing.name} is being changed` }
}

function noRoom({ record, hosts, claims, volumes, group, now }: MoveAsk, to: HostRecord): NoMove | undefined {
  const view = viewOf(hosts, to, claims, now)
  const { size, zone } = record.wish
  const more = volumes.reduce((sum, volume) => sum + volume.wish.sizeGiB, 0)
  const { filtered = false, addressed = false, project = null, preference, ends, mode } = demandOf(record, 0)
  // What was asked for of labels and the like holds wherever it goes; of what changes by itself, only when it got its place.
  const lasting = lastingOf(preference)
  const hosting = lastingHosting(record.wish.hosting)
  const demand = {
    id: record.id,
    size: { ...size, diskGiB: size.diskGiB + more },
    zone,
    avoid: [],
    filtered,
    addressed,
    project,
    ...(mode ? { mode } : {}),
    ...(lasting ? { preference: lasting } : {}),
    ...(group ? { group } : {}),
    ...(hosting ? { hosting } : {}),
    ...yieldsElsewhere(record),
    ...(ends === undefined ? {} : { ends }),
  }
  for (const filter of FILTERS) {
    const verdict = view === undefined ? 'is not there' : filter.admits(demand, view)
    if (verdict !== true) return { kind: 'no-capacity', message: `the other host ${verdict}` }
  }
  return undefined
}

const viewOf = (
  hosts: readonly HostRecord[],
  to: HostRecord,
  claims: readonly HostClaim[],
  now: number,
): HostView | undefined =>
  hostViews(
    hosts.map((record) => ({ record, claims: record === to ? claims : [] })),
    now,
  ).find(({ id }) => id === to.id)
