/**
 * A small CD image: one directory of a few files, as ISO 9660 (ECMA-119) with Rock Ridge and Joliet, so that Linux (which may
 * lack Joliet), the BSDs and Windows all see the real names. Pure: the same files are the same bytes.
 *
 * Sectors: 16 of nothing, three volume descriptors, four path tables, two directories, then the files.
 */
import { fault } from '../../faults'
import { type Entry, jolietDirectory, rockRidgeDirectory } from './directory'
import { SECTOR, sectors } from './fields'
import { shortNames } from './short-names'
import { jolietDescriptor, pathTable, primaryDescriptor, TERMINATOR } from './volume'

export interface IsoFile {
  /** Letters, digits, dots, hyphens and underscores. */
  readonly name: string
  readonly data: Buffer
}

const RESERVED = 16
const PATH_TABLES = RESERVED + 3
const ROOT = PATH_TABLES + 4
const JOLIET_ROOT = ROOT + 1
const FIRST_FILE = JOLIET_ROOT + 1
/** What fits into one sector of each directory, whatever the names. */
const MOST_FILES = 12
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$/

/**
 * The image's bytes. `label` is the volume's name as it is found by (cloud-init wants `cidata`). Faults: 'internal' for
 * names or numbers of files that are none of ours.
 */
export function isoImage(label: string, files: readonly IsoFile[], at: Date = new Date(0)): Buffer {
  const wrong = files.find(({ name }) => !NAME.test(name))
  if (wrong || files.length > MOST_FILES) throw fault('internal', 'no such disk can be made')
  const entries = placed(files)
  const end = entries.reduce((after, entry) => Math.max(after, entry.sector + sectorsOf(entry.bytes)), FIRST_FILE)
  const root = { sector: ROOT, bytes: SECTOR }
  const jolietRoot = { sector: JOLIET_ROOT, bytes: SECTOR }
  const volume = { label, sectors: end, at }
  return Buffer.concat([
    Buffer.alloc(RESERVED * SECTOR),
    primaryDescriptor({ ...volume, root, pathTable: PATH_TABLES }),
    jolietDescriptor({ ...volume, root: jolietRoot, pathTable: PATH_TABLES + 2 }),
    TERMINATOR,
    ...[root, jolietRoot].flatMap((directory) => [
      pathTable(directory.sector, 'little'),
      pathTable(directory.sector, 'big'),
    ]),
    sectors(rockRidgeDirectory(root, entries, at)),
    sectors(jolietDirectory(jolietRoot, entries, at)),
    ...files.map(({ data }) => sectors(data)),
  ])
}

const sectorsOf = (bytes: number): number => Math.max(1, Math.ceil(bytes / SECTOR))

/** The files one behind the other; an empty one has a sector too, so that no two begin at the same. */
function placed(files: readonly IsoFile[]): readonly Entry[] {
  const short = shortNames(files.map(({ name }) => name))
  let sector = FIRST_FILE
  return files.map(({ name, data }, index) => {
    const entry = { name, short: short[index] ?? '', sector, bytes: data.length }
    sector += sectorsOf(data.length)
    return entry
  })
}
