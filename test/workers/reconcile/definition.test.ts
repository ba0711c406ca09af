import fc from 'fast-check'
import type { NetworkId } from '../../../src/model/ids'
import type { ComputeRecord, ImageRecord, NetworkRecord, SealedText } from '../../../src/model/records'
import type { Driver } from '../../../workers/drivers/driver'
import { definitionDigest, definitionOf } from '../../../workers/reconcile/steps/definition'
import { type ComputeParts, computeRecord } from '../../support/compute-record'
import { describeWithReader, readByCloudInit, unpackedByBsdtar } from '../../support/seed-readers'

const NETWORK = {
  wish: {
    subnet: 'subnet-00000000000000001',
    cidr: '10.0.0.0/16',
    gateway: '10.0.0.1',
    bridge: 'xenbr0',
    vlan: 7,
    dns: ['10.0.0.2'],
  },
} as unknown as NetworkRecord

const IMAGE = { wish: { files: {} }, seen: {} } as unknown as ImageRecord

const call = (record: ComputeRecord, network: NetworkRecord | undefined = NETWORK) => ({
  driver: {} as Driver,
  host: { id: 'h' as never, name: 'h', address: '' },
  ticket: { resource: record.wish.name, epoch: { era: 1, number: 1 }, key: 'k' },
  record,
  site: 'local-1',
  item: '',
  image: async () => IMAGE,
  network: async () => network,
  unseal: (id: string, sealed: SealedText) => {
    expect(id).toBe(record.id)
    return Buffer.from(`opened ${sealed}`).toString('base64')
  },
})
const sealed = (text: string) => text as SealedText

test('a definition has disks by their names on the host, networks in full and a seed', async () => {
  const record = computeRecord()
  const { seed, ...definition } = await definitionOf(call(record))
  expect(definition).toEqual({
    name: record.wish.name,
    id: record.id,
    site: 'local-1',
    size: record.wish.size,
    most: { cores: 1, memoryMiB: 512 },
    disks: [{ name: `${record.wish.name}-root`, device: '/dev/sda1' }],
    interfaces: [
      {
        mac: '02:00:00:00:00:01',
        address: '10.0.0.10',
        network: {
          name: 'subnet-00000000000000001',
          bridge: 'xenbr0',
          vlan: 7,
          cidr: '10.0.0.0/16',
          gateway: '10.0.0.1',
        },
      },
    ],
  })
  expect(seed).toMatch(/^[A-Za-z0-9+/]+=*$/)
})

test('a network that is not there any more is refused', async () => {
  const order = { ...call(computeRecord()), network: async () => undefined }
  await expect(definitionOf(order)).rejects.toMatchObject({ kind: 'refused' })
})

test('how it is started is never guessed: without its image’s record it is refused, its disk or not', async () => {
  for (const wish of [{}, { disks: [] }]) {
    const order = { ...call(computeRecord({ wish })), image: async () => undefined }
    await expect(definitionOf(order)).rejects.toMatchObject({
      kind: 'refused',
      message: 'its image is not there any more',
    })
  }
})

test('what the key ring cannot open is told as it is', async () => {
  const order = call(computeRecord({ wish: { userData: sealed('x') } }))
  const unseal = () => {
    throw Object.assign(new Error('no ring'), { kind: 'unavailable' })
  }
  await expect(definitionOf({ ...order, unseal })).rejects.toMatchObject({ kind: 'unavailable' })
})

describeWithReader('bsdtar', 'the seed of a definition', () => {
  test('has name, key, address and opened user data', async () => {
    const wish = { hostname: 'web', publicKey: 'ssh-ed25519 AAAA me', userData: sealed('v1.a.b') }
    const { seed } = await definitionOf(call(computeRecord({ wish })))
    const files = unpackedByBsdtar(Buffer.from(seed ?? '', 'base64'))
    expect(JSON.parse(String(files['meta-data']))).toEqual({
      'instance-id': 'i-00000000000000001',
      'local-hostname': 'web',
      'public-keys': ['ssh-ed25519 AAAA me'],
    })
    expect(String(files['user-data'])).toBe('opened v1.a.b')
    expect(JSON.parse(String(files['network-config'])).config).toEqual([
      {
        type: 'physical',
        name: 'eth0',
        mac_address: '02:00:00:00:00:01',
        subnets: [{ type: 'static', address: '10.0.0.10/16', gateway: '10.0.0.1', dns_nameservers: ['10.0.0.2'] }],
      },
    ])
  })
})

describeWithReader('python', "cloud-init's view of a machine", () => {
  test('is the same instance after another size and another name, and bears its EC2 name where it has no other', async () => {
    const records = [{}, { hostname: 'web' }, { size: { ...computeRecord().wish.size, memoryMiB: 1024 } }]
    const seeds = await Promise.all(records.map((wish) => definitionOf(call(computeRecord({ wish })))))
    const read = readByCloudInit(seeds.map(({ seed }) => unpackedByBsdtar(Buffer.from(seed ?? '', 'base64'))))
    expect(read.map(({ taken, instanceId, hostname }) => [taken, instanceId, hostname])).toEqual([
      [true, 'i-00000000000000001', 'i-00000000000000001'],
      [true, 'i-00000000000000001', 'web'],
      [true, 'i-00000000000000001', 'i-00000000000000001'],
    ])
  })
})

describe('of one that was taken over', () => {
  const disk = { device: 'xvda', format: 'raw', path: '/srv/web.img', sizeGiB: 1 } as const
  const boot = { mode: 'pvh', kernel: '/guest/vmlinuz', initramfs: null, cmdline: null, settings: {} } as const
  const wish = { image: null, adopted: { from: 'web', boot, disks: [disk] } }

  test('how it is started and what its disks lie on, and no disk with first settings', async () => {
    const record = computeRecord({ wish })
    const definition = await definitionOf({ ...call(record), image: () => Promise.reject(new Error('it has none')) })
    expect(definition).toMatchObject({
      id: record.id,
      takenOver: {
        boot,
        disks: [{ name: `${record.wish.name}-root`, device: 'xvda', format: 'raw', path: '/srv/web.img' }],
      },
      seed: null,
    })
    expect(definition).not.toHaveProperty('boot')
  })

  test('its owner may give it first settings', async () => {
    const { seed } = await definitionOf(call(computeRecord({ wish: { ...wish, userData: sealed('v1.x') } })))
    expect(seed).not.toBeNull()
  })

  test('any other without an image is refused', async () => {
    await expect(definitionOf(call(computeRecord({ wish: { image: null } })))).rejects.toMatchObject({
      kind: 'refused',
      message: 'its image is not there any more',
    })
  })
})

const digest = (parts: ComputeParts = {}) => definitionDigest(computeRecord(parts))

describe('its digest', () => {
  const size = computeRecord().wish.size
  const [one] = computeRecord().wish.interfaces
  test.each<[string, ComputeParts['wish'] & object]>([
    ['another size', { size: { ...size, memoryMiB: 1024 } }],
    ['another host name', { hostname: 'web' }],
    ['another key', { publicKey: 'ssh-ed25519 AAAA' }],
    ['other user data', { userData: sealed('v1.x') }],
    ['another address', { interfaces: one ? [{ ...one, address: '10.0.0.11' }] : [] }],
    ['another network', { interfaces: one ? [{ ...one, network: 'n' as NetworkId }] : [] }],
    ['no interface', { interfaces: [] }],
    ['no disk', { disks: [] }],
  ])('%s is another one', (_name, wish) => expect(digest({ wish })).not.toBe(digest()))

  test('what its definition does not have makes no other', () => {
    const same = fc.record({
      title: fc.option(fc.string()),
      summary: fc.option(fc.string()),
      tags: fc.dictionary(fc.string(), fc.string()),
      starts: fc.nat(),
      boots: fc.nat(),
      resets: fc.nat(),
      power: fc.constantFrom('on', 'off', 'suspended'),
      reason: fc.string(),
    })
    fc.assert(fc.property(same, (wish) => expect(digest({ wish })).toBe(digest())))
  })
})
