/** A host that is a folder, an image store in memory, and the disks that a worker has there: for tests of workers/drivers/transfer. */
import { randomBytes } from 'node:crypto'
import { closeSync, existsSync, openSync, readdirSync, readSync } from 'node:fs'
import { join } from 'node:path'
import type { HostId } from '../../src/model/ids'
import type { ImageFile } from '../../src/model/images'
import type { Effect, EffectTicket, HostTarget } from '../../workers/drivers/driver'
import { type Disks, type DisksOptions, diskDeeds, openDisks, parseDisks } from '../../workers/drivers/transfer'
import { sha256 } from './digest'
import { type LocalGuard, openLocalGuard } from './local-guard'
import { type MemoryImages, openMemoryImages } from './memory-images'
import { through as repeated } from './through'

export const SITE = 'test'
export const GIB = 1024 ** 3
export const MIB = 1024 ** 2

export interface DiskStage {
  readonly guard: LocalGuard
  readonly images: MemoryImages
  readonly disks: Disks
  readonly host: HostTarget
  /** Another worker: what it keeps in memory is its own. */
  worker(options?: Partial<DisksOptions>): Disks
  /** A ticket of a new claim. */
  claim(resource: string, key?: string): EffectTicket
  /** The folder of the site on the host. */
  path(...parts: readonly string[]): string
  names(folder: string): readonly string[]
  /** The first bytes of a file: disks are large and sparse. */
  read(bytes: number, ...parts: readonly string[]): Buffer
  image(bytes: Buffer, format?: ImageFile['format']): ImageFile
  disksOf(name: string): Promise<readonly string[]>
  close(): Promise<void>
}

let epochs = 0

export function openDiskStage(
  options: {
    readonly shell?: readonly string[]
    readonly deeds?: readonly string[]
    readonly environment?: Readonly<Record<string, string>>
    readonly guard?: LocalGuard
    readonly hostName?: string
  } = {},
): DiskStage {
  const { deeds = [], guard: given, hostName = 'one', ...rest } = options
  const guard = given ?? openLocalGuard({ deeds: [...diskDeeds(), ...deeds], site: SITE, ...rest })
  const images = openMemoryImages()
  const host: HostTarget = { id: `host-${hostName}` as HostId, name: hostName, address: 'ssh://nowhere' }
  const worker = (more: Partial<DisksOptions> = {}): Disks =>
    openDisks({ guarded: guard, images, pieceBytes: MIB, pushMs: 200, ...more })
  const path = (...parts: readonly string[]): string => join(guard.folderOf(host), SITE, ...parts)
  const claim = (resource: string, key = `${resource}/test/${++epochs}`): EffectTicket => ({
    resource,
    epoch: { era: 1, number: ++epochs },
    key,
  })
  return {
    guard,
    images,
    disks: worker(),
    host,
    worker,
    claim,
    path,
    names: (folder) => (existsSync(path(folder)) ? readdirSync(path(folder)).sort() : []),
    read(bytes, ...parts) {
      const file = openSync(path(...parts), 'r')
      const head = Buffer.alloc(bytes)
      readSync(file, head, 0, bytes, 0)
      closeSync(file)
      return head
    },
    image(bytes, format = 'raw') {
      const sum = sha256(bytes)
      images.files.set(sum, bytes)
      return { sha256: sum, bytes: bytes.length, format, sizeGiB: 1 }
    },
    async disksOf(name) {
      const seen = await guard.look(host, claim(name), 'disk', [name])
      return parseDisks(seen.payload.toString()).map((disk) => `${disk.name} ${disk.bytes / GIB} ${disk.format}`)
    },
    close: () => guard.close(),
  }
}

/** Repeats an effect under its key, as jobs do, each under a newer claim. */
export const through = <T>(
  stage: DiskStage,
  ticket: EffectTicket,
  order: (ticket: EffectTicket) => Promise<Effect<T>>,
): Promise<T> => repeated(() => order({ ...stage.claim(ticket.resource), key: ticket.key }))

/** Bytes that no compression helps with. */
export const noise = (bytes: number): Buffer => randomBytes(bytes)

/** toEqual walks through every byte of them. */
export const same = (a: Buffer | undefined, b: Buffer | undefined): boolean =>
  a !== undefined && b !== undefined && a.equals(b)
