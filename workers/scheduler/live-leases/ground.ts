/**
 * What the lease planner is to know of a site, and what its answer comes to: between records with their claims, in ms, and the planner's
 * leases and nodes, in seconds (leases/lease.ts). Pure.
 */
import type { ComputeId, HostId } from '../../../src/model/ids'
import { BOOT_SECONDS, COMMAND_SECONDS, SAVE_MIB_PER_SECOND, SHUTDOWN_SECONDS } from '../../../src/model/lease'
import type { ClaimedHost, Demand, HostView } from '../../../src/model/placement'
import type { ComputeRecord } from '../../../src/model/records'
import type { Backfilling, Overheads } from '../leases'

/** A machine with terms that waits for a place. */
export interface Waiter {
  readonly record: ComputeRecord
  readonly demand: Demand
}

export interface LeaseGround {
  /** ms */
  readonly now: number
  readonly hosts: readonly ClaimedHost[]
  readonly views: ReadonlyMap<HostId, HostView>
  readonly waiters: readonly Waiter[]
  /** Machines whose claims say that they give way now. */
  readonly yielding: ReadonlyMap<string, ComputeRecord>
  /** Machines, beside those that wait, to which something is promised. */
  readonly owners: ReadonlyMap<string, ComputeRecord>
  readonly backfilling: Backfilling
}

/** As a site's hosts do it: what machines give way by (src/model/lease.ts) is reckoned with the same figures. */
export const OVERHEADS: Overheads = {
  bootSeconds: BOOT_SECONDS,
  shutdownSeconds: SHUTDOWN_SECONDS,
  suspendMibPerSecond: SAVE_MIB_PER_SECOND,
  resumeMibPerSecond: SAVE_MIB_PER_SECOND,
  commandSeconds: COMMAND_SECONDS,
  checkpoints: 'local',
  // Memory files stay where they are, and images are fetched while a machine boots.
  moveMibPerSecond: null,
  imageMibPerSecond: null,
}

export const inSeconds = (ms: number): number => ms / 1000
export const inMs = (seconds: number): number => Math.round(seconds * 1000)

/** A lease as the planner knows it, and whose it is, in the order of its machines. */
export interface Party {
  readonly id: string
  readonly members: readonly Waiter[]
}

/** The machine to which what is promised to it belongs. */
export const ownerOf = ({ held }: { readonly held?: { readonly machine?: ComputeId } }): ComputeId | undefined =>
  held?.machine
