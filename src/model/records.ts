/**
 * The shape of what Redis keeps: one record per resource, whichever front made it.
 *
 * Who writes what:
 *   wish     operations only; what the owner wants, as levels ("restart" is boots + 1), never as a queue of verbs
 *   seen     the holder of the claim (epoch), and host jobs by sightings (epoch and rev unchanged); what was observed
 *   journal  the holder of the claim; intents before effects, failures, stuck
 *   place    the placement job (claims script); taken away by the holder of the claim when the place is given up
 *
 * All are JSON strings in Redis that scripts never decode; the numbers beside them are what scripts compare.
 */
import type { ProjectBudget } from './accounts/alarms'
import type { AccountsRecord } from './accounts/record'
import type { AddressRecord, PublicWish } from './address-records'
import type { Adopted, ForeignLookRecord } from './adoption'
import type { ComputePlace, MoveWish } from './compute-place'
import type { Envelope } from './envelope'
import type { Failure, Trouble } from './failure'
import type { Origin, Partnership } from './federation'
import type { HostCheckRecord, HostRecord } from './host-records'
import type { Hosting } from './hosting'
import type { ComputeId, HostId, ImageId, MixinId, NetworkId, ProjectId, SecurityGroupId, TypeId } from './ids'
import type { ImageExportRecord } from './image-exports'
import type { ImageRecord, ImportRecord } from './image-records'
import type { ImageBoot } from './images'
import type { LaunchTemplateRecord, LaunchTemplateUsed, LaunchTemplateVersionRecord } from './launch-templates'
import type { LeaseWish } from './lease'
import type { Amounts, MachineSighting, Size } from './machine'
import type { NetworkRecord } from './network-records'
import type { ComputeOptions } from './options'
import type { PlacementWish } from './placement/wish'
import type { GroupMembership, PlacementGroupRecord } from './placement-groups'
import type { BurstWish } from './providers/template'
import type { Quota } from './quota'
import type { RelocationRecord } from './relocation'
import type { CapacityWish, ReservationRecord } from './reservation-records'
import type { SealedText } from './sealed-text'
import type { SecurityGroupRecord, TrafficWish } from './security-groups'
import type { StepName } from './step-names'
import type { StorageRecord, VolumeType, VolumeWish } from './storage/record'
import type { SnapshotRecord } from './storage/snapshot'
import type { StudyRecord } from './studies'
import type { ConsoleRecord, KeyPairRecord, MixinRecord } from './tenant-records'
import type { KeyRecord, UserRecord } from './user-records'

export * from './address-records'
export * from './adoption'
export * from './compute-place'
export * from './failure'
export * from './host-records'
export * from './image-exports'
export * from './image-records'
export * from './launch-templates'
export * from './lease'
export * from './network-records'
export * from './options'
export * from './placement-groups'
export * from './provider-addresses'
export type { Quota } from './quota'
export * from './relocation'
export * from './reservation-records'
export * from './sealed-text'
export * from './security-groups'
export * from './studies'
export * from './tenant-records'
export * from './user-records'

/** The version of these shapes; a record with a higher one is left alone and named in the log. */
export const SCHEMA = 1

// ---------------------------------------------------------------- compute

/** A disk that belongs to one machine. The foundation knows the root disk; volumes are records of their own. */
export interface DiskWish {
  readonly name: string
  readonly device: string
  readonly sizeGiB: number
  readonly image: ImageId | null
  /** `vol-…`, shown by EC2. */
  readonly volume: string
  readonly deleteOnTermination: boolean
  /** Of its volume; absent: none. */
  readonly tags?: Readonly<Record<string, string>>
  /** The last change of its size or type. */
  readonly resized?: { readonly fromGiB: number; readonly fromType?: VolumeType; readonly at: number }
  /** EC2's attributes of its volume, told back. */
  readonly volumeType?: VolumeType
  readonly autoEnableIo?: boolean
}

export interface InterfaceWish {
  readonly device: string
  readonly network: NetworkId
  readonly mac: string
  /** Leased from the network's range; null where the network has none. */
  readonly address: string | null
  /** `eni-…`, shown by EC2. */
  readonly name: string
  /** Mixins of the project's own that are put on it. */
  readonly mixins?: readonly MixinId[]
  /** What its owner says of it (EC2); absent: nothing. */
  readonly description?: string
  /** Security groups that filter it; absent: it was made before there were groups, and nothing filters it. */
  readonly groups?: readonly SecurityGroupId[]
  /** Its owner chose the address; absent: it was leased as it came. */
  readonly allocation?: 'static'
  /** When it was linked to a machine that was there already, ms; absent: with the machine. */
  readonly since?: number
  /** EC2's; absent: none. */
  readonly tags?: Readonly<Record<string, string>>
}

/** Memory and disks stay on the host: to keep them in the image store and give up the place is not done yet. */
export type Power = 'on' | 'off' | 'suspended'

/** What the owner wants of a machine. Numbers only grow; a later wish replaces an earlier one. */
export interface ComputeWish {
  readonly exists: boolean
  readonly power: Power
  /** How to leave 'on': ask the guest, or cut. */
  readonly how: 'graceful' | 'hard'
  /** Not to be placed until released. */
  readonly held: boolean
  /** Start orders so far; 1 at creation. A machine that is off at a fulfilled level stopped by itself and stays off. */
  readonly starts: number
  /** Warm restarts ordered so far. */
  readonly boots: number
  /** Cold restarts (resets) ordered so far. */
  readonly resets: number
  /** How often an operator ordered another try of what failed or is stuck. */
  readonly retries: number
  /** Where an operator ordered it to be moved; the last order. Absent: it was never moved. */
  readonly move?: MoveWish
  /** An operator said that what is left of it on its host may be forgotten. */
  readonly abandoned: boolean
  readonly size: Size
  readonly disks: readonly DiskWish[]
  /** GiB of its disks that count in its project's `volumeGiB`, and that its end gives back; absent: none, as of what is older than the counting. */
  readonly countedGiB?: number
  readonly interfaces: readonly InterfaceWish[]
  /** Interfaces that were unlinked: they hold address and MAC until the machine is seen without them (`seen.freed`). */
  readonly leaving?: readonly InterfaceWish[]
  /** Volumes that are to hang on it (storage.ts); absent in records that never had one. */
  readonly volumes?: readonly VolumeWish[]
  /** Public addresses that are to lead to it; absent in records that never had one. */
  readonly publics?: readonly PublicWish[]
  /** What its groups come to, as its job reads it from them each time; never written. */
  readonly traffic?: TrafficWish
  /** EC2 name `i-…`; also the domain's name on its host. */
  readonly name: string
  readonly reservation: string
  readonly launchIndex: number
  /** What its owner and its type said of where it is to be; absent: nothing. */
  readonly placement?: { readonly own?: PlacementWish; readonly type?: PlacementWish }
  /** What its owner says of providers; absent: nothing. */
  readonly burst?: BurstWish
  /** Its placement group; absent: it is in none. */
  readonly placementGroup?: GroupMembership
  /** Which capacity reservations it may take a place of; absent: any open one that matches it. */
  readonly capacity?: CapacityWish
  /** What its owner says of the host itself; absent: nothing. */
  readonly hosting?: Hosting
  /** How long it needs its place; absent: for ever, and it never gives way. */
  readonly lease?: LeaseWish
  /** null: it was taken over (`adopted`), and nobody here knows what it was made from. */
  readonly image: ImageId | null
  /** How that image is started, known when it was ordered; absent: it was not, as of simulated images. */
  readonly mode?: ImageBoot['mode']
  /** It ran before anybody here knew of it. */
  readonly adopted?: Adopted
  /** Wanted availability zone; null: any. */
  readonly zone: string | null
  readonly title: string | null
  readonly summary: string | null
  readonly hostname: string | null
  readonly tags: Readonly<Record<string, string>>
  /** Mixins of the project's own that are put on it; ids of those that were deleted since mean nothing. */
  readonly mixins?: readonly MixinId[]
  /** Relative CPU share as its owner wrote it (OCCI 1.2). */
  readonly share?: number
  readonly keyName: string | null
  /** One line in OpenSSH's form; never rendered, never logged. */
  readonly publicKey?: string
  /** Left out: the usual ones. */
  readonly options?: Partial<ComputeOptions>
  /** base64, sealed under the record's id; opened, it is shown to nobody but its owner, and never logged. */
  readonly userData: SealedText | null
  readonly clientToken: string | null
  /** ms since 1970. */
  readonly createdAt: number
  readonly createdBy: string
  readonly deletedAt: number | null
  /** Why the last power wish was made: EC2's StateTransitionReason. */
  readonly reason: string
  /** It was ordered by a partner's gateway, as that signed; absent: by one of this site's tenants. */
  readonly origin?: Origin
  /** The launch template that it was ordered by; absent: by none. */
  readonly launchTemplate?: LaunchTemplateUsed
}

/** What was last observed of a machine. */
export interface ComputeSeen {
  /** ms; 0: never looked at. */
  readonly at: number
  /** Where it was seen; null when no host has anything of it. */
  readonly host: HostId | null
  readonly contact: 'ok' | 'lost'
  readonly machine: MachineSighting | null
  /** Boot identity of the host when the machine was last started: another one means that the host restarted. */
  readonly hostBoot: string | null
  /** Levels of the wish that were fulfilled. */
  readonly starts: number
  readonly boots: number
  readonly resets: number
  /** Digest of what its definition on its host was made from; absent: it has none yet, or an older worker wrote it. */
  readonly defined?: string
  /** Digest of the rules that its host was last given for it; absent: none yet, or its definition is newer. */
  readonly rules?: string
  /** What it was defined with, and what it has since it was resized while it ran; absent: an older worker defined it. */
  readonly sized?: { readonly defined: Amounts; readonly now: Amounts }
  /** The last order to move that is through, or was given up. */
  readonly moves?: number
  /** EC2 names of unlinked interfaces (`wish.leaving`) whose address and MAC are free again. */
  readonly freed?: readonly string[]
  /** The provider's own id of what runs or last ran for it where it has its place; absent: nothing did, or it has none. */
  readonly object?: string
  /** That was never seen past its making: nothing is on it yet. */
  readonly unbegun?: true
  /**
   * Where it was lost because its provider did not show it any more, and the provider's own id of it. Nobody said that it ended: what is
   * shown of it again may be all that there is of it. Absent: it never was, or was found again.
   */
  readonly lost?: { readonly host: HostId; readonly object: string | null }
  /** When it last started running, ms; null: it never ran. */
  readonly startedAt: number | null
  readonly stoppedAt: number | null
  /** Deleted and nothing left anywhere, ms. */
  readonly goneAt: number | null
}

/** An effect that was announced before it was tried. Repeating it while its outcome is unknown keeps the attempt. */
export interface Intent {
  /** `<compute>/<step>/<direction>/<attempt>`: the guard's and the provider's idempotency key. */
  readonly key: string
  readonly step: StepName
  readonly direction: 'up' | 'down'
  readonly attempt: number
  readonly host: HostId
  readonly at: number
  readonly outcome: 'open' | 'running' | 'done' | 'failed'
  /** What of the step: a disk's name, 'graceful' or 'hard'; another one is another decision. */
  readonly item: string
  /** Levels of the wish that it fulfils when it is done. */
  readonly levels: {
    readonly starts: number
    readonly boots: number
    readonly resets: number
    /** Of a definition or a resize. */
    readonly size?: Amounts
  }
  /** Boot identity of the host when it was written: a result that was kept from before a restart tells nothing about now. */
  readonly boot: string | null
  /** The effect, said to be done, that this one followed without a look between them. */
  readonly follows?: { readonly step: StepName; readonly item: string }
}

export interface ComputeJournal {
  readonly intent: Intent | null
  /** Attempt numbers drawn so far. */
  readonly attempts: number
  /** Failures in a row of the present step. */
  readonly failures: number
  readonly trouble: Trouble | null
  /** What a refused effect had followed unseen: until it is as its owner wants it, each effect is looked at before the next. */
  readonly doubted?: NonNullable<Intent['follows']>
  /** A `down` that is refused again and again: kept until an operator resumes it or gives up. */
  readonly stuck: {
    readonly since: number
    readonly step: StepName
    readonly message: string
    readonly retries: number
  } | null
  /** An `up` that was undone everywhere it was tried: failed until an operator raises `wish.retries`, or it is deleted. */
  readonly failed: Failure | null
  /** Hosts that refused it; left out by placement until then (ms). `offer`: of that type of the provider's alone there is none now; `full`: it has no room now. */
  readonly avoid: readonly {
    readonly host: HostId
    readonly until: number
    readonly because: string
    readonly offer?: string
    readonly full?: true
  }[]
  /** Hosts that were given up with it: what they still have of it is removed when they are back, before it can run twice. The newest last. */
  readonly left?: readonly HostId[]
}

export type ComputeRecord = Envelope<'compute', ComputeId, ComputeWish, ComputeSeen, ComputeJournal, ComputePlace>

// ---------------------------------------------------------------- what is offered

export interface TypeWish {
  readonly name: string
  readonly term: string
  readonly title: string
  readonly size: Size
  /** Where its machines are to be, as far as they do not say it themselves. */
  readonly placement?: PlacementWish
  readonly createdAt: number
}
export type TypeRecord = Envelope<'type', TypeId, TypeWish, null, null, null>

// ---------------------------------------------------------------- who may

export interface ProjectWish {
  readonly name: string
  /** 12 digits. */
  readonly account: string
  readonly quota: Quota
  /** How long a machine may wait for a place before it has failed, seconds; absent: as long as it takes. */
  readonly pendingTimeout?: number
  /** Being purged: takes no new orders. */
  readonly purging: boolean
  /** Whether its machines may run at providers (absent: they may), and the regions that their data may lie in (absent: any). */
  readonly bursts?: 'never'
  readonly regions?: readonly string[]
  /** What it may cost in a month before it is told; absent: nobody said. */
  readonly budget?: ProjectBudget
  /** It is a gateway that may order machines here; absent: it is a tenant. */
  readonly partner?: Partnership
  readonly createdAt: number
}
export type ProjectRecord = Envelope<'project', ProjectId, ProjectWish, null, null, null>

// ---------------------------------------------------------------- bookkeeping kinds: only their numbers matter

/** `inVain`: so many passes in a row could write nothing, for others changed it meanwhile. */
export type PlacementRecord = Envelope<'placement', 'site', null, null, { readonly inVain: number } | null, null>
/** Its job looks for files of the image store that nobody names. */
export type FilesRecord = Envelope<'files', 'site', null, null, null, null>
export type AuditRecord = Envelope<'audit', 'site', null, { readonly upTo: string } | null, null, null>

/** From kind to record. */
export interface RecordOf {
  compute: ComputeRecord
  host: HostRecord
  type: TypeRecord
  image: ImageRecord
  imageimport: ImportRecord
  network: NetworkRecord
  project: ProjectRecord
  user: UserRecord
  key: KeyRecord
  mixin: MixinRecord
  keypair: KeyPairRecord
  console: ConsoleRecord
  placement: PlacementRecord
  audit: AuditRecord
  files: FilesRecord
  relocation: RelocationRecord
  study: StudyRecord
  snapshot: SnapshotRecord
  hostcheck: HostCheckRecord
  foreignlook: ForeignLookRecord
  securitygroup: SecurityGroupRecord
  storage: StorageRecord
  address: AddressRecord
  placementgroup: PlacementGroupRecord
  reservation: ReservationRecord
  accounts: AccountsRecord
  launchtemplate: LaunchTemplateRecord
  launchtemplateversion: LaunchTemplateVersionRecord
  imageexport: ImageExportRecord
}
export type AnyRecord = RecordOf[keyof RecordOf]
