/**
 * What a file is, from its first bytes: the name and the word of whoever sent it count for nothing. A qcow2 file that names
 * other files would let its machine read them on the host, so such files are refused, and so is every format that the hosts'
 * tools would have to guess.
 */
import { fault } from '../faults'
import type { ImagePart } from '../model/image-records'
import type { ImageFile } from '../model/images'

/** So many of its first bytes are looked at. */
export const HEAD_BYTES = 64 * 1024
const GIB = 1024 ** 3
const LARGEST_GIB = 16_384

const refused = (message: string) => fault('invalid', message, { field: 'file' })

const starts = (head: Buffer, magic: string, at = 0): boolean =>
  head.subarray(at, at + magic.length / 2).equals(Buffer.from(magic, 'hex'))

/** Disk formats and packings that hosts are not given, by the bytes that give them away. */
const REFUSED_DISKS: readonly (readonly [hex: string, name: string, at?: number])[] = [
  ['4b444d56', 'a VMDK file'],
  ['23204469736b2044657363', 'a VMDK descriptor'],
  ['7668647866696c65', 'a VHDX file'],
  ['636f6e6563746978', 'a VHD file'],
  ['514544', 'a QED file'],
  ['514649fe', 'a qcow file of an unknown kind'],
  ['7f10dabe', 'a VDI file', 64],
  ['4c554b53babe', 'an encrypted LUKS disk'],
  ['1f8b', 'packed with gzip'],
  ['fd377a585a00', 'packed with xz'],
  ['28b52ffd', 'packed with zstd'],
  ['425a68', 'packed with bzip2'],
  ['504b0304', 'a ZIP file'],
  ['7573746172', 'a tar archive', 257],
]

/** gzip, xz, zstd, lz4, bzip2, lzma, and cpio as it is (Linux, Documentation/driver-api/early-userspace/buffer-format). */
const INITRAMFS = ['1f8b', 'fd377a585a00', '28b52ffd', '02214c18', '425a68', '5d0000', '303730373031', '303730373032']

/** The file as an image names it. Faults: 'invalid' with what is wrong with it. */
export function lookAtFile(
  part: ImagePart,
  head: Buffer,
  stored: { readonly sha256: string; readonly bytes: number },
): ImageFile {
  if (stored.bytes === 0) throw refused('the file is empty')
  const { sha256, bytes } = stored
  if (part === 'kernel' && !isKernel(head)) throw refused('this is no kernel: neither a bzImage nor an ELF file')
  if (part === 'initramfs' && !INITRAMFS.some((magic) => starts(head, magic)))
    throw refused('this is no initramfs: neither a cpio archive nor a packed one')
  if (part !== 'disk') {
    if (bytes > GIB) throw refused(`this ${part} has more than 1 GiB`)
    return { sha256, bytes, format: part, sizeGiB: 1 }
  }
  if (starts(head, '514649fb')) {
    const disk = qcow2Bytes(head)
    if (bytes > mostQcow2Bytes(disk))
      throw refused('the qcow2 file is larger than its disk; qemu-img convert -O qcow2 leaves out what is of no use')
    return { sha256, bytes, format: 'qcow2', sizeGiB: gibibytes(disk) }
  }
  const [, name] = REFUSED_DISKS.find(([magic, , at]) => starts(head, magic, at)) ?? []
  if (name !== undefined) throw refused(`this is ${name}; a disk is raw or qcow2 (qemu-img convert -O qcow2 makes one)`)
  return { sha256, bytes, format: 'raw', sizeGiB: gibibytes(bytes) }
}

/**
 * A qcow2 file's own tables take some hundredths of its disk, and a little at least. What it has beside (old snapshots, clusters of no use) each
 * copy of it would have too, on storage where but its disk is counted.
 */
const mostQcow2Bytes = (disk: number): number => disk * 1.1 + 64 * 1024 ** 2

/** Linux x86 boot protocol: 0xAA55 at 0x1FE, `HdrS` at 0x202. PV guests also take a bare ELF kernel. */
const isKernel = (head: Buffer): boolean =>
  (starts(head, '55aa', 0x1fe) && starts(head, '48647253', 0x202)) || starts(head, '7f454c46')

function gibibytes(bytes: number): number {
  const size = Math.ceil(bytes / GIB)
  if (size >= 1 && size <= LARGEST_GIB) return size
  throw refused(`a disk has at most ${LARGEST_GIB} GiB, and not none`)
}

// qcow2's specification (QEMU, docs/interop/qcow2.rst): all numbers are big-endian.
const DATA_FILE = 0x44415441
const INCOMPATIBLE = { dirty: 0n, corrupt: 1n, externalData: 2n, compression: 3n, extendedL2: 4n } as const
const KNOWN_FEATURES = Object.values(INCOMPATIBLE).reduce<bigint>((sum, bit) => sum | (1n << bit), 0n)

/** The virtual size. Faults: 'invalid' for what points out of itself, is encrypted or broken. */
function qcow2Bytes(head: Buffer): number {
  if (head.length < 104) throw refused('the qcow2 file is cut off')
  const version = head.readUInt32BE(4)
  if (version !== 2 && version !== 3) throw refused(`qcow2 version ${version} is not known here`)
  if (head.readBigUInt64BE(8) !== 0n || head.readUInt32BE(16) !== 0)
    throw refused('the qcow2 file has a backing file; give a whole one (qemu-img convert makes it)')
  if (head.readUInt32BE(32) !== 0) throw refused('the qcow2 file is encrypted')
  const features = version === 3 ? head.readBigUInt64BE(72) : 0n
  const has = (bit: bigint): boolean => (features & (1n << bit)) !== 0n
  if (has(INCOMPATIBLE.externalData) || extensions(head, version).includes(DATA_FILE))
    throw refused('the qcow2 file keeps its data in another file')
  if (has(INCOMPATIBLE.corrupt)) throw refused('the qcow2 file is marked as corrupt')
  if ((features & ~KNOWN_FEATURES) !== 0n) throw refused('the qcow2 file has features that are not known here')
  const size = head.readBigUInt64BE(24)
  if (size > BigInt(LARGEST_GIB) * BigInt(GIB)) throw refused(`a disk has at most ${LARGEST_GIB} GiB`)
  return Number(size)
}

/** Types of the header's extensions, up to the end mark or the end of what was read. */
function extensions(head: Buffer, version: number): readonly number[] {
  const found: number[] = []
  let at = version === 2 ? 72 : head.readUInt32BE(100)
  while (at + 8 <= head.length) {
    const type = head.readUInt32BE(at)
    if (type === 0) return found
    found.push(type)
    at += 8 + Math.ceil(head.readUInt32BE(at + 4) / 8) * 8
  }
  return found
}
