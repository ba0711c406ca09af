/** The one directory of a disk, twice: with short names and Rock Ridge beside them, and in Joliet. */
import { both16, both32, recordTime, ucs2 } from './fields'
import { NAME_SPACE, owner, realName } from './rock-ridge'

/** Where a file or directory lies. */
export interface Extent {
  /** Its first sector. */
  readonly sector: number
  readonly bytes: number
}

export interface Entry extends Extent {
  readonly name: string
  /** As ISO 9660 itself has it: `META_DAT.;1`. */
  readonly short: string
}

const DIRECTORY = 2
/** The names of a directory's own entry and of its parent's (ECMA-119 6.8.2.2). */
const SELF = Buffer.from([0])
const PARENT = Buffer.from([1])

/** One directory record (ECMA-119 9.1). `more` is for Rock Ridge. */
function record(extent: Extent, flags: number, name: Buffer, at: Date, more: Buffer): Buffer {
  const named = name.length % 2 === 0 ? Buffer.concat([name, Buffer.alloc(1)]) : name
  const odd = (33 + named.length + more.length) % 2
  const length = 33 + named.length + more.length + odd
  return Buffer.concat([
    Buffer.from([length, 0]),
    both32(extent.sector),
    both32(extent.bytes),
    recordTime(at),
    Buffer.from([flags, 0, 0]),
    both16(1),
    Buffer.from([name.length]),
    named,
    more,
    Buffer.alloc(odd),
  ])
}

const sorted = <T extends { readonly key: Buffer }>(entries: readonly T[]): readonly T[] =>
  [...entries].sort((a, b) => Buffer.compare(a.key, b.key))

/** With short names; Rock Ridge tells the real ones, which is what Linux shows. */
export function rockRidgeDirectory(self: Extent, entries: readonly Entry[], at: Date): Buffer {
  const files = sorted(entries.map((entry) => ({ entry, key: Buffer.from(entry.short, 'latin1') })))
  return Buffer.concat([
    record(self, DIRECTORY, SELF, at, Buffer.concat([NAME_SPACE, owner('directory')])),
    record(self, DIRECTORY, PARENT, at, owner('directory')),
    ...files.map(({ entry, key }) => record(entry, 0, key, at, Buffer.concat([owner('file'), realName(entry.name)]))),
  ])
}

/** With the real names in UCS-2, which is what Windows and the BSDs show. */
export function jolietDirectory(self: Extent, entries: readonly Entry[], at: Date): Buffer {
  const files = sorted(entries.map((entry) => ({ entry, key: ucs2(entry.name) })))
  const nothing = Buffer.alloc(0)
  return Buffer.concat([
    record(self, DIRECTORY, SELF, at, nothing),
    record(self, DIRECTORY, PARENT, at, nothing),
    ...files.map(({ entry, key }) => record(entry, 0, key, at, nothing)),
  ])
}

/** What volume descriptors have of the root directory: its own record. */
export const rootRecord = (self: Extent, at: Date): Buffer => record(self, DIRECTORY, SELF, at, Buffer.alloc(0))
