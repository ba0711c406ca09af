/** What makes, changes and removes a host's record. */
import { marksBeyond, marksOf } from '../model/host-marks'
import type { HostId } from '../model/ids'
import type { Size } from '../model/machine'
import type { ProviderWish } from '../model/providers/record'
import type { HostRecord, HostSeen, HostWish } from '../model/records'
import type { Change, Create, Removal, Take, Update } from '../store/store'
import { drawId } from './draw'

export const SIMULATOR = 'simulator'

export interface HostOrder {
  readonly name: string
  readonly zone: string
  readonly driver: string
  readonly address: string
  readonly retireSimulated?: boolean
  readonly check?: string
  readonly hostKeys?: readonly string[]
  /** It is an account at a provider, made with the id that its secret is sealed under. */
  readonly account?: { readonly id: HostId; readonly provider: ProviderWish }
}

const NOTHING: Size = { type: '', cores: 0, cpuHundredths: 0, memoryMiB: 0, diskGiB: 0 }
const NEVER_SEEN: HostSeen = {
  at: 0,
  contact: 'never',
  lostSince: null,
  message: null,
  boot: null,
  version: null,
  capacity: null,
  capabilities: null,
  foreign: [],
  orphans: [],
}

/** What makes a host's record: enabled, to be probed at once. */
export function newHost(
  { name, zone, driver, address, hostKeys, account }: HostOrder,
  now: number,
): { readonly create: Create; readonly takes: readonly Take[]; readonly wish: HostWish } {
  const id = account?.id ?? drawId<HostId>()
  const simulated = driver === SIMULATOR
  const rest = { enabled: true, simulated, reserved: NOTHING, removing: false, createdAt: now }
  const pinned = hostKeys === undefined ? {} : { hostKeys }
  const provider = account === undefined ? {} : { provider: account.provider }
  const wish: HostWish = { name, zone, driver, address, ...pinned, ...provider, ...rest }
  return {
    create: {
      ref: { kind: 'host', id },
      project: null,
      wish,
      seen: NEVER_SEEN,
      journal: null,
      place: null,
      wake: true,
    },
    takes: marksOf(wish).map((mark) => ({ ...mark, value: `host:${id}` })),
    wish,
  }
}

export const hostUpdate = (host: HostRecord, wish: HostWish): Update => ({
  ref: { kind: 'host', id: host.id },
  project: null,
  generation: host.generation,
  wish,
  raisePhase: false,
  wake: true,
})

/** A changed wish: what it is told by changes with it. A mark that the host had before marks were taken stays free, and its record says it. */
export function changedHost(host: HostRecord, wish: HostWish): Pick<Change, 'updates' | 'takes' | 'releases'> {
  const [before, after] = [marksOf(host.wish), marksOf(wish)]
  return {
    updates: [hostUpdate(host, wish)],
    takes: marksBeyond(after, before).map((mark) => ({ ...mark, value: `host:${host.id}` })),
    releases: marksBeyond(before, after),
  }
}

/** What removes an empty host and all that it is told by. */
export const hostRemoval = (
  host: HostRecord,
): { readonly removal: Removal; readonly releases: NonNullable<Change['releases']> } => ({
  removal: { ref: { kind: 'host', id: host.id }, project: null, generation: host.generation },
  releases: marksOf(host.wish),
})
