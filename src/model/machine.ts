/** What a host has and what a machine on it looks like: the words that drivers, records and placement share. */
import type { ImageBoot } from './images'

/** Amounts asked for or held. CPU in hundredths of a core (4 cores = 400), memory in MiB, disk in GiB. */
export interface Size {
  /** Name of the instance type, '' where it is no type's. */
  readonly type: string
  readonly cores: number
  readonly cpuHundredths: number
  readonly memoryMiB: number
  readonly diskGiB: number
  /** Of what is held at a provider: the type of its that it takes, by the provider's name for it. */
  readonly offer?: string
  /** Of what is asked for: which types of providers it may be; absent: any. */
  readonly asks?: TypesAsked
  /** The same: millionths an hour, with its disk and address, when it was placed. */
  readonly price?: number
}

export interface TypesAsked {
  /** By kind of provider, the one type there. */
  readonly only?: Readonly<Record<string, string>>
  /** Types that had no capacity a short while ago: `<host> <type>`. */
  readonly without?: readonly string[]
  /** GiB of its disk that are volumes', which are no part of a type. */
  readonly volumesGiB?: number
}

/** What of a size can be changed while a machine runs. */
export type Amounts = Pick<Size, 'cores' | 'memoryMiB'>

export interface HostCapacity {
  readonly cpuHundredths: number
  readonly memoryMiB: number
  readonly diskGiB: number
}

/** off: defined or has disks, no domain runs. saved: memory lies in a file on the host, or was kept by its provider. */
export type DomainState = 'absent' | 'off' | 'running' | 'paused' | 'saved' | 'crashed'

export interface DiskSighting {
  readonly name: string
  readonly sizeGiB: number
  readonly attached: boolean
  /** It is made larger only once no machine that runs has it any more; absent: at any time. */
  readonly open?: true
  /** The shared backend on which it lies, by its `pool`; absent: on its host alone. */
  readonly pool?: string
  /** The provider's own zone in which it lies; absent: it is at none. */
  readonly zone?: string
}

/** Where a host keeps disks: a folder of its own, or one that several hosts have (storage/reachable.ts). */
export interface StorageBackend {
  /** As the operator named its folder; `local` for the host's own. */
  readonly name: string
  readonly kind: 'local' | 'shared'
  /** What all hosts that have it call it; null: this host alone has it. */
  readonly pool: string | null
  readonly totalGiB: number
  readonly freeGiB: number
  /** How a disk becomes a copy of a kept image here. */
  readonly clone: 'reflink' | 'qcow2' | 'copy'
  /** It is not mounted on its host now, or does not answer: what is told of it is what it had when it was here last. */
  readonly away?: true
}

/** A public address that a host has lead to an interface. */
export interface PublicSighting {
  readonly ip: string
  /** '' at a provider: its machines have one interface. */
  readonly mac: string
}

/** What a provider says of a machine that it runs for us. */
export interface Given {
  readonly object: string
  /** The provider's name of its type; absent: it has none. */
  readonly type?: string
  /** The provider's own zone: a volume hangs only on what is in its zone. Absent: it has none. */
  readonly zone?: string
  /** It was launched so that its memory can be kept when it is stopped; absent: it cannot. */
  readonly hibernates?: true
  readonly addresses: readonly { readonly ip: string; readonly scope: 'private' | 'public' }[]
}

/** How a machine came to be off, saved or gone at its provider. */
export interface EndedThere {
  /** `account`: somebody ordered it there, ourselves too. `provider`: nobody did. `unknown`: the provider does not say. */
  readonly by: 'guest' | 'account' | 'provider' | 'unknown'
  /** It was ended for good and the provider says so; absent: it is off. What merely is not shown is not known to be gone. */
  readonly forGood?: true
  /** The provider's own word for it, of one that it ended for good: a code. */
  readonly why?: string
}

/** Everything that one host has of one machine, in one look. */
export interface MachineSighting {
  /** The EC2 name. */
  readonly name: string
  /** The record's id as written into the domain by define; null while there is no domain. */
  readonly id: string | null
  readonly domain: DomainState
  readonly disks: readonly DiskSighting[]
  /** MAC addresses of the interfaces that are connected. */
  readonly interfaces: readonly string[]
  /** Public addresses that its host has lead to it; absent: none. */
  readonly publics?: readonly PublicSighting[]
  /** Detached work under way: nothing else of the machine starts until it ends or is cancelled. */
  readonly work: { readonly key: string; readonly what: string; readonly percent: number } | null
  /** When the running domain was started, ms by the host's clock; null when none runs. */
  readonly startedAt: number | null
  /** What the domain that runs has now; absent: none runs, or the driver does not tell. */
  readonly running?: Amounts
  /** Marked on its host as one to be ended when the host is cut off (fencing.ts); absent: the driver knows no marks. */
  readonly restartable?: boolean
  /** The host's watch ended it, and nobody started it since. */
  readonly endedByWatch?: boolean
  /** Its guest shut down to start again, and nothing is left on its host that would start it; absent: it did not, or its driver does not tell. */
  readonly restarts?: true
  /** Its host has begun to hand it over to another one and does not know whether that took it: nothing starts it here before that one says. */
  readonly handing?: true
  /** At a provider: it is made and ended by one call each, and its disks and interfaces come and go with it. */
  readonly whole?: true
  /** Its provider does not say that it ran yet: it is on its way up, or down again. */
  readonly unbegun?: true
  /** What its provider gave it: the provider's own id of it, and addresses. */
  readonly given?: Given
  /** Of one that is off, saved or gone at its provider; absent: it runs, or its driver does not tell. */
  readonly ended?: EndedThere
}

/** Verbs that a host or provider may lack, with the reason, so that a front can refuse by name before anything happens. */
export type Verb =
  | 'create'
  | 'start'
  | 'stop'
  | 'reboot'
  | 'reset'
  | 'suspend'
  | 'save'
  | 'move-live'
  | 'move-cold'
  | 'attach-disk'
  | 'detach-disk'
  | 'grow-disk'
  | 'snapshot-disk'
  | 'attach-network'
  | 'detach-network'
  | 'rules'
  | 'resize'
  | 'addresses'
  | 'console'
  | 'adopt'

export interface Lack {
  readonly verb: Verb
  readonly because: string
  /** It has the verb for those of its machines of which this is seen (Given), and lacks it for all others. */
  readonly unless?: 'hibernates'
}

export interface Capabilities {
  readonly lacks: readonly Lack[]
  /** How guests can be started there; absent: nobody said, so in every way. */
  readonly modes?: readonly ImageBoot['mode'][]
}
