/** Whether an order could ever be placed: by what hosts have, not by what is free now. What only has to wait is accepted. */
import { fault } from '../../faults'
import type { ComputeId, HostId } from '../../model/ids'
import type { ImageBoot } from '../../model/images'
import type { Size } from '../../model/machine'
import {
  type Demand,
  hostViews,
  isReal,
  lastingOf,
  mostOfHost,
  type Preference,
  preferenceOf,
} from '../../model/placement'
import { meetsRequirements } from '../../model/placement/filters/meets-requirements'
import { bootModeOf, type HostRecord } from '../../model/records'
import type { RunOrder } from '../operations'
import type { Offer } from './choose-offer'

export interface Asked {
  readonly size: Size
  readonly zone: string | null
  /** How its image is started; absent: nobody said. */
  readonly mode?: ImageBoot['mode']
  /** The host that was named; absent: none. */
  readonly host?: HostId
  /** Of its owner and its type; absent: nothing. */
  readonly preference?: Preference
}

/** Volumes that are made with it lie on its host, so they need room there too; of a snapshot's size nothing is known here. */
const madeWith = ({ newVolumes = [] }: RunOrder): number =>
  newVolumes.reduce((sum, { sizeGiB = 0 }) => sum + sizeGiB, 0)

export function askedOf(order: RunOrder, { size: own, type, image }: Offer): Asked {
  const size = { ...own, diskGiB: own.diskGiB + madeWith(order) }
  const mode = bootModeOf(image)
  const wishes = [order.placement, type?.wish.placement].filter((wish) => wish !== undefined)
  return {
    size,
    zone: order.zone ?? null,
    ...(mode ? { mode } : {}),
    ...(order.hosting?.host === undefined ? {} : { host: order.hosting.host }),
    ...(wishes.length === 0 ? {} : { preference: preferenceOf(wishes) }),
  }
}

/**
 * Faults: 'invalid' for a zone that does not exist, 'no-capacity' when no enabled host is large enough, or none that is meets the
 * requirements, as far as these ask for what only an operator changes.
 */
export function checkItEverFits({ size, zone, host: named, preference }: Asked, all: readonly HostRecord[]): void {
  const hosts = named === undefined ? all : all.filter(({ id }) => id === named)
  // Real and simulated hosts never serve one site together.
  const retired = (host: HostRecord): boolean => host.wish.simulated && doesARealOneServe(all)
  const serves = (host: HostRecord): boolean =>
    host.wish.enabled && !host.wish.removing && (zone === null || host.wish.zone === zone) && !retired(host)
  const lasting = lastingOf(preference)
  if (!hosts.some((host) => serves(host) && large(size, host))) throw refusal(zone, hosts, hosts.some(serves))
  if (lasting === undefined) return
  const demand = { id: '' as ComputeId, size, zone, avoid: [], preference: lasting } satisfies Demand
  // One after another until one does: a site may have thousands.
  const meets = (record: HostRecord): boolean =>
    hostViews([{ record, claims: [] }]).some((view) => meetsRequirements.admits(demand, view) === true)
  if (hosts.some((host) => serves(host) && large(size, host) && meets(host))) return
  const asked = lasting.requirements.map(({ text }) => text).join(' and ')
  throw fault('no-capacity', `no host that is large enough meets the requirements ${asked}`, {
    field: 'placement.requirements',
  })
}

const known = new WeakMap<readonly HostRecord[], boolean>()

/** Found out once for each list: a mirror gives the same one until a host changes. */
function doesARealOneServe(hosts: readonly HostRecord[]): boolean {
  const before = known.get(hosts)
  if (before !== undefined) return before
  const serves = hosts.some((host) => isReal(host) && !host.wish.removing)
  known.set(hosts, serves)
  return serves
}

/** A host that was never looked at may turn out large enough. */
function large(size: Size, { wish, seen: { capacity } }: HostRecord): boolean {
  if (capacity === null) return true
  const most = mostOfHost(wish, capacity)
  return most.cpuHundredths >= size.cpuHundredths && most.memoryMiB >= size.memoryMiB && most.diskGiB >= size.diskGiB
}

function refusal(zone: string | null, hosts: readonly HostRecord[], somebodyServes: boolean) {
  const zones = [...new Set(hosts.filter((host) => !host.wish.removing).map((host) => host.wish.zone))].sort()
  if (zone !== null && !zones.includes(zone))
    return fault('invalid', `there is no availability zone ${zone}`, { field: 'zone', allowed: zones })
  const where = zone === null ? '' : ` of ${zone}`
  return fault(
    'no-capacity',
    somebodyServes ? `no host${where} is large enough for such a machine` : `no host${where} takes new machines`,
    zone === null ? {} : { field: 'zone' },
  )
}
