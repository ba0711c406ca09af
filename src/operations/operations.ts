/**
 * Everything a caller may do, as one interface: the fronts hold it and know nothing else of the inside. Each member is a file
 * of this folder, bound to its context by `openOperations`. All throw Faults; all reads show at least what was acknowledged
 * by any gateway before the call.
 */

import type { ComputeId, HostId, ImageId, MixinId, NetworkId, ProjectId, Ref } from '../model/ids'
import type {
  ComputeRecord,
  ConsoleSeen,
  HostRecord,
  ImageRecord,
  MixinRecord,
  MixinWish,
  MoveHow,
  NetworkRecord,
  ProjectRecord,
  TypeRecord,
  UserRecord,
} from '../model/records'
import type { Actor, SiteEvent } from '../store/store'
import type { AccountOperations } from './accounts/operations'
import type { AddressOperations } from './addresses/operations'
import type { AdoptionOperations } from './adoption/operations'
import type { Arriving, Caller, Operator } from './context'
import type { Explanation } from './explanation'
import type { GroupOperations } from './groups/operations'
import type { HostOperations } from './host/operations'
import type { HostWithUse } from './hosts'
import type { DigestLogin } from './identify/digest'
import type { ImageExportOperations } from './image-exports/operations'
import type { ImageOperations } from './images/operations'
import type { InterfaceOperations } from './interfaces/operations'
import type { KeyPairOperations } from './key-pairs/operations'
import type { KeyLine, KeyOrder, NewKey } from './keys'
import type { LaunchTemplateOperations } from './launch-templates/operations'
import type { Changed, ComputeUpdate, MixinAssociation, RunOrder, Verb } from './machine-orders'
import type { ModifyOperations } from './modify/operations'
import type { NetworkOperations } from './networks/operations'
import type { OfferOperations } from './offers/operations'
import type { OwnKeyOperations } from './own-keys/operations'
import type { OperatorsGroups, PlacementGroupOperations } from './placement-groups/operations'
import type { ProjectOperations } from './project-operations'
import type { ProviderOperations } from './providers/operations'
import type { RelocationOperations } from './relocation/operations'
import type { ReservationOperations } from './reservations/operations'
import type { StorageOperations } from './storage/operations'
import type { SnapshotOperations } from './storage/snapshots/operations'
import type { StudyOperations } from './studies/operations'
import type { TaggedPart } from './tag-parts'
import type { TogetherOperations } from './together/operations'
import type { UsageOperations } from './usage/operations'

export type { Changed, ComputeUpdate, MixinAssociation, MixinMember, RunOrder } from './machine-orders'

export interface Zone {
  readonly name: string
  readonly enabled: boolean
  readonly hosts: number
}

/** A token shown once: afterwards only a hash of it exists. */
export interface NewToken {
  readonly id: string
  readonly user: string
  readonly token: string
  /** ms since 1970. */
  readonly expiresAt: number
}

export interface TokenLine {
  readonly id: string
  readonly user: string
  readonly project: string
  readonly valid: boolean
  readonly access: 'full' | 'read-only'
  readonly expiresAt: number
  readonly createdAt: number
}

export interface StuckMachine {
  readonly record: ComputeRecord
  readonly project: string
  readonly what: 'stuck' | 'failed'
  readonly since: number
  readonly message: string
}

export interface Operations
  extends AccountOperations,
    AddressOperations,
    AdoptionOperations,
    StorageOperations,
    SnapshotOperations,
    KeyPairOperations,
    OwnKeyOperations,
    ModifyOperations,
    ImageOperations,
    ImageExportOperations,
    GroupOperations,
    OfferOperations,
    NetworkOperations,
    InterfaceOperations,
    LaunchTemplateOperations,
    ReservationOperations,
    HostOperations,
    PlacementGroupOperations,
    OperatorsGroups,
    ProjectOperations,
    ProviderOperations,
    RelocationOperations,
    StudyOperations,
    TogetherOperations,
    UsageOperations {
  // ---------------------------------------------------------------- who asks
  /** HTTP Basic. Undefined: unknown user or wrong password (equal work for both). */
  identifyByPassword(user: string, password: string, from: Arriving): Promise<Caller | undefined>
  /** For a signature check: the secret and who it is; undefined for an unknown or disabled key, or a wrong session token. */
  identifyByAccessKey(
    accessKeyId: string,
    from: Arriving,
    sessionToken?: string,
  ): Promise<{ readonly secret: string; readonly caller: Caller } | undefined>
  /** A user's bearer token; undefined for one that is unknown, wrong, removed or has ended. */
  identifyByToken(token: string, actor: Omit<Actor, 'user' | 'key'>): Promise<Caller | undefined>
  /** For whom an OIDC issuer vouches; undefined for a name that is no user's, or a disabled one's. */
  identifyByName(name: string, actor: Omit<Actor, 'user' | 'key'>): Promise<Caller | undefined>
  /** HTTP Digest, where the site has it. */
  readonly digest?: DigestLogin
  /** The admin API's bearer token. */
  identifyOperator(token: string, actor: Omit<Actor, 'user' | 'key'>): Promise<Operator | undefined>

  // ---------------------------------------------------------------- machines
  runComputes(
    caller: Caller,
    order: RunOrder,
  ): Promise<{ readonly computes: readonly ComputeRecord[]; readonly repeated: boolean }>
  /** Those of an order that the same token was answered with before; undefined: the token is new. 'idempotency' when the parameters are others. */
  ranBefore(caller: Caller, token: NonNullable<RunOrder['token']>): Promise<readonly ComputeRecord[] | undefined>
  updateCompute(caller: Caller, id: ComputeId, update: ComputeUpdate): Promise<ComputeRecord>
  /** `already: accept` takes a machine that is there already as success (EC2); `refuse` is a 'state' fault with the allowed verbs (OCCI). */
  setPower(
    caller: Caller,
    verb: Verb & {
      readonly to: 'on' | 'off' | 'suspended'
      readonly how?: 'graceful' | 'hard'
      readonly already: 'accept' | 'refuse'
    },
  ): Promise<readonly Changed[]>
  restartComputes(caller: Caller, verb: Verb & { readonly how: 'warm' | 'cold' }): Promise<readonly Changed[]>
  /** Deleting what is deleted is success. 'forbidden' (reason protected) for a machine that is protected. */
  deleteComputes(caller: Caller, verb: Verb): Promise<readonly Changed[]>
  /** `remove` with a value removes the tag only if it has that value; null whatever it has. */
  tagResources(
    caller: Caller,
    change: {
      readonly refs: readonly (Ref & { readonly part?: TaggedPart })[]
      readonly set?: Readonly<Record<string, string>>
      readonly remove?: readonly { readonly key: string; readonly value: string | null }[]
      readonly removeAll?: boolean
      readonly dryRun?: boolean
    },
  ): Promise<void>
  /** Looks at the console now and waits at most 5 s for it; what was seen last when that takes longer; null: never seen. */
  consoleOutput(caller: Caller, id: ComputeId): Promise<ConsoleSeen | null>
  /** In order of creation, deleted ones included as long as their records last (an hour). */
  listComputes(caller: Caller): Promise<readonly ComputeRecord[]>
  /** 'not-found' when it is not there or another project's. Deleted ones are returned: OCCI hides them by `wish.exists`. */
  getCompute(caller: Caller, id: ComputeId): Promise<ComputeRecord>
  /** The machine's user data, opened, in base64; null where it has none. For its owner only, and never for a log. */
  userDataOf(record: ComputeRecord): string | null
  /** `i-…` to records, in the order asked; 'not-found' names all that are missing. */
  namedComputes(caller: Caller, names: readonly string[]): Promise<readonly ComputeRecord[]>

  // ---------------------------------------------------------------- mixins that users make
  /** All or nothing; what is there already with the same words is success. 'exists' for a name or location that is taken. */
  addMixins(caller: Caller, orders: readonly Omit<MixinWish, 'createdAt'>[]): Promise<void>
  /** By type identifier, all or nothing; 'not-found' names one that is missing. Its members stay and lose it. */
  removeMixins(caller: Caller, ids: readonly string[]): Promise<void>
  /** The project's own, in order of creation. */
  listMixins(caller: Caller): Promise<readonly MixinRecord[]>
  /** `exactly`: afterwards these and no others have it. At most 1000 changes, all or nothing. */
  associateMixin(caller: Caller, order: MixinAssociation): Promise<void>
  /** By id, without a round trip: for renderings; the operator's tags too. */
  mixin(id: MixinId): { readonly wish: Pick<MixinWish, 'scheme' | 'term'> } | undefined

  // ---------------------------------------------------------------- what the site offers (synchronous: the mirror has it)
  /** The caller's own, the site's, and those shared with it; all for an operator. */
  listImages(caller: Caller | Operator): Promise<readonly ImageRecord[]>
  listTypes(caller: Caller | Operator): Promise<readonly TypeRecord[]>
  /** Those for everybody; for a caller then the project's own, those that are being deleted left out. */
  listNetworks(caller: Caller | Operator): Promise<readonly NetworkRecord[]>
  listZones(caller: Caller | Operator): Promise<readonly Zone[]>
  /** What an order gets that names none. */
  defaults(): {
    readonly image: ImageRecord | undefined
    readonly type: TypeRecord | undefined
    readonly network: NetworkRecord | undefined
  }
  /** Public records by id, without a round trip: for renderings. */
  image(id: ImageId | null): ImageRecord | undefined
  network(id: NetworkId): NetworkRecord | undefined
  /**
   * Another text whenever something changed that the caller sees beside machines, or may see with them (images, groups, mixins):
   * what was made of the same records is good until then. No round trip.
   */
  asOf(caller: Caller): string

  // ---------------------------------------------------------------- operators
  addUser(
    operator: Operator,
    order: { readonly project: string; readonly name: string; readonly password?: string },
  ): Promise<{ readonly user: UserRecord; readonly password: string }>
  listUsers(operator: Operator, project?: string): Promise<readonly UserRecord[]>
  setUser(
    operator: Operator,
    name: string,
    change: { readonly password?: string; readonly enabled?: boolean },
  ): Promise<UserRecord>
  removeUser(operator: Operator, name: string): Promise<void>
  addKey(operator: Operator, order: KeyOrder): Promise<NewKey>
  listKeys(operator: Operator, user?: string): Promise<readonly KeyLine[]>
  setKey(operator: Operator, accessKeyId: string, change: { readonly enabled: boolean }): Promise<void>
  removeKey(operator: Operator, accessKeyId: string): Promise<void>
  /** Lasts 30 days when nothing is said. */
  addToken(operator: Operator, order: KeyOrder): Promise<NewToken>
  listTokens(operator: Operator, user?: string): Promise<readonly TokenLine[]>
  removeToken(operator: Operator, id: string): Promise<void>
  /** Refused ('conflict') where simulated hosts serve the site and the new one is real, unless `retireSimulated`. */
  addHost(
    operator: Operator,
    order: {
      readonly name: string
      readonly zone: string
      readonly driver: string
      readonly address: string
      readonly retireSimulated?: boolean
      /** Of a fit check that mended; needed unless the host is simulated. Its host keys are pinned. */
      readonly check?: string
    },
  ): Promise<HostRecord>
  listHosts(operator: Operator): Promise<readonly HostWithUse[]>
  setHostEnabled(operator: Operator, name: string, enabled: boolean): Promise<HostRecord>
  /** 'in-use' while machines have their place there. A real host is left first: a worker takes what is ours off it. */
  removeHost(operator: Operator, name: string): Promise<void>
  host(id: HostId): HostRecord | undefined
  listAllComputes(
    operator: Operator,
    filter: { readonly project?: string; readonly host?: string },
  ): Promise<readonly ComputeRecord[]>
  findCompute(operator: Operator, nameOrId: string): Promise<ComputeRecord>
  explainCompute(operator: Operator, nameOrId: string): Promise<Explanation>
  computeEvents(operator: Operator, nameOrId: string, limit: number): Promise<readonly SiteEvent[]>
  listStuck(operator: Operator): Promise<readonly StuckMachine[]>
  resumeStuck(operator: Operator, nameOrId: string): Promise<ComputeRecord>
  /** What is left on its host is forgotten: the record goes its way without it. */
  giveUpStuck(operator: Operator, nameOrId: string): Promise<ComputeRecord>
  /** By the host's name. live: it goes on running; cold: it is off or asleep on the way; restart: shut down and started there. */
  moveCompute(
    operator: Operator,
    nameOrId: string,
    order: { readonly to: string; readonly how: MoveHow },
  ): Promise<ComputeRecord>
  project(id: ProjectId): ProjectRecord | undefined

  // ---------------------------------------------------------------- the site
  readiness(): Promise<{ readonly redis: boolean; readonly mirror: boolean }>
}
