/**
 * Machines that nobody ordered here: what a host tells of one (an order to look, and what was found), and what a record keeps of
 * one that was taken over. From then on it is a machine like any other; only its image is none, and its disks lie where they lay.
 */
import type { Envelope } from './envelope'
import type { ForeignLookId, HostId } from './ids'
import type { ImageBoot } from './images'
import type { Size } from './machine'

/** A disk of a foreign domain as its host has it. */
export interface ForeignDisk {
  /** As the hypervisor calls it (`xvda`, `hda`). */
  readonly device: string
  readonly format: 'raw' | 'qcow2'
  /** A file or block device of the host. */
  readonly path: string
  readonly sizeGiB: number
}

export interface ForeignInterface {
  /** In lower case. */
  readonly mac: string
  readonly bridge: string
  /** As its host was told; null: nobody told it. */
  readonly address: string | null
}

/** How it was started, so that it can be started again alike. */
export interface ForeignBoot extends ImageBoot {
  /** Files of the host; null: what is on its disk, or what the loader finds. */
  readonly kernel: string | null
  readonly initramfs: string | null
  /** More settings of its hypervisor that it keeps (xl.cfg(5): bootloader, bios, vga, …). */
  readonly settings: Readonly<Record<string, string | number>>
}

/** A domain that we did not make, as its host tells of it. */
export interface ForeignMachine {
  readonly name: string
  /** Stays the same while its name and number change; its record's id once it is taken over. */
  readonly uuid: string
  readonly domain: 'running' | 'paused' | 'off' | 'crashed'
  /** Its type is '', its disk is the sum of its disks. */
  readonly size: Size
  readonly boot: ForeignBoot
  readonly disks: readonly ForeignDisk[]
  readonly interfaces: readonly ForeignInterface[]
  /** What cannot be taken over, each by name; none: it can be. */
  readonly obstacles: readonly string[]
}

/** What a driver has to know of a machine that was taken over, beside its definition. */
export interface TakenOver {
  readonly boot: ForeignBoot
  readonly disks: readonly (Pick<ForeignDisk, 'format' | 'path'> & { readonly name: string; readonly device: string })[]
}

/** Of a machine that was taken over. */
export interface Adopted {
  /** The domain's name until then. */
  readonly from: string
  readonly boot: ForeignBoot
  /** In the order of `wish.disks`. What they lie on is left where it is when the machine ends. */
  readonly disks: readonly ForeignDisk[]
}

/** An order to look at a foreign domain; kept an hour. */
export interface ForeignLookWish {
  readonly host: HostId
  /** The domain's name. */
  readonly domain: string
  readonly createdAt: number
}
export interface ForeignLookSeen {
  readonly at: number
  /** null: it could not be looked at. */
  readonly machine: ForeignMachine | null
  /** Why not. */
  readonly message: string | null
}
export type ForeignLookRecord = Envelope<
  'foreignlook',
  ForeignLookId,
  ForeignLookWish,
  ForeignLookSeen | null,
  null,
  null
>
