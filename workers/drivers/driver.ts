/**
 * The one interface between reconciliation and whatever runs machines: a simulated host, Xen, libvirt, a public provider.
 *
 * Every call carries a Ticket. The guard on the host keeps, per resource (machine, volume, network), one lock and the
 * last epoch it saw, on disk; it refuses an older epoch ('stale', `held` names what it has) and ends an older epoch's
 * attached command first. *Looking is guarded too*: after a look, a frozen older worker can do nothing any more.
 *
 * Effects are idempotent under their key: the guard keeps a result under the intent's key and answers it again instead
 * of doing the thing again. Looks are never answered from kept results. Slow work runs detached under its key
 * (`running`), is shown by looks, adopted by a newer epoch that names the same key, ended by `cancel(key)`; while it runs
 * any other effect on that resource is 'busy'.
 *
 * Faults thrown: stale, busy, refused (would be refused again), unsupported (before any side effect), unreachable and
 * timeout (outcome unknown). Nothing else.
 */

import type { Statement } from '../../src/model/accounts'
import type { ForeignMachine, TakenOver } from '../../src/model/adoption'
import type { Epoch } from '../../src/model/epoch'
import type { WatchOrder, WatchSighting } from '../../src/model/fencing'
import type { ForeignDomain, HostCheckSeen } from '../../src/model/host-records'
import type { HostId } from '../../src/model/ids'
import type { ImageBoot, ImageFile } from '../../src/model/images'
import type {
  Amounts,
  Capabilities,
  HostCapacity,
  MachineSighting,
  Size,
  StorageBackend,
} from '../../src/model/machine'
import type { ProviderOrder, ProviderTarget, Surplus } from '../../src/model/providers/target'
import type { VolumeType } from '../../src/model/storage'
import type { HostUsage } from '../../src/model/usage'

export type { HostUsage, MachineUsage } from '../../src/model/usage'

export interface HostTarget {
  readonly id: HostId
  readonly name: string
  /** What the driver connects to; its form is the driver's. */
  readonly address: string
  /** Pinned ssh host keys, `SHA256:…`; none: a driver that needs them connects to nothing. */
  readonly hostKeys?: readonly string[]
  /** It is an account at a provider: whom to call there as what. */
  readonly provider?: ProviderTarget
}

/** A look carries no key; an effect carries its intent's. */
export interface Ticket {
  /** Resource on the host: the machine's EC2 name, a volume's, a network's. */
  readonly resource: string
  readonly epoch: Epoch
}
export interface EffectTicket extends Ticket {
  readonly key: string
}

/** What an effect came to. `running`: detached; look again after `lookAgainMs`. */
export type Effect<T = null> =
  | { readonly state: 'done'; readonly value: T }
  | { readonly state: 'running'; readonly percent: number; readonly lookAgainMs: number }

/** The same, of which only counts that it is done. */
export const withoutValue = <T>(effect: Effect<T>): Effect =>
  effect.state === 'done' ? { state: 'done', value: null } : effect

export interface HostProbe {
  readonly capacity: HostCapacity
  readonly capabilities: Capabilities
  /** Another one after every restart of the host. */
  readonly boot: string
  readonly version: string
  /** Where it keeps disks; absent: one backend of its own, of which nothing else is known. */
  readonly backends?: readonly StorageBackend[]
}

export interface HostListing extends HostProbe {
  /** Machines that bear this site's mark. */
  readonly machines: readonly MachineSighting[]
  /** Domains of others, and what runs the host itself (Domain-0): counted, never touched. */
  readonly foreign: readonly ForeignDomain[]
  /** Volumes that lie there, whoever has them; absent: the driver does not tell. */
  readonly volumes?: readonly string[]
  /** Those of them that lie on storage which other hosts have too; absent: none. */
  readonly pooled?: readonly string[]
  /** Those of an account at a provider, with what they are there; absent: the driver does not tell. */
  readonly volumesThere?: readonly VolumeSighting[]
  /** Public addresses of the account, whatever they lead to; absent: the driver does not tell. */
  readonly addresses?: readonly AddressSighting[]
  /** Of a host that can fence itself. */
  readonly watch?: WatchSighting
  /** At a provider: more objects than one bear a machine's mark. The oldest is the machine, the others are to be discarded. */
  readonly surplus?: readonly Surplus[]
  /** What is used, where the host tells; counters run from the start of the host or of the domain. */
  readonly usage?: HostUsage
}

/** What a check found; `fit`: the host may join. */
export type HostFindings = Omit<HostCheckSeen, 'at'>
export type HostFinding = HostFindings['findings'][number]

/** Where a disk's first contents come from: a kept image, a snapshot, nothing. `file` lies in the image store; a simulated one has none. */
export type DiskSource =
  | { readonly from: 'image'; readonly image: string; readonly sizeGiB: number; readonly file?: ImageFile }
  | { readonly from: 'snapshot'; readonly snapshot: string; readonly file?: ImageFile }
  | { readonly from: 'blank' }

export interface DiskOrder {
  /** Unique on the host: `root` of machine i-… or vol-…. */
  readonly name: string
  readonly sizeGiB: number
  readonly source: DiskSource
  /** What a provider is told beside: the machine that it is made for, `i-…`, and the sort of disk. Hosts of one's own have one sort. */
  readonly provider?: { readonly beside: string | null; readonly type: VolumeType }
}

export interface InterfaceOrder {
  readonly mac: string
  readonly address: string | null
  readonly network: NetworkOrder
}

export interface NetworkOrder {
  readonly name: string
  readonly bridge: string
  readonly vlan: number | null
  readonly cidr: string
  readonly gateway: string
}

/** A rule that lets traffic in or out; all else is dropped. */
export interface RuleOrder {
  readonly direction: 'in' | 'out'
  readonly protocol: 'tcp' | 'udp' | 'icmp' | 'all'
  readonly ports: { readonly from: number; readonly to: number } | null
  readonly peer: string
}

/** A public address that leads to an interface: what is sent there arrives at the private one, and what that one sends comes from there. */
export interface PublicOrder {
  readonly ip: string
  readonly privateAddress: string
  /** Where the address is at home: the host answers for it there. Absent: at the provider that it is leased of. */
  readonly network?: NetworkOrder
}

/** A public address in an account at a provider that bears our mark. */
export interface AddressSighting {
  /** `eipalloc-…` of ours. */
  readonly name: string
  /** The provider's own id. */
  readonly object: string
  /** IPv4. */
  readonly ip: string
}

/** A volume in an account at a provider that bears our mark. */
export interface VolumeSighting {
  /** `vol-…` of ours. */
  readonly name: string
  /** The provider's own id. */
  readonly object: string
  readonly sizeGiB: number
}

/** Public addresses of an account at a provider: they are the account's until they are given back, whatever they lead to. */
export interface AddressKeeper {
  /** All that bear the mark of one, the first that was asked for before those of later tries. */
  find(host: HostTarget, name: string): Promise<readonly AddressSighting[]>
  /** One that bears the mark of the ticket's resource; where there is one already that one. Nothing stands in for idempotency: a late answer may leave a spare one, which `find` and lists show. */
  allocate(host: HostTarget, ticket: EffectTicket): Promise<Effect<AddressSighting>>
  /** Gives one back, by the provider's own id, whatever it leads to. Gone already is done. */
  release(host: HostTarget, ticket: EffectTicket, object: string): Promise<Effect>
}

/** What a machine is, as far as its host needs to know. */
export interface MachineDefinition {
  readonly name: string
  readonly id: string
  readonly site: string
  readonly size: Size
  /** How far it may be resized while it runs; absent: not beyond its size. */
  readonly most?: Amounts
  readonly disks: readonly { readonly name: string; readonly device: string }[]
  readonly interfaces: readonly InterfaceOrder[]
  /** How it is started, with files of the image store; absent: its first disk boots by itself (hvm). */
  readonly boot?: BootOrder
  /** It was taken over: how it is started is said there, and not by `boot`. */
  readonly takenOver?: TakenOver
  /** Its host is a provider: what is ordered there. */
  readonly order?: ProviderOrder
  /** Bytes of the NoCloud seed disk, base64; null for none. Secret: never logged. */
  readonly seed: string | null
}

/** xl.cfg(5) type, kernel, ramdisk, extra. */
export interface BootOrder extends ImageBoot {
  readonly kernel: ImageFile | null
  readonly initramfs: ImageFile | null
}

export type PowerOrder =
  | { readonly to: 'on' }
  /** graceful: ask the guest and come back ('running' until it is off); hard: cut. */
  | { readonly to: 'off'; readonly how: 'graceful' | 'hard' }
  | { readonly to: 'paused' }
  | { readonly to: 'unpaused' }
  | { readonly again: 'reboot' | 'reset' }

/** A file on its way. */
export interface Parcel {
  /** `ami-…`: what is made there is known by it. */
  readonly image: string
  readonly bytes: number
  readonly sha256: string
}

/**
 * Brings the file of an image to a provider, in pieces. Providers have no guard: a worker that wakes up late may write a piece once more. It is
 * the same piece at the same place of the same object, so it changes nothing; which object it is the record says before the first piece.
 * Faults: what is refused stays refused; all else is tried again.
 */
export interface ImageCarrier {
  /** The object that is to hold it, found by our mark or made; `bytes` of it are known to be there: all or none. */
  begin(host: HostTarget, parcel: Parcel): Promise<{ readonly object: string; readonly bytes: number }>
  /** Bytes that one call of `put` takes of a file of so many. */
  pieceBytes(fileBytes: number): number
  /** Writes a piece at its place. 'not-found': the object is there no more. */
  put(host: HostTarget, object: string, at: number, piece: Buffer): Promise<void>
  /** All of it is there: whoever looks for it next finds it whole. Returns what the provider calls it. */
  finish(host: HostTarget, object: string, parcel: Parcel): Promise<string>
  /** Removes what bears the image's mark, but for one object. Gone already is done. */
  tidy(host: HostTarget, image: string, keep: string | null): Promise<void>
}

export interface Driver {
  readonly kind: string
  /** Brings images to a provider; absent: none can be brought there (NO_EXPORT says why). */
  readonly images?: ImageCarrier
  /** Leases public addresses at a provider; absent: none can be had there. */
  readonly addresses?: AddressKeeper

  /** What the host is and has. Faults: unreachable, timeout. */
  capacity(host: HostTarget): Promise<HostProbe>
  /**
   * One call that sees every machine on the host; not guarded, so it may be stale by the time it is read. It brings an order to
   * the host's watch (src/model/fencing.ts), taken before the answer is made; a driver without a watch takes no notice.
   */
  list(host: HostTarget, watch?: WatchOrder): Promise<HostListing>
  /** A guarded look at one machine: raises the host's epoch for it. `domain: 'absent'` and no disks: nothing there. */
  find(host: HostTarget, ticket: Ticket): Promise<MachineSighting>

  readonly disk: {
    /** Makes the disk if it is not there; content once made is never made again. */
    ensure(host: HostTarget, ticket: EffectTicket, order: DiskOrder): Promise<Effect>
    /** Gone or never there: both are done. Refused while attached. */
    remove(host: HostTarget, ticket: EffectTicket, name: string): Promise<Effect>
    attach(host: HostTarget, ticket: EffectTicket, disk: { name: string; device: string }): Promise<Effect>
    detach(host: HostTarget, ticket: EffectTicket, name: string): Promise<Effect>
    /** Only ever larger; the same size is done. */
    grow(host: HostTarget, ticket: EffectTicket, name: string, sizeGiB: number): Promise<Effect>
    /** The disk's contents at one moment, into the image store; the file that they became, null for a simulated disk. */
    snapshot(host: HostTarget, ticket: EffectTicket, name: string, snapshot: string): Promise<Effect<ImageFile | null>>
  }

  readonly network: {
    ensure(host: HostTarget, ticket: EffectTicket, order: NetworkOrder): Promise<Effect>
    remove(host: HostTarget, ticket: EffectTicket, name: string): Promise<Effect>
    attach(host: HostTarget, ticket: EffectTicket, order: InterfaceOrder): Promise<Effect>
    detach(host: HostTarget, ticket: EffectTicket, mac: string): Promise<Effect>
    /** Replaces all rules of one interface. */
    rules(host: HostTarget, ticket: EffectTicket, mac: string, rules: readonly RuleOrder[]): Promise<Effect>
    /**
     * Replaces all public addresses of one interface; none: they are withdrawn, also where there is no such interface. Sightings
     * tell them (`publics`). They go with the definition, and stay behind when the machine moves or its host restarts.
     */
    publish(host: HostTarget, ticket: EffectTicket, mac: string, publics: readonly PublicOrder[]): Promise<Effect>
  }

  /**
   * Writes the machine's definition; the same again is done, another one replaces it while it is off. At a provider it makes the
   * machine and starts it; whatever is there of it already is the machine, and it is done once a look shows it.
   */
  define(host: HostTarget, ticket: EffectTicket, definition: MachineDefinition): Promise<Effect>
  /**
   * What a domain is that we did not make, with what stands in the way of taking it over. Nothing is changed, and no claim is asked.
   * Refused: there is none of that name. Absent, as `adopt`: the driver's hosts lack the verb.
   */
  foreign?(host: HostTarget, name: string): Promise<ForeignMachine>
  /**
   * Makes the foreign domain with the definition's id (its uuid) the machine of the ticket, as it runs: it bears the machine's name
   * from then on, its disks are known under the definition's names and lie where they lay, and what starts it next is the
   * definition. Ours already: done. Refused: it is not there, or somebody else's. Cut in the middle, it is whole and foreign or
   * whole and ours. Of such a disk `disk.remove` takes the name away, and leaves what it lies on.
   */
  adopt?(host: HostTarget, ticket: EffectTicket, definition: MachineDefinition): Promise<Effect>
  /** Forgets the definition; refused while it runs; gone already is done. Disks stay. At a provider all of it ends, running or not. */
  undefine(host: HostTarget, ticket: EffectTicket): Promise<Effect>
  power(host: HostTarget, ticket: EffectTicket, order: PowerOrder): Promise<Effect>
  /**
   * Another size of a machine that runs, within the most of its definition and with no less memory, which also becomes that of its
   * definition. Refused where it does not run, or its guest does not take it. Absent: what runs keeps its size.
   */
  resize?(host: HostTarget, ticket: EffectTicket, size: Size): Promise<Effect>
  /** Memory into a file: on the host, from where power on resumes it. */
  save(host: HostTarget, ticket: EffectTicket): Promise<Effect>
  /**
   * Live: it goes on running. Cold: it is off or asleep while it moves, and runs there if it ran here. Afterwards the other host has
   * all of it, attached volumes too, and this one nothing. Asked of this host under the machine's key; the other one has been
   * looked at under the same claim before. Refused, failed or cancelled: this host has all of it, and the other one nothing
   * that runs; what it has beside that is removed as any leftover is. Done is answered again when it is there already. Where it was cut
   * while the other host was taking it, sightings say so (`handing`) until this host has asked that one.
   */
  move(host: HostTarget, ticket: EffectTicket, order: { to: HostTarget; how: 'live' | 'cold' }): Promise<Effect>
  /** The newest bytes of the console, UTF-8, at most 64 KiB. */
  console(host: HostTarget, ticket: Ticket): Promise<{ readonly text: string; readonly at: number }>
  /**
   * Marks a machine as one to be ended when its host is cut off, or takes the mark off; a defined machine only. Sightings say
   * which (`restartable`). Absent: the driver's hosts cannot fence themselves.
   */
  mark?(host: HostTarget, ticket: EffectTicket, as: 'restartable' | 'plain'): Promise<Effect>
  /**
   * Whether a host can join. `looks` changes nothing there; `mends` installs and makes what is missing where it can. With no
   * pinned keys the host's own are told. Absent: any host can. Faults: unreachable, timeout (they are findings where possible).
   */
  check?(host: HostTarget, how: 'looks' | 'mends'): Promise<HostFindings>
  /** Takes everything of ours off a host. Refused while a machine, disk or work of ours is there. Absent: there is nothing. */
  leave?(host: HostTarget): Promise<void>
  /** Removes one object at a provider that a list told as surplus; gone already is done. Absent: there never is any. */
  discard?(host: HostTarget, surplus: Surplus): Promise<void>
  /** What we had there in a month (`2026-11`), by the provider's own books. Refused: it tells nobody. Absent: none of the driver's does. */
  statement?(host: HostTarget, month: string): Promise<Statement>
  /** Ends detached work by its key; nothing under way is done. */
  cancel(host: HostTarget, ticket: EffectTicket): Promise<Effect>

  /** Lets go of connections. */
  close(): Promise<void>
}
