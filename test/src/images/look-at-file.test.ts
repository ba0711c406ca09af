import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { asFault } from '../../../src/faults'
import { HEAD_BYTES, lookAtFile } from '../../../src/images/look-at-file'
import { IMAGE_PARTS, type ImagePart } from '../../../src/model/image-records'
import { bzImage, initramfs, qcow2, rawDisk } from '../../support/disks'
import { testWith } from '../../support/host-tools'

const look = (part: ImagePart, file: Buffer, bytes = file.length) =>
  lookAtFile(part, file.subarray(0, HEAD_BYTES), { sha256: 'a'.repeat(64), bytes })
const refusal = (part: ImagePart, file: Buffer, bytes = file.length): string => {
  try {
    look(part, file, bytes)
  } catch (thrown) {
    const { kind, message } = asFault(thrown)
    expect(kind).toBe('invalid')
    return message
  }
  throw new Error('it was taken')
}

describe('a disk', () => {
  it('is raw, as large as its bytes', () => {
    expect(look('disk', rawDisk(), 1)).toMatchObject({ format: 'raw', sizeGiB: 1, bytes: 1 })
    expect(look('disk', rawDisk(), 5 * 1024 ** 3)).toMatchObject({ format: 'raw', sizeGiB: 5 })
    expect(look('disk', rawDisk(), 5 * 1024 ** 3 + 1)).toMatchObject({ format: 'raw', sizeGiB: 6 })
  })

  it('is qcow2, as large as it says', () => {
    expect(look('disk', qcow2())).toMatchObject({ format: 'qcow2', sizeGiB: 3, bytes: 4096 })
    expect(look('disk', qcow2({ version: 2 }))).toMatchObject({ format: 'qcow2', sizeGiB: 3 })
    expect(look('disk', qcow2({ sizeBytes: 10n * 1024n ** 3n + 1n }))).toMatchObject({ sizeGiB: 11 })
  })

  it('of qcow2 has a file that is hardly larger: each copy of it would have what is beside', () => {
    const GIB = 1024 ** 3
    expect(look('disk', qcow2(), 3.3 * GIB)).toMatchObject({ sizeGiB: 3, bytes: 3.3 * GIB })
    expect(look('disk', qcow2({ sizeBytes: 1024n }), 64 * 1024 ** 2)).toMatchObject({ sizeGiB: 1 })
    for (const bytes of [3.4 * GIB, 400 * GIB])
      expect(refusal('disk', qcow2(), bytes)).toMatch(/larger than its disk; qemu-img convert/)
  })

  it('of qcow2 may be dirty, packed with zstd, with subclusters, with harmless extensions', () => {
    const extensions = [[0xe2792aca, 'raw'] as const, [0x6803f857, 'feature names'] as const]
    expect(look('disk', qcow2({ features: 0b11001n, extensions }))).toMatchObject({ format: 'qcow2' })
  })

  // Each would let its machine read the host's files, or cannot be read at all.
  it.each<[string, Buffer, RegExp]>([
    ['a backing file', qcow2({ backing: 512 }), /backing file/],
    ['a backing file in version 2', qcow2({ version: 2, backing: 512 }), /backing file/],
    ['AES', qcow2({ crypt: 1 }), /encrypted/],
    ['LUKS inside', qcow2({ crypt: 2 }), /encrypted/],
    ['an external data file (feature)', qcow2({ features: 0b100n }), /another file/],
    ['an external data file (extension)', qcow2({ extensions: [[0x44415441, '/etc/passwd']] }), /another file/],
    [
      'an external data file behind another extension',
      qcow2({
        extensions: [
          [1, 'x'],
          [0x44415441, '/etc/passwd'],
        ],
      }),
      /another file/,
    ],
    ['the mark of corruption', qcow2({ features: 0b10n }), /corrupt/],
    ['features of the future', qcow2({ features: 1n << 40n }), /not known/],
    ['a version of the future', qcow2({ version: 4 }), /version 4/],
    ['no size', qcow2({ sizeBytes: 0n }), /not none/],
    ['too large a size', qcow2({ sizeBytes: 2n ** 63n }), /16384 GiB/],
    ['an end after its magic', qcow2().subarray(0, 50), /cut off/],
  ])('of qcow2 is refused with %s', (_what, file, says) => expect(refusal('disk', file)).toMatch(says))

  it.each([
    ['4b444d5601000000', /VMDK/],
    [Buffer.from('# Disk DescriptorFile').toString('hex'), /VMDK descriptor/],
    [Buffer.from('vhdxfile').toString('hex'), /VHDX/],
    [Buffer.from('conectix').toString('hex'), /VHD/],
    ['51454400', /QED/],
    ['1f8b0800', /gzip.*qemu-img/],
    ['fd377a585a00', /xz/],
    ['28b52ffd', /zstd/],
    ['504b0304', /ZIP/],
    ['4c554b53babe0001', /LUKS/],
  ])('is refused when it begins with %s', (hex, says) => {
    expect(refusal('disk', Buffer.concat([Buffer.from(hex, 'hex'), Buffer.alloc(600)]))).toMatch(says)
  })

  it('is refused as VDI and as tar by what stands later', () => {
    const vdi = Buffer.alloc(600)
    vdi.write('7f10dabe', 64, 'hex')
    const tar = Buffer.alloc(600)
    tar.write('ustar', 257)
    expect(refusal('disk', vdi)).toMatch(/VDI/)
    expect(refusal('disk', tar)).toMatch(/tar/)
  })
})

describe('a kernel and its initramfs', () => {
  it('are known by their magic', () => {
    expect(look('kernel', bzImage())).toMatchObject({ format: 'kernel', sizeGiB: 1, bytes: 2048 })
    expect(look('kernel', Buffer.from('7f454c460201', 'hex'))).toMatchObject({ format: 'kernel' })
    for (const magic of ['1f8b08', 'fd377a585a00', '28b52ffd', '02214c18', '425a68', '303730373031'])
      expect(look('initramfs', Buffer.from(`${magic}00`, 'hex'))).toMatchObject({ format: 'initramfs' })
    expect(look('initramfs', initramfs())).toMatchObject({ format: 'initramfs', sizeGiB: 1 })
  })

  it('are refused when they are something else', () => {
    expect(refusal('kernel', rawDisk())).toMatch(/bzImage/)
    expect(refusal('kernel', qcow2())).toMatch(/bzImage/)
    expect(refusal('kernel', bzImage(), 1024 ** 3 + 1)).toMatch(/this kernel has more than 1 GiB/)
    expect(refusal('initramfs', initramfs(), 2 * 1024 ** 3)).toMatch(/this initramfs has more than 1 GiB/)
    expect(refusal('initramfs', bzImage())).toMatch(/cpio/)
    for (const part of IMAGE_PARTS) expect(refusal(part, Buffer.alloc(0))).toMatch(/empty/)
  })
})

test('whatever the bytes are: a file or a refusal', () => {
  const any = fc.oneof(
    fc.uint8Array({ minLength: 1, maxLength: 700 }),
    fc.uint8Array({ minLength: 100, maxLength: 700 }).map((tail) => [...qcow2().subarray(0, 8), ...tail]),
  )
  fc.assert(
    fc.property(any, fc.constantFrom(...IMAGE_PARTS), (bytes, part) => {
      try {
        const found = look(part, Buffer.from(bytes))
        expect(found.sizeGiB).toBeGreaterThanOrEqual(1)
      } catch (thrown) {
        expect(asFault(thrown).kind).toBe('invalid')
      }
    }),
  )
})

testWith('qemu-img', 'what qemu-img makes', () => {
  const folder = mkdtempSync(join(tmpdir(), 'og-qemu-'))
  const make = (...words: string[]) => {
    const made = spawnSync('qemu-img', ['create', '-q', ...words], { cwd: folder, encoding: 'utf8' })
    expect(made.stderr).toBe('')
  }
  make('-f', 'qcow2', 'plain.qcow2', '7G')
  make('-f', 'qcow2', '-o', 'compat=0.10', 'old.qcow2', '2G')
  make('-f', 'qcow2', '-b', 'plain.qcow2', '-F', 'qcow2', 'child.qcow2')
  make('-f', 'qcow2', '-o', 'data_file=data.raw', 'split.qcow2', '1G')
  make('-f', 'vmdk', 'disk.vmdk', '1G')
  const read = (name: string) => readFileSync(join(folder, name))
  expect(look('disk', read('plain.qcow2'))).toMatchObject({ format: 'qcow2', sizeGiB: 7 })
  expect(look('disk', read('old.qcow2'))).toMatchObject({ format: 'qcow2', sizeGiB: 2 })
  expect(refusal('disk', read('child.qcow2'))).toMatch(/backing/)
  expect(refusal('disk', read('split.qcow2'))).toMatch(/another file/)
  expect(refusal('disk', read('disk.vmdk'))).toMatch(/VMDK/)
  rmSync(folder, { recursive: true })
})
