/** Volume descriptors and path tables: where a reader begins. */
import { type Extent, rootRecord } from './directory'
import { both16, both32, padded, paddedUcs2, SECTOR, sectors, volumeTime } from './fields'

export interface Volume {
  readonly label: string
  /** Of the whole image. */
  readonly sectors: number
  readonly at: Date
  readonly root: Extent
  /** Sector of the little-endian table; the other one follows it. */
  readonly pathTable: number
}

/** Bytes of a path table that has only the root (ECMA-119 9.4). */
const PATH_TABLE_BYTES = 10
/** Says that names are UCS-2 level 3 (Joliet). */
const JOLIET = '%/E'

const head = (type: number): Buffer =>
  Buffer.concat([Buffer.from([type]), Buffer.from('CD001', 'latin1'), Buffer.from([1])])

/** ECMA-119 8.4: plain texts. */
export const primaryDescriptor = (volume: Volume): Buffer => descriptor(1, volume, padded, Buffer.alloc(32))

/** ECMA-119 8.5, with Joliet's escape sequence. */
export function jolietDescriptor(volume: Volume): Buffer {
  const escapes = Buffer.alloc(32)
  escapes.write(JOLIET, 'latin1')
  return descriptor(2, volume, paddedUcs2, escapes)
}

function descriptor(
  type: number,
  volume: Volume,
  text: (of: string, bytes: number) => Buffer,
  escapes: Buffer,
): Buffer {
  const tables = Buffer.alloc(16)
  tables.writeUInt32LE(volume.pathTable, 0)
  tables.writeUInt32BE(volume.pathTable + 1, 8)
  return sectors(
    Buffer.concat([
      head(type),
      Buffer.alloc(1),
      text('', 32),
      text(volume.label, 32),
      Buffer.alloc(8),
      both32(volume.sectors),
      escapes,
      both16(1),
      both16(1),
      both16(SECTOR),
      both32(PATH_TABLE_BYTES),
      tables,
      rootRecord(volume.root, volume.at),
      // Volume set, publisher, preparer, application; copyright, abstract and bibliographic file.
      ...[128, 128, 128, 128, 37, 37, 37].map((bytes) => text('', bytes)),
      ...[volume.at, volume.at, null, null].map(volumeTime),
      Buffer.from([1, 0]),
    ]),
  )
}

/** ECMA-119 8.3. */
export const TERMINATOR: Buffer = sectors(head(255))

/** One entry: the root, its own parent. */
export function pathTable(root: number, order: 'little' | 'big'): Buffer {
  const table = Buffer.alloc(PATH_TABLE_BYTES)
  table[0] = 1
  if (order === 'little') {
    table.writeUInt32LE(root, 2)
    table.writeUInt16LE(1, 6)
  } else {
    table.writeUInt32BE(root, 2)
    table.writeUInt16BE(1, 6)
  }
  return sectors(table)
}
