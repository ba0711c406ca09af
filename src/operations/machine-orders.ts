/** What callers say of machines: orders for them, and changes of those that are there. */
import type { ComputeId, ImageId, MixinId, SecurityGroupId, SnapshotId, StorageId } from '../model/ids'
import type { Lifecycle } from '../model/lifecycle'
import type { PlacementWish } from '../model/placement'
import type { CapacityWish, ComputeOptions, ComputeRecord, LeaseWish, OptionsChange } from '../model/records'
import type { VolumeType } from '../model/storage'
import type { InterfaceAsked } from './interfaces/operations'
import type { FromTemplate } from './launch-templates/operations'
import type { NewSize } from './modify/operations'
import type { OrderToken } from './order-token'
import type { GroupAsked, HostedOrder } from './placement-groups/operations'
import type { BurstAsked, FromPartner } from './providers/operations'
import type { AttachOrder } from './storage/operations'

/** An order for machines. What is undefined takes the site's default. */
export interface RunOrder extends FromPartner, FromTemplate, HostedOrder, BurstAsked {
  /** At least this many or none (EC2 MinCount); 1..1000. */
  readonly minCount: number
  readonly maxCount: number
  readonly image?: ImageId
  /** Name of an instance type (`t2.micro`). */
  readonly type?: string
  /** Sizes of the caller's own, used only without a type (OCCI attributes without a resource_tpl). */
  readonly cores?: number
  readonly memoryMiB?: number
  readonly zone?: string
  /** Which reservations they may have a place of; left out: any open one that matches. */
  readonly capacity?: CapacityWish
  /** How long they need their places, and whether they give way. */
  readonly lease?: LeaseWish
  /** Where the machines are to be: requirements, rank or policy, priority. */
  readonly placement?: PlacementWish
  /** The placement group that they are in. */
  readonly placementGroup?: GroupAsked
  readonly title?: string
  readonly summary?: string
  readonly hostname?: string
  readonly tags?: Readonly<Record<string, string>>
  readonly keyName?: string
  /** One line in OpenSSH's form (OCCI ssh_key, public_key); never rendered, never logged. */
  readonly publicKey?: string
  /** base64. */
  readonly userData?: string
  /** Relative CPU share (OCCI 1.2). */
  readonly share?: number
  /** The project's own mixins to put on it. */
  readonly mixins?: readonly MixinId[]
  /** Its interfaces in their order; none: one on the site's first network. */
  readonly interfaces?: readonly InterfaceAsked[]
  readonly options?: Partial<ComputeOptions>
  /** Security groups of its interfaces; none: `default`. */
  readonly groups?: readonly SecurityGroupId[]
  /** EC2 ClientToken with a digest of all other parameters. */
  readonly token?: OrderToken
  /** The id to take (OCCI PUT to a fresh path); only with maxCount 1. */
  readonly id?: ComputeId
  /** GiB of the root disk; the image's where it is not said. */
  readonly rootGiB?: number
  /** Tags of its interfaces. */
  readonly interfaceTags?: Readonly<Record<string, string>>
  /** What EC2 says of the root disk. */
  readonly rootType?: VolumeType
  /** Tags of the root disk. */
  readonly rootTags?: Readonly<Record<string, string>>
  /** Volumes made with each machine: empty, or of a snapshot, whose size they have where nothing is said. */
  readonly newVolumes?: readonly {
    readonly sizeGiB?: number
    readonly snapshot?: SnapshotId
    readonly type?: VolumeType
    readonly device: string
    readonly deleteOnTermination: boolean
    readonly tags?: Readonly<Record<string, string>>
  }[]
  /** Volumes of the caller's to hang on it; only with maxCount 1. */
  readonly attach?: readonly Pick<AttachOrder, 'storage' | 'device' | 'mountpoint' | 'mixins'>[]
  /** Check everything, change nothing. */
  readonly dryRun?: boolean
}

/** What a verb did to one machine: its name before and the record after. */
export interface Changed {
  readonly before: Lifecycle
  readonly record: ComputeRecord
}

/** What of a machine its owner may change in every state; only what is given changes, null takes it away. */
export interface ComputeUpdate {
  readonly title?: string | null
  readonly summary?: string | null
  /** What the guest is told when it next asks. */
  readonly hostname?: string | null
  readonly share?: number
  readonly addMixins?: readonly MixinId[]
  readonly removeMixins?: readonly MixinId[]
  readonly options?: OptionsChange
  /** While it is off. */
  readonly size?: NewSize
}

/** Something that a user's mixin can be put on: a machine, one of its interfaces (`eni-…`) or links to volumes (`vol-…`), a volume. */
export type MixinMember =
  | { readonly kind: 'compute'; readonly id: ComputeId; readonly interface?: string; readonly volume?: string }
  | { readonly kind: 'storage'; readonly id: StorageId }

/** A verb on machines. */
export interface Verb {
  /** All or nothing; duplicates count once; 1..1000. */
  readonly ids: readonly ComputeId[]
  readonly dryRun?: boolean
}

/** A mixin of a user's own put on things, taken off, or put on exactly these. */
export interface MixinAssociation {
  readonly mixin: MixinId
  readonly how: 'add' | 'exactly' | 'remove'
  readonly members: readonly MixinMember[]
}
