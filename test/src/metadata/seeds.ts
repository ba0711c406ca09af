/** Seeds for tests: a usual one, one with everything, and any at all. */
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import type { Seed } from '../../../src/metadata/nocloud'

export const usual: Seed = {
  instanceId: 'i-0123456789abcdef0',
  hostname: 'web-1',
  publicKeys: ['ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExampleExampleExampleExampleExampleExampleExam me@desk'],
  interfaces: [
    {
      name: 'eth0',
      mac: '02:00:00:00:00:01',
      address: '10.0.0.5',
      cidr: '10.0.0.0/16',
      gateway: '10.0.0.1',
      dns: ['10.0.0.2', '10.0.0.3'],
    },
  ],
  userData: Buffer.from('#!/bin/sh\necho hello\n'),
}

/** Two interfaces, of which the second leads nowhere, and one that asks by DHCP. */
export const wide: Seed = {
  instanceId: 'i-fedcba98765432100',
  hostname: 'db.example.org',
  publicKeys: ['ssh-rsa AAAAB3 "one": {two}', 'ssh-ed25519 AAAAC3 # three'],
  interfaces: [
    ...(usual.interfaces ?? []),
    {
      name: 'eth1',
      mac: '02:00:00:00:00:02',
      address: '192.168.7.9',
      cidr: '192.168.7.0/24',
      gateway: '192.168.7.1',
      dns: [],
    },
    { name: 'eth2', mac: '02:00:00:00:00:03', address: null, cidr: '172.16.0.0/12', gateway: '', dns: [] },
  ],
  userData: gzipSync('#cloud-config\npackages: [nginx]\n'),
}

export const bare: Seed = { ...usual, publicKeys: [], interfaces: [], userData: null }

const label = fc.stringMatching(/^[a-z0-9](?:[a-z0-9-]{0,20}[a-z0-9])?$/)
/** What YAML might take for something else than a text, and texts that a quoting rule may trip over. */
const awkward = fc.constantFrom('null', 'yes', 'no', '0x10', '1e3', '12:30:45', '~', '2026-11-21', 'on', '017', '.inf')
const line = fc
  .oneof(
    fc.string({ unit: 'binary', maxLength: 80 }),
    fc.constantFrom('\u0085', '\u2028x', '\ufeffy', ': #', '"\\', '\t{[', '\ud83d\ude00'),
  )
  .map((text) => text.replace(/[\r\n]/g, ' '))

/** Any seed that the fronts let through, and worse: keys of any characters. */
export const anySeed: fc.Arbitrary<Seed> = fc.record({
  instanceId: fc.stringMatching(/^i-[0-9a-f]{17}$/),
  hostname: fc.oneof(label, awkward),
  publicKeys: fc.array(
    line.map((text) => `ssh-ed25519 AAAA${text}`),
    { maxLength: 4 },
  ),
  interfaces: fc.constantFrom(usual.interfaces, wide.interfaces, [], null),
  userData: fc.option(fc.uint8Array({ maxLength: 16 * 1024 }).map((bytes) => Buffer.from(bytes))),
})
