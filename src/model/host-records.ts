/** Records of hosts: where machines run, and the checks that come before. Hosts belong to the site, not to a project. */
import type { Alarm } from './accounts/alarms'
import type { Envelope } from './envelope'
import type { Grant } from './fencing'
import type { HostCheckId, HostId } from './ids'
import type { Capabilities, HostCapacity, Size, StorageBackend } from './machine'
import type { Spending } from './providers/money'
import type { ProviderWish } from './providers/record'

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
  /** Kept back of what it has, or given away more than once; absent: its zone says. */
  readonly keeps?: HostKeeps
  /** The same, of all hosts of its zone. */
  readonly zoneKeeps?: HostKeeps
  readonly removing: boolean
  /** Its machines are to go elsewhere; it takes no others meanwhile. Absent: they stay. */
  readonly drain?: Drain
  /** It is to be left for good: a worker takes what is ours off it, then its record goes. */
  readonly leaves?: boolean
  /** How it is made sure that it runs nothing, once it is silent. */
  readonly fencing?: Fencing
  /** The last order to fence it. */
  readonly fence?: FenceOrder
  /** It is an account at a provider, and `address` the endpoint; absent: a host of the operator's. */
  readonly provider?: ProviderWish
  /** Marks of the operator's own. */
  readonly labels?: Readonly<Record<string, string>>
  readonly createdAt: number
}

export interface Drain {
  readonly at: number
  readonly by: string
  /** Moves away from it at a time, at most. */
  readonly parallel: number
  /** Whether it took machines before: so it does again when the drain is cancelled. */
  readonly wasEnabled: boolean
}

/** `100` (hundredths of a core, MiB), `10%`; less than nothing overcommits (placement/keeps.ts). */
export interface HostKeeps {
  readonly cpu?: string
  readonly memory?: string
}

export interface Fencing {
  /** Words of a command that switches it off and exits with 0 once it is off; a worker runs it. */
  readonly command?: readonly string[]
  /** ms that the command may take. */
  readonly commandMs?: number
  /** It fences itself: machines marked restartable end so many ms after the time it was last granted (model/fencing.ts). */
  readonly selfMs?: number
}

export interface FenceOrder {
  /** Orders so far. */
  readonly level: number
  /** confirmed: the operator says that it is off. */
  readonly how: 'confirmed' | 'command'
  readonly at: number
  readonly by: string
}

/** It is known that it runs nothing of ours (`self`: nothing that is marked restartable). */
export interface Fenced {
  readonly how: 'confirmed' | 'command' | 'self'
  readonly at: number
  /** Its boot identity when it was last heard of. */
  readonly boot: string | null
}

/** A fence command that was run. */
export interface FenceRun {
  readonly at: number
  readonly outcome: 'running' | 'done' | 'failed'
  /** The newest of what it said. */
  readonly output: string
}

/** A domain on a host that is none of ours. */
export interface ForeignDomain {
  readonly name: string
  readonly size: Size
  /** It is part of what runs the host itself (Domain-0): nobody's machine. Absent: it may be somebody's. */
  readonly runsHost?: boolean
}

/** What is known of an object at a provider that belongs to no machine of ours. */
export interface Stray {
  /** The provider's own id. */
  readonly object: string
  /** The provider's type; null: it does not tell. */
  readonly type: string | null
  /** When it was started, ms; null: it does not run, or the provider does not tell. */
  readonly since: number | null
  /** Millionths an hour; null: the type is none of those that are offered. */
  readonly price: number | null
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
  readonly foreign: readonly ForeignDomain[]
  /** Domains that bear our mark and have no record here: told to the operator. */
  readonly orphans: readonly string[]
  /** Time that it was granted last; absent: it does not fence itself. */
  readonly grant?: Grant | null
  /** Until it is heard of again. */
  readonly fenced?: Fenced | null
  /** The level of the last order to fence that was carried out, or found to be void. */
  readonly fences?: number
  readonly fenceRun?: FenceRun | null
  /** What machines at a provider cost so far; absent: it is none. */
  readonly spending?: Spending
  /** The budget of this month is near its end, or over; absent: it is not. */
  readonly alarm?: Alarm
  /** What bears our mark at a provider and has no record here, with what it costs, by its name among `orphans`. */
  readonly strays?: Readonly<Record<string, Stray>>
  /** It showed another ssh host key than those pinned: nothing is sent to it until an operator trusts it. */
  readonly distrusted?: { readonly at: number } | null
}

export type HostRecord = Envelope<'host', HostId, HostWish, HostSeen, null, null>

/** Silence after which what was promised on a host, and nobody is in yet, is planned anew, ms. */
export const LONG_SILENT_MS = 120_000

/** Whether it was silent for so long. `now`: ms. */
export const isLongSilent = ({ seen }: Pick<HostRecord, 'seen'>, now: number): boolean =>
  seen.contact === 'lost' && seen.lostSince !== null && now - seen.lostSince >= LONG_SILENT_MS

/** An order to look whether a host can join, before it does (or again later): a wish and what was found, kept an hour. */
export interface HostCheckWish {
  readonly name: string
  readonly driver: string
  readonly address: string
  /** Pinned keys; empty: record what it shows. */
  readonly hostKeys: readonly string[]
  /** Its account at a provider: what its record says is checked. */
  readonly provider?: HostId
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
