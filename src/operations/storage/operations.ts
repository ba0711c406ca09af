/** What a caller may do with volumes (OCCI storage and storagelink, EC2 volumes). Part of `Operations`. */
import type { ComputeId, MixinId, SnapshotId, StorageId } from '../../model/ids'
import type { Attachment, StorageRecord, VolumeType } from '../../model/storage'
import type { Caller, Operator } from '../context'
import type { OrderToken } from '../order-token'

export interface CreateStorageOrder {
  /** Left out: the snapshot's, which it has at least. */
  readonly sizeGiB?: number
  /** Its first contents. */
  readonly snapshot?: SnapshotId
  readonly type?: VolumeType
  /** Undefined: the zone of its first machine. */
  readonly zone?: string
  readonly title?: string
  readonly summary?: string
  readonly tags?: Readonly<Record<string, string>>
  /** The project's own mixins to put on it. */
  readonly mixins?: readonly MixinId[]
  /** The id to take (OCCI PUT to a fresh path). */
  readonly id?: StorageId
  /** EC2 ClientToken with a digest of all other parameters. */
  readonly token?: OrderToken
  readonly dryRun?: boolean
}

export interface AttachOrder {
  readonly storage: StorageId
  readonly compute: ComputeId
  /** Undefined: the next free one. */
  readonly device?: string
  readonly deleteOnTermination?: boolean
  readonly mountpoint?: string
  /** The project's own, to put on the link. */
  readonly mixins?: readonly MixinId[]
  readonly dryRun?: boolean
}

export interface DetachOrder {
  readonly storage: StorageId
  /** Where the caller believes it to be; refused when it is elsewhere. */
  readonly compute?: ComputeId
  readonly device?: string
  readonly dryRun?: boolean
}

export interface StorageDeletion {
  readonly ids: readonly StorageId[]
  readonly dryRun?: boolean
  /** Machines that go in the same script: a volume of theirs goes with them. */
  readonly goingWith?: readonly ComputeId[]
}

export interface ChangeStorageOrder {
  readonly storage: StorageId
  /** Larger or the same, never smaller. */
  readonly sizeGiB?: number
  readonly type?: VolumeType
  readonly title?: string | null
  readonly summary?: string | null
  readonly online?: boolean
  readonly addMixins?: readonly MixinId[]
  readonly removeMixins?: readonly MixinId[]
  readonly autoEnableIo?: boolean
  readonly deleteOnTermination?: boolean
  readonly dryRun?: boolean
}

/** A volume as it stands, with the machine that it hangs on. */
export interface StorageView {
  readonly record: StorageRecord
  readonly attachment: Attachment | undefined
}

export interface StorageOperations {
  /** Faults: 'invalid', 'quota', 'exists', 'idempotency', 'forbidden', 'conflict', 'unavailable'. */
  createStorage(caller: Caller, order: CreateStorageOrder): Promise<StorageRecord>
  /** What an order of this token made before, for who can no longer say it; undefined: the token is new. 'idempotency'. */
  createdBefore(caller: Caller, token: OrderToken): Promise<StorageRecord | undefined>
  /** One for each order, in their order, all or none; at most 1000 ('too-large'). */
  createStorages(
    caller: Caller,
    orders: readonly Omit<CreateStorageOrder, 'id' | 'token' | 'dryRun'>[],
  ): Promise<readonly StorageRecord[]>
  /** In order of creation; deleted ones until nothing is left of them. */
  listStorages(caller: Caller): Promise<readonly StorageView[]>
  /** 'not-found' when it is not there or another project's. Deleted ones are returned. */
  getStorage(caller: Caller, id: StorageId): Promise<StorageView>
  /** `vol-…`, in the order asked; 'not-found' names all that are missing. */
  namedStorages(caller: Caller, names: readonly string[]): Promise<readonly StorageView[]>
  /** 'in-use', 'state', 'invalid' (device), 'conflict' with reason `zone` or `host`, before anything changes. */
  attachStorage(caller: Caller, order: AttachOrder): Promise<StorageView>
  /** 'state' with reason `detached` when it hangs nowhere, 'not-found' (attachment) when it hangs elsewhere. */
  detachStorage(caller: Caller, order: DetachOrder): Promise<StorageView>
  changeStorage(caller: Caller, order: ChangeStorageOrder): Promise<StorageView>
  /** In their order, all or none; each storage once, at most 1000 ('too-large'). */
  changeStorages(
    caller: Caller,
    orders: readonly Omit<ChangeStorageOrder, 'deleteOnTermination'>[],
  ): Promise<readonly StorageView[]>
  /** All or nothing. 'in-use' says by what. */
  deleteStorages(
    caller: Caller,
    order: { readonly ids: readonly StorageId[]; readonly dryRun?: boolean },
  ): Promise<void>
  /** All projects' (operators). */
  listAllStorages(operator: Operator): Promise<readonly StorageView[]>
  /** Whosever it is, by UUID or EC2 name. 'not-found'. */
  findStorage(operator: Operator, word: string): Promise<StorageView>
  /** Forgets a deleted one whose disk nobody removes. 'not-found', 'state' for one that is not deleted. */
  giveUpStorage(operator: Operator, word: string): Promise<StorageView>
}
