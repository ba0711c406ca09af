/** Records of hosts: where machines run, and the checks that come before. Hosts belong to the site, not to a project. */
import type { Envelope } from './envelope'
import type { HostCheckId, HostId } from './ids'
import type { Capabilities, HostCapacity, Size, StorageBackend } from './machine'

export interface HostWish {
  readonly name: string
  readonly zone: string
  readonly enabled: boolean
  readonly driver: string
  /** What the driver connects to. */
  readonly address: string
  readonly simulated: boolean
  /** Pinned ssh host keys, `SHA256:…` as ssh-keygen -l shows them; absent: the driver needs none. */
  readonly hostKeys?: readonly string[]
  /** Kept back from placement. */
  readonly reserved: Size
  readonly removing: boolean
  readonly createdAt: number
}

export interface HostSeen {
  readonly at: number
  readonly contact: 'never' | 'ok' | 'lost'
  readonly lostSince: number | null
  readonly message: string | null
  readonly boot: string | null
  readonly version: string | null
  readonly capacity: HostCapacity | null
  readonly capabilities: Capabilities | null
  /** Where it keeps disks; absent: one backend of its own, of which nothing else is known. */
  readonly backends?: readonly StorageBackend[]
  /** Domains that we did not make: counted against capacity, never touched. */
  readonly foreign: readonly { readonly name: string; readonly size: Size }[]
  /** Domains that bear our mark and have no record here: told to the operator. */
  readonly orphans: readonly string[]
}

export type HostRecord = Envelope<'host', HostId, HostWish, HostSeen, null, null>

/** An order to look whether a host can join, before it does (or again later): a wish and what was found, kept an hour. */
export interface HostCheckWish {
  readonly name: string
  readonly driver: string
  readonly address: string
  /** Pinned keys; empty: record what it shows. */
  readonly hostKeys: readonly string[]
  /** What is missing may be mended (the guard installed, folders made); else nothing on the host is changed. */
  readonly mends: boolean
  readonly createdAt: number
}
export interface HostCheckSeen {
  readonly at: number
  /** In the order in which they were looked at. */
  readonly findings: readonly {
    readonly what: string
    readonly verdict: 'ok' | 'mended' | 'warning' | 'missing'
    readonly detail: string
    /** What an operator can run to mend it; null: nothing to do, or no command does it. */
    readonly mend: string | null
  }[]
  /** What it showed: to be pinned. */
  readonly hostKeys: readonly string[]
  /** Whether it may join. */
  readonly fit: boolean
}
export type HostCheckRecord = Envelope<'hostcheck', HostCheckId, HostCheckWish, HostCheckSeen | null, null, null>
