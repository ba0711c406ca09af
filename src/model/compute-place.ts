/** Where a machine is, why it waits, and where it is on its way to. */
import type { HostId, ReservationId, StorageId } from './ids'
import type { LeasePlace, Parked } from './lease'

/** Why a machine waits: counts per reason, up to three examples, what would make it fit. */
export interface Waiting {
  readonly since: number
  readonly reasons: Readonly<Record<string, number>>
  /** Host names: for operators only. */
  readonly examples: readonly { readonly host: string; readonly because: string }[]
  readonly wouldFit: string
  /** How many of those that wait have their turn before it, rounded where they are many; absent: none. */
  readonly ahead?: number
  /** It has terms: what was planned for it, and when it begins at the earliest (ms; null: nobody can tell). */
  readonly lease?: { readonly says: string; readonly at: number | null }
  /** It waited for as long as its project lets a machine wait: it failed, until an operator raises `wish.retries`. */
  readonly gaveUp?: {
    readonly at: number
    readonly afterSeconds: number
    readonly retries: number
    /** Its terms cannot be kept, and so it never waited: why. */
    readonly refused?: string
  }
}

/**
 * live: it goes on running. cold: it is off, or in a file, on the way. restart: it is shut down and started there; its disks are on
 * storage that both hosts have. anew: it is ended at its provider and made anew from its image on a host of the site's own.
 */
export type MoveHow = 'live' | 'cold' | 'restart' | 'anew'

/** An order to move a machine to another host. */
export interface MoveWish {
  /** Orders so far: the machine's `seen.moves` says which of them is through. */
  readonly level: number
  readonly to: HostId
  readonly how: MoveHow
}

/** A machine on its way to another host. Its claim there was written together with this. */
export interface Moving {
  /** Of the order. */
  readonly level: number
  readonly how: MoveHow
  readonly to: Pick<ComputePlace, 'hostName' | 'zone' | 'simulated'> & { readonly host: HostId }
  /** Whether it ran when it set out: then it is to run when it is there, or stays. */
  readonly ran: boolean
  /** Volumes that hang on it and go along. */
  readonly volumes: readonly StorageId[]
  readonly since: number
}

/** What a machine takes at a provider. */
export interface Offer {
  /** The provider's name for the type. */
  readonly type: string
  /** Millionths of the provider's currency an hour, when it was placed. */
  readonly price: number
  /** Of the price; absent: it was placed before this was written. */
  readonly currency?: string
}

/** What is counted of a machine while it has this place: what it is, and since when it is that (model/accounts/use.ts). */
export interface MachineUse {
  /** `i-…` */
  readonly name: string
  /** Instance type, '' where it is no type's. */
  readonly type: string
  readonly cores: number
  readonly memoryMiB: number
  readonly diskGiB: number
  /** ms since 1970. */
  readonly since: number
  /** Of a partner's machine: its record's id where its owner ordered it. */
  readonly order?: string
}

export interface ComputePlace {
  readonly host: HostId | null
  readonly hostName: string | null
  readonly zone: string | null
  /** The host is simulated; shown in every front. */
  readonly simulated: boolean
  readonly at: number
  readonly waiting: Waiting | null
  /** It gave its cores and memory to a reservation; absent: it did not. */
  readonly parked?: Parked
  /** It has terms: what was planned. */
  readonly lease?: LeasePlace
  /** Its host is a provider. */
  readonly offer?: Offer
  /** Counted as this; absent: it has no place, or gave its cores and memory away. */
  readonly use?: MachineUse
  /** The capacity reservation that it has a place of; absent: none. */
  readonly reservation?: {
    readonly id: ReservationId
    /** `cr-…` */
    readonly name: string
    /** Of its places: a machine that has another one since left it. */
    readonly type: string
  }
  /** Until it is through or given up, this place is where it is, and capacity is held at both hosts. */
  readonly moving?: Moving
}
