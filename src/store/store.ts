/**
 * The store: the only place that knows Redis keys. Each method is one Lua script (`scripts/*.lua`), atomic, and turns its
 * small answers into values or faults here.
 *
 * Scripts compare numbers and store strings that Node made; they never decode a record. Faults thrown: 'unavailable' when
 * Redis is away, full or read-only; the rest is in the return values, because every caller must handle it.
 */
import type { Use } from '../model/accounts'
import type { Epoch } from '../model/epoch'
import type { Kind, ProjectId, Ref } from '../model/ids'
import type { AnyRecord, ComputePlace, HostRecord, RecordOf } from '../model/records'
import type { ReadGroup, Transfer } from './transfer-order'
import type { UseWindows } from './use-windows'
import type { UsedLists } from './used'

export type { ReadGroup, Transfer } from './transfer-order'

/** Who did it, for events and the audit trail. Never a secret. */
export interface Actor {
  readonly user: string
  readonly key: string
  readonly source: string
  readonly requestId: string
}
export const NOBODY: Actor = { user: 'occi-gateway', key: '', source: '', requestId: '' }

// ---------------------------------------------------------------- wishes (operations)

export interface Create {
  readonly ref: Ref
  readonly project: ProjectId | null
  readonly wish: unknown
  readonly seen: unknown
  readonly journal: unknown
  readonly place: unknown
  /** Put it on the agenda at once. */
  readonly wake: boolean
}
export interface Update {
  readonly ref: Ref
  readonly project: ProjectId | null
  readonly generation: number
  /** Compared too; undefined for verbs accepted in every state (delete, tags). */
  readonly phase?: number
  readonly wish: unknown
  /** The life cycle name changes by this wish. */
  readonly raisePhase: boolean
  readonly wake: boolean
  /** A machine's place, which stays where it is and is counted as something else from now on. Only where `phase` is compared. */
  readonly place?: ComputePlace
}
/** Forgets a record that no back end has anything of (keys, users, hosts that are empty). */
export interface Removal {
  readonly ref: Ref
  readonly project: ProjectId | null
  readonly generation: number
}
/** A record that the decision rests on and that the change leaves alone: it must still be there with this wish. */
export interface Hold {
  readonly ref: Ref
  readonly generation: number
}
/** A name that only one may have: `hash` is one of the store's name spaces (`names`, `hosts` (marks of hosts), `macs`, `leases:<network>`, `vlans`, `turns:<project>`). */
export interface Take {
  readonly hash: string
  readonly field: string
  readonly value: string
}
export interface Counter {
  readonly project: ProjectId
  readonly name:
    | 'instances'
    | 'cores'
    | 'memoryMiB'
    | 'volumes'
    | 'volumeGiB'
    | 'addresses'
    | 'networks'
    | 'reservedInstances'
    | 'reservedCores'
    | 'reservedMemoryMiB'
  readonly by: number
  /** Refused when the sum would pass it. */
  readonly limit?: number
}

export interface Reclaim {
  readonly host: string
  /** As `hostClaims` told it. */
  readonly revision: number
  /** Whose it is: a machine's, or a reservation's. */
  readonly compute: string
  /** JSON of a HostClaim; '': it ends, if there is one. */
  readonly claim: string
  /** It claims nothing there yet; else 'moved' where it does not. */
  readonly begins?: true
}

export interface Change {
  /** Drawn before the first try, kept with its answer for 10 minutes: the same again changes nothing and gets the first answer. */
  readonly operationId: string
  readonly actor: Actor
  /** Name of the operation, for the event: 'run-compute'. */
  readonly what: string
  /** 'moved' when one of them has another generation, or is not there any more. */
  readonly holds?: readonly Hold[]
  readonly creates?: readonly Create[]
  readonly updates?: readonly Update[]
  readonly removals?: readonly Removal[]
  readonly takes?: readonly Take[]
  readonly releases?: readonly { readonly hash: string; readonly field: string }[]
  readonly counters?: readonly Counter[]
  /** What machines claim of the hosts they are on becomes another amount; 'moved' when that host's claims did since they were read. */
  readonly reclaims?: readonly Reclaim[]
  /** Placement groups of which a machine that has its place becomes one; 'moved' when another came since they were read. */
  readonly groups?: readonly ReadGroup[]
  /** What ends being counted with it. */
  readonly used?: readonly Use[]
  /** Projects of which nothing that they show may have changed since they were read: who asks whether anybody uses something. */
  readonly unchanged?: readonly { readonly project: ProjectId; readonly revision: number }[]
  /** Computes that wait for a place from now on (or no longer: see stopWaiting). */
  readonly waiting?: readonly string[]
  readonly stopWaiting?: readonly string[]
  /** More to put on the agenda at once. */
  readonly wakes?: readonly Ref[]
  /** EC2 ClientToken, kept for 24 hours with the digest of the parameters and the answer. */
  readonly token?: { readonly project: ProjectId; readonly token: string; readonly digest: string }
  /** Kept with operation id and token. */
  readonly answer?: unknown
}

export type ChangeResult =
  | { readonly state: 'done'; readonly answer: unknown }
  /** This operation id was here before. */
  | { readonly state: 'repeated'; readonly answer: unknown }
  /** The client token was here before: with these parameters, or with others (digest differs). */
  | { readonly state: 'token'; readonly digest: string; readonly answer: unknown }
  /** A record has another generation or phase than the operation read, or is not there: read again and retry. */
  | { readonly state: 'moved'; readonly ref: Ref }
  | { readonly state: 'taken'; readonly take: Take }
  | { readonly state: 'quota'; readonly counter: Counter; readonly have: number }

// ---------------------------------------------------------------- work (workers)

/** A claim and the record as it was at that moment. The newest claim wins; it is never waited for. */
export interface Claim<K extends Kind = Kind> {
  readonly ref: Ref & { readonly kind: K }
  readonly epoch: Epoch
  readonly generation: number
  readonly wakes: number
  readonly record: RecordOf[K]
}

/** What the holder of a claim writes. Fields left out stay as they are. Compared by epoch alone. */
export interface Observation {
  readonly seen?: unknown
  readonly journal?: unknown
  readonly raisePhase?: boolean
  /** The machine has no place any more: its claim on the host ends, placement is woken. `wait`: it waits for another place. */
  readonly giveUpPlace?: { readonly host: string; readonly place: unknown; readonly wait: boolean }
  /** Whether it waits for a place from now on; left out: as before. */
  readonly waits?: boolean
  readonly counters?: readonly Counter[]
  readonly releases?: readonly { readonly hash: string; readonly field: string }[]
  /** What ends being counted with it; what a machine's place says that it is counted as ends with that by itself. */
  readonly used?: readonly Use[]
  /** For the event; '' when it shows nothing new to anybody. */
  readonly what: string
}

/** A host job's finding, written only where epoch and rev are still those read before the list call. */
export interface Finding {
  readonly ref: Ref
  readonly project: ProjectId | null
  readonly epoch: Epoch
  readonly rev: number
  readonly seen: unknown
  readonly raisePhase: boolean
  /** It differs from what is wanted: put it on the agenda. */
  readonly wake: boolean
}

export interface Placing {
  readonly ref: Ref
  readonly project: ProjectId | null
  readonly epoch: Epoch
  readonly rev: number
  readonly place: unknown
  readonly raisePhase: boolean
  /** It waits from now on, whatever it claims; absent: as before. */
  readonly waits?: true
  /** What its former place says that it is counted as ends (`place.use`); absent: it goes on in the new one, or there was none. */
  readonly endsUse?: true
  /** The host it goes to and what it claims there, as the JSON of a Size; null: it stays waiting, only its reasons change. */
  readonly on: { readonly host: string; readonly claim: string; readonly group?: string } | null
  /** With those of the same name, or none of them. */
  readonly together?: string
  /** What is promised to it from now on. */
  readonly promises?: readonly PromisedClaim[]
}

/** What a host keeps under a key of its own for later; '': nothing any more. */
export interface PromisedClaim {
  readonly host: string
  readonly key: string
  readonly claim: string
}

/** `whole`: its machines get their places at once, or none does. */
export interface PlacedGroup extends ReadGroup {
  readonly whole?: true
}

/** How what is placed by one script stands to what else is. */
export interface PlaceHow {
  /**
   * Its name, once for ever: others of its plan are to be written on top of it. All hosts that it names have their next revision then,
   * whoever was left out.
   */
  readonly part?: string
  /** The part that it is on top of: where that one was not written, or not as the last one, this one is refused. */
  readonly after?: string
  /** What is left out takes along all placings after it; absent: each stands by itself. */
  readonly order?: 'one-on-another'
}

export interface HostClaims {
  readonly host: string
  /** Raised with every claim that begins or ends; named again by `place`. */
  readonly revision: number
  /** Compute id to the JSON of its Size. */
  readonly claims: Readonly<Record<string, string>>
}

/** Hosts and claims as they are kept between two looks (kept-hosts.ts). */
export interface KeptHosts {
  /** All hosts, in no order. */
  hosts(): Promise<readonly HostRecord[]>
  /** As `hostClaims` of the store. */
  claims(hosts: readonly string[]): Promise<readonly HostClaims[]>
}

export interface Store extends UsedLists, UseWindows {
  readonly site: string

  /** Makes the site's own keys if they are not there (era = now). */
  open(now: number): Promise<void>
  change(change: Change, now: number): Promise<ChangeResult>

  read<K extends Kind>(kind: K, id: string): Promise<RecordOf[K] | undefined>
  /** In the order asked; undefined for those that are not there. */
  readMany<K extends Kind>(kind: K, ids: readonly string[]): Promise<readonly (RecordOf[K] | undefined)[]>
  readAll<K extends Kind>(kind: K): Promise<readonly RecordOf[K][]>
  /** What a name was taken for: `names` → `kind:id`. */
  resolve(hash: string, fields: readonly string[]): Promise<readonly (string | undefined)[]>
  /**
   * A cursor that only grows: where to look for the next free lease. Returns its value before adding. While it is asked for often, up to
   * `ahead` more (default 0) are drawn along, for those who ask next.
   */
  advance(cursor: string, by: number, ahead?: number): Promise<number>
  counters(project: ProjectId): Promise<Readonly<Record<string, number>>>

  /** Draws the next epoch for it and reads it; undefined when it is gone (its agenda entry is removed). `above`: an epoch that a guard holds. */
  claim<K extends Kind>(kind: K, id: string, now: number, above?: Epoch): Promise<Claim<K> | undefined>
  /** Writes an intent (journal): by epoch and generation. False: a newer claim or wish came; stop and let it run. */
  intend(claim: Claim, journal: unknown, now: number): Promise<boolean>
  /** By epoch alone. False: a newer claim came; nothing was written. */
  observe(claim: Claim, observation: Observation, now: number): Promise<boolean>
  /** Moves the agenda entry to `next` (ms), or removes it (null), only if epoch, generation and wakes are the claim's; else leaves it due now and says 'due'. */
  settle(claim: Claim, next: number | null, now: number): Promise<'settled' | 'due'>
  /** Removes a record that is gone for good, with its names and agenda entry: by epoch and generation. */
  forget(
    claim: Claim,
    releases: readonly { readonly hash: string; readonly field: string }[],
    now: number,
  ): Promise<boolean>

  /** Members due now, each moved to now + 30 s. */
  sweep(now: number, limit: number): Promise<readonly Ref[]>
  /** Puts existing records on the agenda at once and raises their wakes. */
  wake(refs: readonly Ref[], now: number): Promise<void>
  agendaSize(): Promise<number>
  /** How many are on the agenda, how many of them are due, and how many computes wait for a place. */
  backlog(now: number): Promise<{ readonly entries: number; readonly due: number; readonly waiting: number }>

  /** Returns how many were written; those whose record moved are woken instead. */
  sight(findings: readonly Finding[], now: number): Promise<number>

  /** Ids of computes that wait for a place, oldest first. */
  waiting(limit: number): Promise<readonly string[]>
  hostClaims(hosts: readonly string[]): Promise<readonly HostClaims[]>
  /** All hosts and what is claimed on hosts, for who asks again and again: only what changed is read anew, the rest is kept. */
  readonly kept: KeptHosts
  /** In the order asked. Read before the claims in which its machines are found. */
  groupRevisions(groups: readonly string[]): Promise<readonly number[]>
  /**
   * Writes places and claims at once. Refused as a whole when the placement claim is no longer the newest, or a named host's
   * revision moved; single machines that moved are left out and stay waiting.
   */
  place(
    claim: Claim<'placement'>,
    hosts: readonly { readonly host: string; readonly revision: number }[],
    placings: readonly Placing[],
    now: number,
    /** Those of the machines that get a place; all placings of one that moved are left out. */
    groups?: readonly PlacedGroup[],
    /** Promises to nobody. */
    freed?: readonly PromisedClaim[],
    how?: PlaceHow,
  ): Promise<
    /** `stopped`: where placings stand on each other, the first that was left out, with all after it. */
    | { readonly state: 'done'; readonly placed: readonly string[]; readonly stopped?: string }
    | { readonly state: 'superseded' }
    | { readonly state: 'moved'; readonly host: string }
  >

  /**
   * The place of a volume, or of an address at a provider, and what it claims there, or another claim: by its own claim and the revision of
   * its host's claims. `former`: the host that it comes from, where it claims nothing any more.
   */
  lodge(
    claim: Claim<'storage' | 'address'>,
    on: { readonly host: string; readonly revision: number; readonly claim: string; readonly former?: string },
    place: unknown,
    now: number,
  ): Promise<'done' | 'superseded' | 'moved'>

  /** Writes that a host was given up, and raises its epoch. False: a newer claim came, nothing was written. */
  giveUpHost(claim: Claim<'host'>, seen: unknown, what: string, now: number): Promise<boolean>
  /** A machine sets out for another host, is there, or stays. 'moved': that host's claims or the wish changed since they were read. */
  transfer(claim: Claim<'compute'>, transfer: Transfer, now: number): Promise<'done' | 'superseded' | 'moved'>

  /** Newest first, of one record, at most `limit`. */
  history(ref: Ref, limit: number): Promise<readonly SiteEvent[]>
  /** Appended events after a stream id, oldest first (audit trail). */
  eventsAfter(streamId: string, limit: number): Promise<readonly SiteEvent[]>
  /** Drops events up to and with a stream id, keeping at least the newest `keep`. */
  trimEvents(upTo: string, keep: number): Promise<void>

  /** Whether the n-th use of something is its first; known for so long after the last use of any number, ms. */
  useOnce(what: string, n: number, knownForMs: number): Promise<boolean>

  ping(): Promise<void>
  close(): Promise<void>
}

export interface SiteEvent {
  /** Redis stream id. */
  readonly streamId: string
  /** Dense number of the site: a jump is a gap. */
  readonly number: number
  readonly at: number
  readonly what: string
  readonly actor: Actor
  readonly refs: readonly (Ref & { readonly rev: number; readonly gone: boolean })[]
  /** Project id (or `*` for what all may see) to its revision after this event. */
  readonly revisions: Readonly<Record<string, number>>
}

// ---------------------------------------------------------------- mirror (gateways)

/**
 * A gateway's copy of its site's records, fed by the event stream. `fresh` makes it show everything that any gateway has
 * acknowledged in these scopes before the call; reads after it are synchronous. Records are immutable: a new rev is a new object.
 */
export interface Mirror {
  /** Scopes: project ids; `*` (public records) is always included. One round trip when nothing changed. */
  fresh(...projects: readonly ProjectId[]): Promise<void>
  /** When the last `fresh` began that found the public records, or made them, as they are in Redis; ms of `performance.now()`. */
  readonly sharedAsOf: number
  get<K extends Kind>(kind: K, id: string): RecordOf[K] | undefined
  /** Records of a project (null: public ones), in order of creation. */
  list<K extends Kind>(kind: K, project: ProjectId | null): readonly RecordOf[K][]
  all<K extends Kind>(kind: K): readonly RecordOf[K][]
  /** By a taken name: `i-…`, `ami-…`, `user:<name>`, `key:<access key id>`, `account:<12 digits>`, `type:<name>`, `host:<name>`, `image:<name>`, `project:<name>`. */
  named(name: string): AnyRecord | undefined
  /** Of all that a project shows, as it is here. */
  revision(project: ProjectId): number
  /** Another text whenever something changed here that a project (null: the public) sees beside machines (and hosts). */
  asOf(project: ProjectId | null): string
  /** Called after each applied event. Returns the way to stop. */
  onEvent(listener: (event: SiteEvent) => void): () => void
  /** Ready once the first full read is done. */
  readonly ready: boolean
  close(): Promise<void>
}
