import fc from 'fast-check'
import { isoImage } from '../../../src/metadata/iso9660'
import { shortNames } from '../../../src/metadata/iso9660/short-names'
import { describeWithReader, toldByIsoinfo, unpackedByBsdtar } from '../../support/seed-readers'

const SECTOR = 2048
const file = (name: string, text: string) => ({ name, data: Buffer.from(text) })
const three = [file('meta-data', 'one'), file('user-data', ''), file('network-config', 'x'.repeat(5000))]

const names = fc.uniqueArray(fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$/), { minLength: 1, maxLength: 12 })
const files = names.chain((all) =>
  fc.tuple(...all.map((name) => fc.uint8Array({ maxLength: 9000 }).map((data) => ({ name, data: Buffer.from(data) })))),
)

test('the same files are the same bytes, in whole sectors', () => {
  const disk = isoImage('cidata', three)
  expect(isoImage('cidata', three).equals(disk)).toBe(true)
  expect(disk.length % SECTOR).toBe(0)
  // 25 sectors of structure, one file of three sectors, two of one.
  expect(disk.length / SECTOR).toBe(30)
})

test('a reader finds volume descriptors, their end, label and size where the standard says', () => {
  const disk = isoImage('cidata', three)
  const at = (sector: number, from: number, to: number) => disk.subarray(sector * SECTOR + from, sector * SECTOR + to)
  expect([16, 17, 18].map((sector) => [at(sector, 0, 1)[0], at(sector, 1, 6).toString()])).toEqual([
    [1, 'CD001'],
    [2, 'CD001'],
    [255, 'CD001'],
  ])
  expect(at(16, 40, 72).toString().trimEnd()).toBe('cidata')
  expect(at(17, 40, 72).swap16().toString('utf16le').trimEnd()).toBe('cidata')
  expect([at(16, 80, 88).readUInt32LE(0), at(16, 80, 88).readUInt32BE(4)]).toEqual([30, 30])
})

test('what is none of our names, and more files than fit, are refused', () => {
  for (const name of ['', 'a/b', '../up', '.hidden', 'x'.repeat(33), 'sp ace'])
    expect(() => isoImage('cidata', [file(name, '')])).toThrow(expect.objectContaining({ kind: 'internal' }))
  const many = Array.from({ length: 13 }, (_, index) => file(`f${index}`, ''))
  expect(() => isoImage('cidata', many)).toThrow(expect.objectContaining({ kind: 'internal' }))
})

test('short names are of ISO 9660 level 1, and no two are the same', () => {
  expect(shortNames(['meta-data', 'user-data', 'network-config', 'network-confit', 'a.txt', 'A.TXT'])).toEqual([
    'META_DAT.;1',
    'USER_DAT.;1',
    'NETWORK_.;1',
    'NETWOR_1.;1',
    'A.TXT;1',
    'A_1.TXT;1',
  ])
  fc.assert(
    fc.property(names, (all) => {
      const short = shortNames(all)
      expect(new Set(short).size).toBe(all.length)
      for (const name of short) expect(name).toMatch(/^[A-Z0-9_]{1,8}\.[A-Z0-9_]{0,3};1$/)
    }),
  )
})

describeWithReader('bsdtar', 'libarchive reads the disk', () => {
  test('any files come back with their names and bytes', () => {
    fc.assert(
      fc.property(files, (all) => {
        const found = unpackedByBsdtar(isoImage('cidata', all))
        expect(found).toEqual(Object.fromEntries(all.map(({ name, data }) => [name, data])))
      }),
      { numRuns: 15 },
    )
  })
})

describeWithReader('isoinfo', 'isoinfo reads the disk', () => {
  const disk = isoImage('cidata', three)

  test('it says what the disk is', () => {
    const told = toldByIsoinfo(disk, ['-d']).toString()
    for (const line of [
      'CD-ROM is in ISO 9660 format',
      'Volume id: cidata',
      'Logical block size is: 2048',
      'Volume size is: 30',
      'Joliet with UCS level 3 found',
      'Rock Ridge signatures version 1 found',
    ])
      expect(told).toContain(line)
  })

  test.each([
    ['Rock Ridge', ['-R'], ['/meta-data', '/network-config', '/user-data']],
    ['Joliet', ['-J'], ['/meta-data', '/network-config', '/user-data']],
    ['ISO 9660 alone', [], ['/META_DAT.;1', '/NETWORK_.;1', '/USER_DAT.;1']],
  ] as const)('names and contents by %s', (_name, how, paths) => {
    const listed = toldByIsoinfo(disk, [...how, '-f'])
      .toString()
      .trim()
      .split('\n')
    expect(listed).toEqual(paths)
    const contents = paths.map((path) => toldByIsoinfo(disk, [...how, '-x', path]).toString())
    expect(contents).toEqual(['one', 'x'.repeat(5000), ''])
  })

  test('its files are root’s alone', () => {
    const listed = toldByIsoinfo(disk, ['-R', '-l']).toString()
    expect(listed).toMatch(/^-r-------- +1 +0 +0 .* meta-data/m)
    expect(listed).toMatch(/^dr-x------ +2 +0 +0 .* \. /m)
  })
})
