/** What every operation is given, and who asks. An operation is `(context, caller, input) => value`; it knows no protocol. */
import type { Clock } from '../clock'
import type { ImageStore } from '../images/image-store'
import type { Log } from '../log'
import type { Kind, MixinId, ProjectId, Ref } from '../model/ids'
import type { VlanPool } from '../model/vlan-pool'
import type { KeyRing } from '../store/sealed'
import type { Actor, Mirror, Store } from '../store/store'

export interface Context {
  /** Site name, also the EC2 region. */
  readonly site: string
  readonly store: Store
  readonly mirror: Mirror
  /** Tells the workers at once; losing this loses nothing (the agenda has it). */
  readonly queue: {
    add(refs: readonly Ref[]): Promise<void>
    depth?(): Promise<readonly { readonly kind: Kind; readonly state: 'waiting' | 'active'; readonly count: number }[]>
  }
  readonly images: ImageStore
  readonly clock: Clock
  readonly ring: KeyRing
  /** Tags of the operator's own, by their name in records; every gateway reads the same files. */
  readonly siteMixins?: ReadonlyMap<MixinId, { readonly scheme: string; readonly term: string }>
  /** Whether the site has HTTP Digest: then what it needs of a password is kept. */
  readonly digest?: 'on' | 'off'
  /** Whether tenants may name the host of a machine. */
  readonly hostIds?: 'told'
  readonly log: Log
  /** VLANs that projects' networks are given; absent or empty: projects have no networks of their own. */
  readonly vlans?: VlanPool
}

/** Where a request comes from that nobody has identified yet. */
export interface Arriving extends Omit<Actor, 'user' | 'key'> {
  /** It changes nothing, so it may see its project as that was when it was found out who asks. */
  readonly looks?: 'only'
  /** When it came in, ms of `performance.now()`; for a caller who is used for this one request. */
  readonly arrivedAt?: number
}

/** A caller who has proved who they are. Everything they read or write is scoped to `project`. */
export interface Caller {
  readonly project: ProjectId
  /** 12 digits. */
  readonly account: string
  readonly userName: string
  readonly actor: Actor
  /** What the credentials allow; absent: all that the user may do. */
  readonly access?: 'read-only'
  /** When the credentials end, ms since 1970; absent: not by themselves. */
  readonly endsAt?: number
  /** Only looks, and all of its project was compared with Redis for it since it came in: reads need not compare once more. */
  readonly current?: true
  /** When the request came in that they are used for, ms of `performance.now()`; absent: for more than one. */
  readonly arrivedAt?: number
  /** Credentials that were made of a key for some hours; they make no others. */
  readonly temporary?: 'session'
}

/** An operator of the site; sees all projects. */
export interface Operator {
  readonly actor: Actor
}
