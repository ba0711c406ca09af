import { catalogued, imageCatalogue } from '../../../src/images/catalogue'
import { digestIn } from '../../../src/images/checksums'

const A = 'ab'.repeat(32)
const B = 'cd'.repeat(32)
const LONG = 'ef'.repeat(64)

test.each([
  ["GNU's, as Debian and Ubuntu publish it", `${A}  other.img\n${B} *disk.img\n`],
  ['with a path and capital digits', `${B.toUpperCase()}  ./disk.img\r\n`],
  ["BSD's, as AlmaLinux publishes it", `# disk.img: 1 bytes\nSHA256 (other.img) = ${A}\nSHA256 (disk.img) = ${B}\n`],
  ['the digest alone, as Alpine publishes it', `${B}\n`],
])('%s', (_what, text) => {
  expect(digestIn(text, 'disk.img', 'sha256')).toEqual({ algorithm: 'sha256', hex: B })
})

test('only of that algorithm and that file', () => {
  expect(digestIn(`${LONG}  disk.img\n`, 'disk.img', 'sha512')).toEqual({ algorithm: 'sha512', hex: LONG })
  for (const text of ['', `${A}  disk.img.asc`, `${A}  x-disk.img`, `${LONG}  disk.img`, `${A}\n${B}\n`, '<html>'])
    expect(() => digestIn(text, 'disk.img', 'sha256')).toThrow(/no sha256 of disk.img/)
})

test('the catalogue: names once, https only, each with a digest or where to find it', () => {
  const all = imageCatalogue()
  expect(new Set(all.map(({ name }) => name)).size).toBe(all.length)
  expect(all.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['debian-13', 'debian-12', 'ubuntu-24.04', 'almalinux-9', 'alpine-3.22']),
  )
  for (const { url, digest, checksums } of all) {
    expect(url).toMatch(/^https:\/\/.*\.(?:qcow2|img)$/)
    expect((digest === undefined) !== (checksums === undefined)).toBe(true)
    if (checksums) expect(new URL(checksums.url).host).toBe(new URL(url).host)
  }
  expect(catalogued('debian-12').title).toMatch(/bookworm/)
  expect(() => catalogued('windows')).toThrow(/debian-13, debian-12/)
})
