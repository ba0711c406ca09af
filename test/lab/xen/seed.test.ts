/** The tiny guest's reader of seeds, run by this machine's sh: what the gateway writes, and what others write. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { nocloudDisk, nocloudFiles, type Seed } from '../../../src/metadata/nocloud'

const READER = join(__dirname, 'in-guest', 'seed')
const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ7d0Wm0mZk1uZq2m3cF0pTtZ0pZ8X1S4yq8nXhQ2k1a tenant@home'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'og-seed-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const read = (deed: string, ...words: readonly string[]): string =>
  execFileSync('sh', ['-c', `. '${READER}'; "$@"`, 'sh', deed, ...words], { encoding: 'utf8' })

const write = (files: Readonly<Record<string, string | Buffer>>): void => {
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content)
}

const seed: Seed = {
  instanceId: 'i-0123456789abcdef0',
  hostname: 'web-1',
  publicKeys: [KEY, KEY.replace('tenant', 'second')],
  interfaces: [
    {
      name: 'eth0',
      mac: '02:00:00:00:00:0A',
      address: '10.1.2.3',
      cidr: '10.1.0.0/16',
      gateway: '10.1.0.1',
      dns: ['10.1.0.2'],
    },
    { name: 'eth1', mac: '02:00:00:00:00:0b', address: '10.2.0.9', cidr: '10.2.0.0/24', gateway: '10.2.0.1', dns: [] },
    { name: 'eth2', mac: '02:00:00:00:00:0c', address: null, cidr: '10.3.0.0/24', gateway: '', dns: [] },
  ],
  userData: null,
}

test("the gateway's own seed", () => {
  write(Object.fromEntries(nocloudFiles(seed).map(({ name, data }) => [name, Buffer.from(data)])))
  expect(read('read_hostname', folder)).toBe('web-1\n')
  expect(read('read_key', folder)).toBe(`${KEY}\n`)
  expect(read('read_network', join(folder, 'network-config'))).toBe(
    '02:00:00:00:00:0a 10.1.2.3/16 10.1.0.1\n02:00:00:00:00:0b 10.2.0.9/24 -\n',
  )
})

test('its label', () => {
  write({ disk: nocloudDisk(seed), other: Buffer.alloc(65_536) })
  expect(read('label_of', join(folder, 'disk')).trim()).toBe('cidata')
  expect(read('label_of', join(folder, 'other')).trim()).toBe('')
})

test('YAML of version 2, keys in user data', () => {
  write({
    'meta-data': 'instance-id: i-1\nlocal-hostname: "db-2"\n',
    'user-data': `#cloud-config\nssh_authorized_keys:\n  - ${KEY}\n`,
    'network-config': [
      'version: 2',
      'ethernets:',
      '  nic0:',
      '    match: {macaddress: "02:00:00:00:00:0d"}',
      '    addresses: [192.168.77.40/24]',
      '    routes:',
      '      - to: 0.0.0.0/0',
      '        via: 192.168.77.1',
      '    nameservers: {addresses: [192.168.77.2]}',
      '',
    ].join('\n'),
  })
  expect(read('read_hostname', folder)).toBe('db-2\n')
  expect(read('read_key', folder)).toBe(`${KEY}\n`)
  expect(read('read_network', join(folder, 'network-config'))).toBe('02:00:00:00:00:0d 192.168.77.40/24 192.168.77.1\n')
})

test('a count of boots is kept in the first sector of a disk of ours only', () => {
  write({ blank: Buffer.alloc(4_096), theirs: Buffer.from('\x7fELF'.padEnd(4_096)) })
  // The counter's work file is the guest's /run/sector.
  const count = (name: string) =>
    execFileSync(
      'sh',
      [
        '-c',
        `$(sed "s#/run/sector#${folder}/sector#g" '${READER}' > ${folder}/reader); . ${folder}/reader; count_boot ${folder}/${name}`,
      ],
      {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      },
    ).trim()
  expect([count('blank'), count('blank'), count('blank')]).toEqual(['1', '2', '3'])
  expect(count('theirs')).toBe('foreign')
})
