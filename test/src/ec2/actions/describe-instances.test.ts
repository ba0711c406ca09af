import { subnetIdOf, vpcIdOf } from '../../../../src/ec2/default-vpc'
import { USUAL_OPTIONS } from '../../../../src/model/options'
import type { ComputeRecord } from '../../../../src/model/records'
import { emptySeen, noPlace, sighting } from '../../../support/compute-record'
import { codeOf, type Parameters, pretty, texts, xmlOf } from '../../../support/ec2-call'
import { ann, bob, type FakeOperations, fakeOperations, PROJECT } from '../../../support/fake-operations'
import { expectGolden } from '../../../support/golden'

let operations: FakeOperations
beforeEach(() => {
  operations = fakeOperations()
})

const describe_ = (parameters: Parameters = {}, caller = ann) =>
  xmlOf('DescribeInstances', parameters, { operations, caller })
const idsOf = async (parameters: Parameters = {}) => texts(await describe_(parameters), 'instanceId')
const filter = (name: string, ...values: string[]): Parameters =>
  Object.fromEntries([['Filter.1.Name', name], ...values.map((value, index) => [`Filter.1.Value.${index + 1}`, value])])

async function launch(count: number, more: Parameters = {}): Promise<readonly ComputeRecord[]> {
  const before = new Set(operations.computes.keys())
  await xmlOf(
    'RunInstances',
    { MinCount: 1, MaxCount: count, ImageId: 'ami-00000000000000001', ...more },
    { operations },
  )
  return [...operations.computes.values()].filter((record) => !before.has(record.id))
}
const first = async (): Promise<ComputeRecord> => {
  const [record] = await launch(1)
  if (!record) throw new Error('nothing was launched')
  return record
}

test('golden: none', async () => {
  expectGolden('ec2/DescribeInstances-none.xml', pretty(await describe_()))
})

test('golden: one that runs, with tags, a key and a name', async () => {
  const record = await first()
  operations.change(record.id, {
    wish: { tags: { Name: 'web', note: '<&>' }, keyName: 'mine', hostname: 'web.example' },
  })
  expectGolden('ec2/DescribeInstances-running.xml', pretty(await describe_()))
})

const CREATED = 1_800_000_000_001
const states: [string, string, string, Parts][] = [
  [
    'waiting',
    '0',
    'pending',
    {
      place: {
        ...noPlace,
        waiting: { since: 1, reasons: { 'not enough memory': 8 }, examples: [], wouldFit: 'a host with 512 MiB free' },
      },
      seen: emptySeen,
    },
  ],
  ['just ordered', '0', 'pending', { place: noPlace, seen: emptySeen }],
  ['booting', '0', 'pending', { seen: { machine: sighting('off'), starts: 0 } }],
  [
    'failed',
    '0',
    'pending',
    { seen: { machine: null, starts: 0 }, journal: { failed: { message: 'define: no such disk', at: 1, retries: 0 } } },
  ],
  ['unknown', '16', 'running', { seen: { contact: 'lost' } }],
  ['stopping', '64', 'stopping', { wish: { power: 'off', reason: 'User initiated (2027-01-15 08:00:00 GMT)' } }],
  [
    'stopped',
    '80',
    'stopped',
    { wish: { power: 'off', reason: 'User initiated (2027-01-15 08:00:00 GMT)' }, seen: { machine: sighting('off') } },
  ],
  ['stopped by itself', '80', 'stopped', { seen: { machine: sighting('off') } }],
  ['hibernated', '80', 'stopped', { wish: { power: 'suspended' }, seen: { machine: sighting('saved') } }],
  ['shutting down', '32', 'shutting-down', { wish: { exists: false, deletedAt: CREATED } }],
  [
    'terminated',
    '48',
    'terminated',
    { wish: { exists: false, deletedAt: CREATED }, seen: { machine: null, goneAt: CREATED } },
  ],
]
type Parts = { readonly [P in 'wish' | 'seen' | 'journal' | 'place']?: Partial<ComputeRecord[P]> }

test.each(states)('golden: one that is %s shows %s %s', async (what, code, name, parts) => {
  const record = await first()
  operations.change(record.id, parts)
  const xml = await describe_()
  expect(xml).toContain(`<instanceState><code>${code}</code><name>${name}</name></instanceState>`)
  expectGolden(`ec2/DescribeInstances-${what.replaceAll(' ', '-')}.xml`, pretty(xml))
})

test('machines are grouped by reservation', async () => {
  const [a, b] = await launch(2)
  const [c] = await launch(1)
  const xml = await describe_()
  expect(xml.match(/<reservationId>/g)).toHaveLength(2)
  expect(texts(xml, 'instanceId')).toEqual([a, b, c].map((record) => record?.wish.name))
})

test('one revision is shown as it is, the next anew', async () => {
  const record = await first()
  expect(texts(await describe_(), 'name')).toContain('running')
  operations.change(record.id, { wish: { power: 'off' }, seen: { machine: sighting('off') } })
  expect(texts(await describe_(), 'name')).toContain('stopped')
})

test("another's machines do not exist", async () => {
  const record = await first()
  expect(texts(await describe_({}, bob), 'instanceId')).toEqual([])
  const theirs = { operations, caller: bob }
  expect(await codeOf('DescribeInstances', { 'InstanceId.1': record.wish.name }, theirs)).toBe(
    'InvalidInstanceID.NotFound',
  )
})

test('by id', async () => {
  const [a, b] = await launch(3)
  const ids = {
    'InstanceId.1': b?.wish.name ?? '',
    'InstanceId.2': a?.wish.name ?? '',
    'InstanceId.3': a?.wish.name ?? '',
  }
  expect((await idsOf(ids)).sort()).toEqual([a?.wish.name, b?.wish.name].sort())
})

test.each<[string, Parameters]>([
  ['InvalidInstanceID.Malformed', { 'InstanceId.1': 'nonsense' }],
  ['InvalidInstanceID.Malformed', { 'InstanceId.1': '' }],
  ['InvalidInstanceID.Malformed', { 'InstanceId.1': 'i-XYZ' }],
  ['InvalidInstanceID.NotFound', { 'InstanceId.1': 'i-12345678' }],
  ['InvalidInstanceID.NotFound', { 'InstanceId.1': 'i-ffffffffffffffff0' }],
  ['InvalidParameterValue', filter('nonsense', 'x')],
  ['InvalidParameterValue', filter('instance-id')],
  ['InvalidParameterValue', { MaxResults: 4 }],
  ['InvalidParameterValue', { MaxResults: 1001 }],
  ['InvalidParameterValue', { MaxResults: 'all' }],
  ['InvalidNextToken', { NextToken: 'nonsense' }],
  ['InvalidParameterCombination', { MaxResults: 5, 'InstanceId.1': 'i-12345678' }],
])('%s for %j', async (code, parameters) => {
  expect(await codeOf('DescribeInstances', parameters, { operations })).toBe(code)
})

test('every filter finds what is shown', async () => {
  const [record, other] = await launch(2, {
    KeyName: 'mine',
    ClientToken: 'token-1',
    'TagSpecification.1.ResourceType': 'instance',
    'TagSpecification.1.Tag.1.Key': 'Name',
    'TagSpecification.1.Tag.1.Value': 'web-1',
  })
  if (!record || !other) throw new Error('nothing was launched')
  operations.change(other.id, {
    wish: {
      power: 'off',
      reason: 'because',
      tags: {},
      hostname: 'other',
      capacity: { use: 'none' },
      interfaces: other.wish.interfaces.map((one) => ({ ...one, tags: { purpose: 'backup' } })),
      options: { restartable: true, metadata: { ...USUAL_OPTIONS.metadata, tokens: 'required', hopLimit: 2 } },
      image: operations.images[1]?.id ?? other.wish.image,
    },
    seen: { machine: sighting('off') },
    place: { zone: 'local-1c', simulated: false },
  })
  const [one, two, both] = [[record.wish.name], [other.wish.name], [record.wish.name, other.wish.name]]
  const cases: [string, string, string[]][] = [
    ['instance-id', record.wish.name, one],
    ['instance-state-name', 'running', one],
    ['instance-state-name', 'stop*', two],
    ['instance-state-code', '80', two],
    ['instance-type', 't2.*', both],
    ['image-id', 'ami-00000000000000002', two],
    ['availability-zone', 'local-1c', two],
    ['tag:Name', 'web-?', one],
    ['tag-key', 'Name', one],
    ['tag-value', 'web*', one],
    ['key-name', 'mine', both],
    ['reservation-id', record.wish.reservation, both],
    ['owner-id', ann.account, both],
    ['owner-id', bob.account, []],
    ['client-token', 'token-1', both],
    ['launch-index', '1', two],
    ['launch-time', '2027-01-15T*', both],
    ['architecture', 'x86_64', both],
    ['architecture', 'arm64', []],
    ['private-ip-address', '10.0.0.10', one],
    ['network-interface.addresses.private-ip-address', '10.0.0.11', two],
    ['network-interface.addresses.primary', 'true', both],
    ['network-interface.private-ip-address', '10.0.0.1?', both],
    ['network-interface.mac-address', '02:00:00:00:00:01', one],
    ['network-interface.network-interface-id', 'eni-00000000000000002', two],
    ['network-interface.subnet-id', subnetIdOf(PROJECT, 'local-1a'), one],
    ['network-interface.owner-id', ann.account, both],
    ['subnet-id', subnetIdOf(PROJECT, 'local-1a'), one],
    ['vpc-id', vpcIdOf(PROJECT), both],
    ['network-interface.vpc-id', vpcIdOf(PROJECT), both],
    ['private-dns-name', 'other', two],
    ['dns-name', 'x*', []],
    ['reason', 'because', two],
    ['state-reason-code', 'Client.UserInitiatedShutdown', two],
    ['state-reason-message', '*User initiated*', two],
    ['block-device-mapping.volume-id', 'vol-00000000000000001', one],
    ['block-device-mapping.device-name', '/dev/sda1', both],
    ['block-device-mapping.status', 'att*', both],
    ['block-device-mapping.delete-on-termination', 'true', both],
    ['block-device-mapping.attach-time', '2027-01-15*', both],
    ['platform-details', '*simulated*', one],
    ['hypervisor', 'xen', both],
    ['virtualization-type', 'hvm', both],
    ['root-device-type', 'ebs', both],
    ['root-device-name', '/dev/sda1', both],
    ['tenancy', 'default', both],
    ['monitoring-state', 'disabled', both],
    ['source-dest-check', 'true', both],
    ['usage-operation', 'RunInstances', both],
    ['ebs-optimized', 'false', both],
    ['hibernation-options.configured', 'false', both],
    ['maintenance-options.auto-recovery', 'default', two],
    ['metadata-options.http-tokens', 'optional', one],
    ['metadata-options.http-tokens', 'required', two],
    ['metadata-options.http-put-response-hop-limit', '1', one],
    ['metadata-options.http-endpoint', 'enabled', both],
    ['metadata-options.http-protocol-ipv6', 'enabled', []],
    ['metadata-options.instance-metadata-tags', 'disabled', both],
    ['metadata-options.state', 'applied', both],
    ['capacity-reservation-specification.capacity-reservation-preference', 'none', two],
    ['network-interface.availability-zone', 'local-1c', two],
    ['network-interface.tag-key', 'purpose', two],
    ['network-interface.tag-value', 'back*', two],
    ['network-interface.status', 'in-use', both],
    ['network-interface.status', 'available', []],
    ['network-interface.description', '', both],
    ['network-interface.source-dest-check', 'true', both],
    ['network-interface.requester-managed', 'false', both],
    ['network-interface.private-dns-name', '?*', []],
    ['network-interface.attachment.attachment-id', 'eni-attach-00000000000000002', two],
    ['network-interface.attachment.attach-time', '2027-01-15T*', both],
    ['network-interface.attachment.delete-on-termination', 'true', both],
    ['network-interface.attachment.device-index', '0', both],
    ['network-interface.attachment.network-card-index', '0', both],
    ['network-interface.attachment.instance-owner-id', ann.account, both],
    ['network-interface.attachment.status', 'attached', one],
    ['network-interface.attachment.status', 'attaching', two],
    ['tpm-support', '*', []],
    ['ip-address', '*', []],
    ['instance.group-name', 'default', []],
  ]
  for (const [name, value, expected] of cases)
    expect({ name, value, ids: await idsOf(filter(name, value)) }).toEqual({ name, value, ids: expected })
})

test('pages of machines, whole and without overlap, across reservations', async () => {
  await launch(4)
  await launch(9)
  const all = await idsOf()
  const seen: string[] = []
  let token = ''
  do {
    const xml = await describe_({ MaxResults: 5, ...(token === '' ? {} : { NextToken: token }) })
    seen.push(...texts(xml, 'instanceId'))
    token = texts(xml, 'nextToken')[0] ?? ''
  } while (token !== '')
  expect(seen).toEqual(all)
})

test('DescribeInstances in the version asked for', async () => {
  expect(await describe_({ Version: '2010-08-31' })).toContain('xmlns="http://ec2.amazonaws.com/doc/2010-08-31/"')
  expect(await describe_()).toContain('xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"')
  expect(await codeOf('DescribeInstances', { Version: 'latest' }, { operations })).toBe('NoSuchVersion')
})

test('started again, a machine shows the time of that start', async () => {
  const record = await first()
  operations.change(record.id, { wish: { starts: 2 }, seen: { starts: 2, startedAt: CREATED + 60_000 } })
  expect(texts(await describe_(), 'launchTime')).toEqual([new Date(CREATED + 60_000).toISOString()])
})

test('an image that this gateway has not heard of yet is shown as soon as it has', async () => {
  const record = await first()
  const image = operations.images.shift()
  operations.change(record.id, {})
  expect(texts(await describe_(), 'architecture')).toEqual([])
  if (image) operations.images.unshift(image)
  expect(texts(await describe_(), 'architecture')).toEqual(['x86_64'])
})
