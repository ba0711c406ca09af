/** What the deeds of disks print (host/*.sh), as values. Pure; anything else is a fault 'unreachable': the answer is none. */
import { fault } from '../../../src/faults'
import type { StorageBackend } from '../../../src/model/machine'

/** One disk on a host, of whatever machine or volume. */
export interface DiskLine {
  readonly name: string
  readonly bytes: number
  readonly format: 'raw' | 'qcow2'
  /** The shared backend's identity; undefined: it lies on the host alone. */
  readonly pool: string | undefined
  readonly path: string
}

const GIB = 1024 ** 3
const none = (line: string) => fault('unreachable', 'an answer that is none', { cause: line.slice(0, 200) })

const linesOf = (text: string, word: string): string[] => text.split('\n').filter((line) => line.startsWith(`${word} `))

/** The lines `disk …` among others' (deed `disk_lines`). */
export const parseDisks = (text: string): readonly DiskLine[] =>
  linesOf(text, 'disk').map((line) => {
    const [, name, bytes, format, pool, path] = /^disk (\S+) (\d+) (raw|qcow2) (\S+) (.+)$/.exec(line) ?? []
    if (!name || !bytes || !format || !pool || !path) throw none(line)
    const pooled = pool === '-' ? undefined : pool
    return { name, bytes: Number(bytes), format: format === 'raw' ? 'raw' : 'qcow2', pool: pooled, path }
  })

/** Whole GiB of a disk; a disk of ours always has whole ones. */
export const gibOf = (bytes: number): number => Math.ceil(bytes / GIB)

const CLONES = ['reflink', 'qcow2', 'copy'] as const

/** The lines `backend …` among others' (deed `backend_lines`); the first is where new disks go. */
export const parseBackends = (text: string): readonly StorageBackend[] =>
  linesOf(text, 'backend').map((line) => {
    const [, name, kind, pool, total, free, word, is] = line.split(' ')
    const clone = CLONES.find((known) => known === word)
    if (!name || !kind || !pool || !clone || !/^\d+$/.test(total ?? '') || !/^-?\d+$/.test(free ?? '')) throw none(line)
    return {
      name,
      kind: pool === '-' ? 'local' : 'shared',
      pool: pool === '-' ? null : pool,
      totalGiB: Math.floor(Number(total) / 1024 ** 2),
      freeGiB: Math.max(0, Math.floor(Number(free) / 1024 ** 2)),
      clone,
      ...(is === 'away' ? { away: true as const } : {}),
    }
  })

/** GiB that disks may take on a host: what its first backend has, where new disks go. 0: it has none. */
export const capacityOf = (backends: readonly StorageBackend[]): number => backends[0]?.totalGiB ?? 0

export type ImageState =
  | { readonly is: 'there'; readonly clone: StorageBackend['clone']; readonly bytes: number }
  /** So many bytes of it came. */
  | { readonly is: 'part'; readonly bytes: number }
  /** It came with other contents: their checksum. */
  | { readonly is: 'bad'; readonly sha256: string }

/** What the deeds of images answer. */
export function parseImageState(text: string): ImageState {
  const [word, ...rest] = text.trim().split(' ')
  const clone = CLONES.find((known) => known === rest[0])
  if (word === 'there' && clone && /^\d+$/.test(rest[1] ?? '')) return { is: 'there', clone, bytes: Number(rest[1]) }
  if (word === 'part' && /^\d+$/.test(rest[0] ?? '')) return { is: 'part', bytes: Number(rest[0]) }
  if (word === 'bad') return { is: 'bad', sha256: rest[0] ?? '' }
  throw none(text)
}

export interface SnapshotCopy {
  readonly sha256: string
  readonly bytes: number
  /** reflink or copy, and how its machine was held still: `reflink-paused`. */
  readonly how: string
}

/** What the deed of a snapshot answers once its copy is whole. */
export function parseSnapshotCopy(text: string): SnapshotCopy {
  const [, sha256, bytes, how] = /^([0-9a-f]{64}) (\d+) (\S+)\s*$/.exec(text) ?? []
  if (!sha256 || !bytes || !how) throw none(text)
  return { sha256, bytes: Number(bytes), how }
}
