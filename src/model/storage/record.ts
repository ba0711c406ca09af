/**
 * What Redis keeps of a volume (OCCI storage, EC2 volume), and of its attachment (storagelink).
 *
 * Who writes what: operations write `wish` (holder included) together with the wish of the compute that it names, in one
 * script. The volume's own job writes seen, journal and place; attaching is the compute's job, under the compute's claim,
 * so whether a volume is attached is read from the compute (attachment.ts), never kept twice.
 */
import type { Offer } from '../compute-place'
import type { Envelope } from '../envelope'
import type { ComputeId, HostId, MixinId, StorageId } from '../ids'
import type { VolumeSource } from './snapshot'

/** A volume as the wish of its compute has it. */
export interface VolumeWish {
  readonly storage: StorageId
  /** `vol-…`, also the disk's name on its host. */
  readonly name: string
  readonly device: string
  readonly deleteOnTermination: boolean
  /** When it was asked for, ms. */
  readonly since: number
  /** Where the guest mounts it, as its owner says; absent: nothing was said. */
  readonly mountpoint?: string
  /** Mixins that users made, on the link; absent: none. */
  readonly mixins?: readonly MixinId[]
  /** As its host has it: filled in by the machine's job for itself, never kept. */
  readonly sizeGiB?: number
}

/** The one machine that a volume is attached to, or is to be. */
export interface Holder {
  readonly compute: ComputeId
  /** `i-…` */
  readonly computeName: string
  readonly device: string
  readonly deleteOnTermination: boolean
  readonly since: number
  /** Where the guest mounts it, as its owner says (OCCI); told and not acted on. */
  readonly mountpoint: string | null
}

export const VOLUME_TYPES = ['gp2', 'gp3', 'standard'] as const
export type VolumeType = (typeof VOLUME_TYPES)[number]

export interface StorageWish {
  readonly exists: boolean
  /** `vol-…` */
  readonly name: string
  readonly sizeGiB: number
  /** EC2's volume type, told back as it was asked for: hosts have one sort of disk. */
  readonly type: VolumeType
  /** Wanted availability zone; null: that of its first machine. */
  readonly zone: string | null
  readonly title: string | null
  readonly summary: string | null
  readonly tags: Readonly<Record<string, string>>
  readonly holder: Holder | null
  /** The last holder: until its machine was seen without the volume, no other one may have it and it cannot be deleted. */
  readonly former: Holder | null
  /** OCCI's level online or offline: an offline volume cannot be attached. */
  readonly online: boolean
  /** EC2's attribute of that name: told back, nothing is ever disabled here. */
  readonly autoEnableIo: boolean
  readonly retries: number
  /** EC2's CreateVolume ClientToken. */
  readonly clientToken: string | null
  readonly createdAt: number
  readonly createdBy: string
  readonly deletedAt: number | null
  /** An operator does not wait for its host to remove its disk. */
  readonly abandoned?: true
  /** The last change of its size or type. */
  readonly resized: { readonly fromGiB: number; readonly fromType?: VolumeType; readonly at: number } | null
  /** When it came to have the size that it has, ms; absent: it was made with it. */
  readonly grownAt?: number
  /** Mixins that users made; absent: none. Ids of those deleted since mean nothing. */
  readonly mixins?: readonly MixinId[]
  /** Its first contents; absent: it began empty. */
  readonly source?: VolumeSource
}

export interface StorageSeen {
  /** ms; 0: never looked at. */
  readonly at: number
  /** What its host has of it; null: nothing yet. */
  readonly sizeGiB: number | null
  /** When its disk was first there, ms. */
  readonly madeAt: number | null
  readonly grownAt: number | null
  /** Deleted and nothing left anywhere, ms. */
  readonly goneAt: number | null
  /** The shared backend on which its disk lies; absent: it lies on its host alone and does not survive it. */
  readonly pool?: string
  /** At a provider: the provider's own zone in which it lies. */
  readonly zoneThere?: string
}

export type StorageStep = 'disk' | 'grow'

/** As a machine's intent: announced before its effect is tried, repeated under the same key while its outcome is unknown. */
export interface StorageIntent {
  /** `<storage>/<step>/<direction>/<attempt>` */
  readonly key: string
  readonly step: StorageStep
  readonly direction: 'up' | 'down'
  readonly attempt: number
  readonly host: HostId
  readonly at: number
  /** For which size, GiB: another one is another decision. */
  readonly sizeGiB: number
  readonly outcome: 'open' | 'running' | 'done' | 'failed'
}

export interface StorageJournal {
  readonly intent: StorageIntent | null
  readonly attempts: number
  /** Refusals in a row. */
  readonly failures: number
  readonly trouble: { readonly kind: string; readonly message: string; readonly at: number } | null
  /** Refused again and again; tried on, ever more seldom. */
  readonly stuck: { readonly since: number; readonly message: string } | null
  /** Its machine is being moved and takes it along: nothing is done with it meanwhile. */
  readonly moving?: ComputeId
}

/** A volume lives on one host from its first attachment on: it does not survive that host. */
export interface StoragePlace {
  readonly host: HostId | null
  readonly hostName: string | null
  readonly zone: string | null
  readonly simulated: boolean
  readonly at: number
  /** At a provider that takes something for a GiB: what one costs an hour, millionths, when it was placed or grown. */
  readonly gib?: { readonly price: number; readonly currency: string }
}

/** What a volume costs an hour at its provider; undefined: it is at none, or that takes nothing for it. */
export const offerOfVolume = (
  { sizeGiB, type }: Pick<StorageWish, 'sizeGiB' | 'type'>,
  { gib }: Pick<StoragePlace, 'gib'>,
): Offer | undefined =>
  gib === undefined ? undefined : { type, price: Math.round(gib.price * sizeGiB), currency: gib.currency }

export type StorageRecord = Envelope<'storage', StorageId, StorageWish, StorageSeen, StorageJournal, StoragePlace>

export const STORAGE_NEVER_SEEN: StorageSeen = { at: 0, sizeGiB: null, madeAt: null, grownAt: null, goneAt: null }
export const STORAGE_NOTHING_DONE: StorageJournal = {
  intent: null,
  attempts: 0,
  failures: 0,
  trouble: null,
  stuck: null,
}
export const STORAGE_NO_PLACE: StoragePlace = { host: null, hostName: null, zone: null, simulated: false, at: 0 }

/** Its machine ends: it is let go of, or deleted with the machine. */
export const releasedAtEnd = (wish: StorageWish, holder: Holder, now: number): StorageWish => ({
  ...wish,
  holder: null,
  former: holder,
  ...(holder.deleteOnTermination ? { exists: false, deletedAt: now } : {}),
})
