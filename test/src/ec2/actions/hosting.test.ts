/** EC2's Placement.Tenancy, HostId and Affinity, over the real operations and store. */
import { hostName } from '../../../../src/model/hosting'
import type { ComputeId } from '../../../../src/model/ids'
import type { Caller } from '../../../../src/operations/context'
import { codeOf, faultOf, type Parameters, texts, xmlOf } from '../../../support/ec2-call'
import { type Gateways, startGateways } from '../../../support/gateways'
import { startRedis, type TestRedis } from '../../../support/redis'

let redis: TestRedis
let site: Gateways
let ann: Caller
beforeAll(async () => {
  redis = await startRedis()
})
afterAll(() => redis.stop())
afterEach(() => site.close())

async function open(hostIds?: 'told'): Promise<void> {
  site = await startGateways(redis, hostIds ? { hostIds } : {})
  await site.probeHosts({ cpuHundredths: 400, memoryMiB: 65_536, diskGiB: 1000 })
  ann = (await site.project('ann')).caller
}
const options = () => ({ operations: site.first.operations, caller: ann })
const launch = (parameters: Parameters = {}): Parameters => ({
  ImageId: site.first.operations.defaults().image?.wish.ami ?? '',
  ...{ InstanceType: 't2.nano', MinCount: 1, MaxCount: 1 },
  ...Object.fromEntries(Object.entries(parameters).map(([name, value]) => [`Placement.${name}`, value])),
})
const run = (parameters: Parameters = {}) => xmlOf('RunInstances', launch(parameters), options())
const refusal = (parameters: Parameters = {}) => codeOf('RunInstances', launch(parameters), options())
const machines = () => site.first.operations.listComputes(ann)
const hosts = () => site.first.context.mirror.all('host').toSorted((a, b) => (a.id < b.id ? -1 : 1))
const wishes = async () => (await machines()).map(({ wish }) => wish.hosting)

test('dedicated: kept with the machine, and shown', async () => {
  await open()
  const [id = ''] = texts(await run({ Tenancy: 'dedicated' }), 'instanceId')
  await run({ Tenancy: 'default' })
  await run({ Tenancy: '', HostId: '', Affinity: 'default' })
  expect((await wishes()).filter(Boolean)).toEqual([{ alone: true }])
  const filter = { 'Filter.1.Name': 'tenancy', 'Filter.1.Value.1': 'dedicated' }
  const described = await xmlOf('DescribeInstances', filter, options())
  expect(texts(described, 'instanceId')).toEqual([id])
  expect(texts(described, 'tenancy')).toEqual(['dedicated'])
  expect(texts(described, 'hostId')).toEqual([])
})

test('where the site tells no ids, a host cannot be named, and the answer says so', async () => {
  await open()
  const HostId = hostName(hosts()[0]?.id ?? ('' as never))
  for (const Tenancy of ['host', 'default', '']) {
    const refused = await faultOf('RunInstances', launch({ HostId, Tenancy }), options())
    expect([refused.kind, refused.message]).toEqual([
      'unsupported',
      expect.stringContaining('lets no tenant name a host (HostId)'),
    ])
  }
  expect(await machines()).toEqual([])
})

test.each([
  [{ Tenancy: 'host' }, { host: true, alone: true }, 'host', 'default'],
  [{}, { host: true, alone: true }, 'host', 'default'],
  [{ Tenancy: 'default' }, { host: true }, 'default', 'default'],
  [{ Affinity: 'host' }, { host: true, alone: true, stays: true }, 'host', 'host'],
] as const)('HostId with %o', async (asked, hosting, tenancy, affinity) => {
  await open('told')
  const [first, second] = hosts()
  if (!first || !second) throw new Error('no hosts')
  const HostId = hostName(second.id)
  await run({ ...asked, HostId })
  expect(await wishes()).toEqual([{ ...hosting, host: second.id }])
  const filters = { 'Filter.1.Name': 'host-id', 'Filter.1.Value.1': HostId }
  const shown = async () => xmlOf('DescribeInstances', filters, options())
  expect(texts(await shown(), 'tenancy')).toEqual([tenancy])
  expect(texts(await shown(), 'affinity')).toEqual([affinity])
  expect(texts(await shown(), 'hostId')).toEqual([HostId])
  // Where it is, once it is somewhere.
  const [{ id } = { id: '' as ComputeId }] = await machines()
  await site.run(id, { place: { host: first.id } })
  const now = await xmlOf('DescribeInstances', {}, options())
  expect(texts(now, 'hostId')).toEqual([hostName(first.id)])
})

test.each<[string, Parameters, string]>([
  ['a tenancy of nobody', { Tenancy: 'shared' }, 'InvalidParameterValue'],
  ['an affinity of nobody', { Affinity: 'rack' }, 'InvalidParameterValue'],
  ['host without its id', { Tenancy: 'host' }, 'MissingParameter'],
  ['affinity without a host', { Affinity: 'host' }, 'InvalidParameterCombination'],
  ['dedicated with a host', { Tenancy: 'dedicated', HostId: `h-${'0'.repeat(17)}` }, 'InvalidParameterCombination'],
  ['no id', { HostId: 'xen-1' }, 'InvalidHostID.Malformed'],
  ['a host that is not there', { HostId: `h-${'f'.repeat(17)}` }, 'InvalidHostID.NotFound'],
  ['a group of hosts', { HostResourceGroupArn: 'arn:aws:x' }, 'UnsupportedOperation'],
])('refused by name, and nothing is made: %s', async (_name, parameters, code) => {
  await open('told')
  expect(await refusal(parameters)).toBe(code)
  expect(await machines()).toEqual([])
})

test('a named host that is too small for the machine is refused at once', async () => {
  await open('told')
  const HostId = hostName(hosts()[0]?.id ?? ('' as never))
  await site.first.operations.addType({ actor: ann.actor }, {
    name: 'huge',
    cores: 64,
    memoryMiB: 1024,
    diskGiB: 1,
  } as never)
  const order = { ...launch({ HostId }), InstanceType: 'huge' }
  expect(await codeOf('RunInstances', order, options())).toBe('InsufficientInstanceCapacity')
})

test('what was said at the launch may be said again to ModifyInstancePlacement, and nothing else', async () => {
  await open('told')
  const HostId = hostName(hosts()[0]?.id ?? ('' as never))
  const [InstanceId = ''] = texts(await run({ HostId, Affinity: 'host' }), 'instanceId')
  const modify = (parameters: Parameters) => codeOf('ModifyInstancePlacement', { InstanceId, ...parameters }, options())
  for (const other of [{ HostId: `h-${'f'.repeat(17)}` }, { Tenancy: 'dedicated' }, { Affinity: 'default' }])
    expect(await modify(other)).toBe('UnsupportedOperation')
  // That it runs is the next thing in its way.
  expect(await modify({ HostId, Tenancy: 'host', Affinity: 'host', GroupName: 'x' })).toBe(
    'InvalidPlacementGroup.Unknown',
  )
})
