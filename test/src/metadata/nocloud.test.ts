import fc from 'fast-check'
import { nocloudDisk, nocloudFiles, type Seed } from '../../../src/metadata/nocloud'
import { expectGolden } from '../../support/golden'
import { describeWithReader, type Files, readByCloudInit, unpackedByBsdtar } from '../../support/seed-readers'
import { anySeed, bare, usual, wide } from './seeds'

const filesOf = (seed: Seed): Files => Object.fromEntries(nocloudFiles(seed).map(({ name, data }) => [name, data]))
const textOf = (seed: Seed, name: string): string => filesOf(seed)[name]?.toString('utf8') ?? ''

test.each([
  ['usual', usual],
  ['wide', wide],
  ['bare', bare],
] as const)('the files of a %s machine', (name, seed) => {
  for (const file of ['meta-data', 'network-config']) expectGolden(`metadata/${name}/${file}`, textOf(seed, file))
})

test('user data is passed byte by byte, and there is a file even when there is none', () => {
  expect(filesOf(wide)['user-data']).toEqual(wide.userData)
  expect(filesOf(bare)['user-data']).toEqual(Buffer.alloc(0))
})

test('where nothing is said of the network there is no file that says so: an empty one would be a guest without network', () => {
  expect(Object.keys(filesOf({ ...usual, interfaces: null }))).toEqual(['meta-data', 'user-data'])
  expect(Object.keys(filesOf({ ...usual, interfaces: [] }))).toContain('network-config')
})

/** Printable to YAML 1.1 (§5.1), and no line end of its (§5.4) but the usual one. */
const isPlain = (code: number): boolean =>
  code === 0x0a ||
  (code >= 0x20 && code < 0x7f) ||
  (code > 0xa0 && code <= 0xfffd && code !== 0x2028 && code !== 0x2029 && code !== 0xfeff) ||
  code > 0xffff

test('every text is JSON and has no character that YAML takes otherwise', () => {
  fc.assert(
    fc.property(anySeed, (seed) => {
      const text = textOf(seed, 'meta-data')
      expect(JSON.parse(text)).toEqual({
        'instance-id': seed.instanceId,
        'local-hostname': seed.hostname,
        ...(seed.publicKeys.length === 0 ? {} : { 'public-keys': seed.publicKeys }),
      })
      expect([...text].filter((character) => !isPlain(character.codePointAt(0) ?? 0))).toEqual([])
    }),
  )
})

test('the same machine is the same bytes, another one is not', () => {
  expect(nocloudDisk(usual).equals(nocloudDisk({ ...usual }))).toBe(true)
  for (const other of [{ hostname: 'web-2' }, { publicKeys: [] }, { userData: Buffer.from('x') }, { interfaces: [] }])
    expect(nocloudDisk({ ...usual, ...other }).equals(nocloudDisk(usual))).toBe(false)
})

test('the largest user data makes a disk of less than 80 KiB', () => {
  expect(nocloudDisk({ ...wide, userData: Buffer.alloc(16 * 1024, 7) }).length).toBeLessThan(80 * 1024)
})

describeWithReader('bsdtar', 'the disk of a machine', () => {
  test('holds these files', () => {
    for (const seed of [usual, wide, bare]) expect(unpackedByBsdtar(nocloudDisk(seed))).toEqual(filesOf(seed))
  })
})

describeWithReader('python', "cloud-init's own NoCloud source", () => {
  test('takes any seed and reads what was meant', () => {
    const seeds = fc.sample(anySeed, { numRuns: 60, seed: 7 })
    const read = readByCloudInit(seeds.map(filesOf))
    for (const [index, seed] of seeds.entries())
      expect(read[index]).toEqual({
        taken: true,
        instanceId: seed.instanceId,
        hostname: seed.hostname,
        publicKeys: seed.publicKeys,
        userData: (seed.userData ?? Buffer.alloc(0)).toString('base64'),
        network: null,
      })
  })

  test('its renderers write the address, the way out and the name servers for every family of systems', () => {
    const [read] = readByCloudInit([filesOf(usual)], 'with-network')
    for (const family of ['eni', 'netplan', 'networkd', 'sysconfig']) {
      const text = read?.network?.[family] ?? ''
      for (const word of ['10.0.0.5', '10.0.0.1', '10.0.0.2', '10.0.0.3', 'eth0'])
        expect({ family, text }).toEqual({ family, text: expect.stringContaining(word) })
      expect({ family, text }).toEqual({ family, text: expect.stringMatching(/02:00:00:00:00:01/i) })
    }
  })

  test('of several interfaces only the first leads out, and one without an address asks by DHCP', () => {
    const [read] = readByCloudInit([filesOf(wide)], 'with-network')
    const netplan = read?.network?.netplan ?? ''
    expect(netplan.match(/gateway4|to: default/g)).toEqual(['gateway4'])
    expect(netplan).toContain('192.168.7.9/24')
    expect(netplan).not.toContain('192.168.7.1\n')
    expect(netplan).toMatch(/eth2:\n\s+dhcp4: true/)
  })
})
