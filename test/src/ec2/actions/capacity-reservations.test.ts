/** EC2's actions on capacity reservations, over the real operations and store. */
import type { ComputeId } from '../../../../src/model/ids'
import type { Caller } from '../../../../src/operations/context'
import type { NewProject } from '../../../../src/operations/projects'
import { call, codeOf, faultOf, type Parameters, pretty, texts, xmlOf } from '../../../support/ec2-call'
import { type Gateways, startGateways } from '../../../support/gateways'
import { expectGolden } from '../../../support/golden'
import { startRedis, type TestRedis } from '../../../support/redis'

const HOUR = 3_600_000
let redis: TestRedis
let site: Gateways
let ann: NewProject & { caller: Caller }
let bob: Caller
let zone = ''
let began = 0
beforeAll(async () => {
  redis = await startRedis()
})
afterAll(() => redis.stop())
beforeEach(async () => {
  site = await startGateways(redis)
  // Two hosts in each of the four zones.
  await site.probeHosts({ cpuHundredths: 400, memoryMiB: 65_536, diskGiB: 1000 })
  ann = await site.project('ann')
  bob = (await site.project('bob')).caller
  zone = `${site.site}a`
  began = site.clock.at
})
afterEach(() => site.close())

const options = (caller = ann.caller) => ({ operations: site.first.operations, caller })
const xml = (action: string, parameters: Parameters = {}, caller = ann.caller) =>
  xmlOf(action, parameters, options(caller))
const code = (action: string, parameters: Parameters = {}, caller = ann.caller) =>
  codeOf(action, parameters, options(caller))
const order = (parameters: Parameters = {}): Parameters => ({
  InstanceType: 't2.nano',
  InstancePlatform: 'Linux/UNIX',
  AvailabilityZone: zone,
  InstanceCount: 2,
  ...parameters,
})
const iso = (hours: number): string => new Date(began + hours * HOUR).toISOString()
async function reserved(parameters: Parameters = {}, caller = ann.caller): Promise<string> {
  site.clock.at += 1
  return texts(await xml('CreateCapacityReservation', order(parameters), caller), 'capacityReservationId')[0] ?? ''
}
const described = (parameters: Parameters = {}, caller = ann.caller) =>
  xml('DescribeCapacityReservations', parameters, caller)
const target = (id: string): Parameters => ({
  'CapacityReservationSpecification.CapacityReservationTarget.CapacityReservationId': id,
})
const preference = (text: string): Parameters => ({
  'CapacityReservationSpecification.CapacityReservationPreference': text,
})
const image = () => site.first.operations.defaults().image?.wish.ami ?? ''
const launch = (parameters: Parameters = {}, caller = ann.caller) =>
  xml('RunInstances', { ImageId: image(), InstanceType: 't2.nano', MinCount: 1, MaxCount: 1, ...parameters }, caller)

/** As placement would: the machine runs in a place of that reservation. */
async function running(instance: string, name: string): Promise<void> {
  await site.first.context.mirror.fresh(ann.caller.project)
  const record = site.first.context.mirror.named(instance)
  const reservation = site.first.context.mirror.named(name)
  if (record?.kind !== 'compute' || reservation?.kind !== 'reservation') throw new Error('not there')
  await site.run(record.id as ComputeId, { place: { reservation: { id: reservation.id, name, type: 't2.nano' } } })
}

function golden(name: string, text: string): void {
  const fixed = text
    .replaceAll(ann.project.wish.account, '123456789012')
    .replaceAll(site.site, 'local-1')
    .replaceAll(/(cr|i|r)-[0-9a-f]{17}/g, '$1-00000000000000001')
  expectGolden(`ec2/${name}.xml`, pretty(fixed))
}

test('golden: create, describe, modify, cancel', async () => {
  const tags = { 'TagSpecifications.1.ResourceType': 'capacity-reservation' }
  const tag = { 'TagSpecifications.1.Tag.1.Key': 'Name', 'TagSpecifications.1.Tag.1.Value': 'show' }
  site.clock.at += 1
  const made = await xml(
    'CreateCapacityReservation',
    order({ ...tags, ...tag, EndDate: iso(2), EndDateType: 'limited' }),
  )
  golden('CreateCapacityReservation', made)
  const id = texts(made, 'capacityReservationId')[0] ?? ''
  expect(id).toMatch(/^cr-[0-9a-f]{17}$/)
  golden(
    'ModifyCapacityReservation',
    await xml('ModifyCapacityReservation', { CapacityReservationId: id, InstanceCount: 3 }),
  )
  await reserved({ StartDate: iso(5), InstanceMatchCriteria: 'targeted' })
  golden('DescribeCapacityReservations', await described())
  golden('CancelCapacityReservation', await xml('CancelCapacityReservation', { CapacityReservationId: id }))
  expect(texts(await described({ 'CapacityReservationId.1': id }), 'state')).toEqual(['cancelled'])
})

test('states follow the clock', async () => {
  const id = await reserved({ StartDate: iso(1), EndDate: iso(2) })
  const state = async () => texts(await described({ 'CapacityReservationId.1': id }), 'state')
  expect(await state()).toEqual(['scheduled'])
  site.clock.at += HOUR
  expect(await state()).toEqual(['active'])
  site.clock.at += HOUR
  expect(await state()).toEqual(['expired'])
  expect(await code('ModifyCapacityReservation', { CapacityReservationId: id, InstanceCount: 1 })).toBe(
    'InvalidCapacityReservationState',
  )
  expect(await code('CancelCapacityReservation', { CapacityReservationId: id })).toBe('InvalidCapacityReservationState')
})

test('what is not free all the time is refused, with what would fit; nothing is left of it', async () => {
  await reserved({ InstanceCount: 6, StartDate: iso(2), EndDate: iso(4) })
  const failure = await faultOf('CreateCapacityReservation', order({ InstanceCount: 3, EndDate: iso(3) }), options())
  expect(await code('CreateCapacityReservation', order({ InstanceCount: 3, EndDate: iso(3) }))).toBe(
    'InsufficientInstanceCapacity',
  )
  expect(failure.message).toContain(
    `${zone} has no room for 3 of t2.nano then: 2 places would fit; all of it would fit from`,
  )
  expect(texts(await described(), 'capacityReservationId')).toHaveLength(1)
  expect(await reserved({ InstanceCount: 2, EndDate: iso(3) })).toMatch(/^cr-/)
  expect(await reserved({ InstanceCount: 6, EndDate: iso(2) })).toMatch(/^cr-/)
  expect(await code('CreateCapacityReservation', order({ InstanceCount: 1, EndDate: iso(1) }))).toBe(
    'InsufficientInstanceCapacity',
  )
})

test('a dry run changes nothing', async () => {
  const dry = async (action: string, parameters: Parameters) =>
    texts((await call(action, { ...parameters, DryRun: true }, options())).body, 'Code')
  expect(await dry('CreateCapacityReservation', order())).toEqual(['DryRunOperation'])
  expect(texts(await described(), 'capacityReservationId')).toEqual([])
  const id = await reserved()
  expect(await dry('CancelCapacityReservation', { CapacityReservationId: id })).toEqual(['DryRunOperation'])
  expect(await dry('ModifyCapacityReservation', { CapacityReservationId: id, InstanceCount: 5 })).toEqual([
    'DryRunOperation',
  ])
  expect(texts(await described(), 'totalInstanceCount')).toEqual(['2'])
})

test('the same client token gets the same reservation, with other parameters a refusal', async () => {
  const first = await reserved({ ClientToken: 'once' })
  expect(await reserved({ ClientToken: 'once' })).toBe(first)
  expect(await code('CreateCapacityReservation', order({ ClientToken: 'once', InstanceCount: 1 }))).toBe(
    'IdempotentParameterMismatch',
  )
  expect(texts(await described(), 'capacityReservationId')).toEqual([first])
})

test('the same client token gets its reservation, though that took the last place', async () => {
  const all = { InstanceCount: 8, EndDate: iso(1) }
  const first = await reserved({ ...all, ClientToken: 'all' })
  expect(await reserved({ ...all, ClientToken: 'all' })).toBe(first)
  expect(await code('CreateCapacityReservation', order({ ...all, ClientToken: 'more' }))).toBe(
    'InsufficientInstanceCapacity',
  )
})

test.each([
  ['InstanceType', { InstanceType: 'x9.huge' }, 'InvalidParameterValue'],
  ['AvailabilityZone', { AvailabilityZone: 'nowhere-1a' }, 'InvalidParameterValue'],
  ['InstanceCount', { InstanceCount: 0 }, 'InvalidParameterValue'],
  ['InstanceCount', { InstanceCount: 1001 }, 'InvalidParameterValue'],
  ['EndDate', { EndDateType: 'limited' }, 'MissingParameter'],
  ['EndDate', { EndDateType: 'unlimited', EndDate: '2027-02-01T00:00:00Z' }, 'InvalidParameterCombination'],
  ['EndDate', { EndDate: '2020-01-01T00:00:00Z' }, 'InvalidParameterValue'],
  ['StartDate', { StartDate: '2020-01-01T00:00:00Z' }, 'InvalidParameterValue'],
  ['InstanceMatchCriteria', { InstanceMatchCriteria: 'some' }, 'InvalidParameterValue'],
  ['InstancePlatform', { InstancePlatform: 'Windows' }, 'UnsupportedOperation'],
  ['Tenancy', { Tenancy: 'dedicated' }, 'UnsupportedOperation'],
  ['PlacementGroupArn', { PlacementGroupArn: 'arn:x' }, 'UnsupportedOperation'],
  ['TagSpecifications', { 'TagSpecifications.1.ResourceType': 'instance' }, 'InvalidParameterValue'],
])('a wrong %s is refused by name: %j', async (_field, parameters, wanted) => {
  expect(await code('CreateCapacityReservation', order(parameters))).toBe(wanted)
  expect(texts(await described(), 'capacityReservationId')).toEqual([])
})

test.each(['InstanceType', 'InstancePlatform', 'InstanceCount', 'AvailabilityZone'])('%s is needed', async (field) => {
  const { [field]: _left, ...rest } = order()
  expect(await code('CreateCapacityReservation', rest)).toBe('MissingParameter')
})

test("another project's reservation does not exist", async () => {
  const id = await reserved()
  expect(texts(await described({}, bob), 'capacityReservationId')).toEqual([])
  for (const action of ['CancelCapacityReservation', 'ModifyCapacityReservation'])
    expect(await code(action, { CapacityReservationId: id }, bob)).toBe('InvalidCapacityReservationId.NotFound')
  expect(await code('DescribeCapacityReservations', { 'CapacityReservationId.1': id }, bob)).toBe(
    'InvalidCapacityReservationId.NotFound',
  )
  expect(await code('DescribeCapacityReservations', { 'CapacityReservationId.1': 'cr-x' })).toBe(
    'InvalidCapacityReservationId.Malformed',
  )
  expect(await code('RunInstances', { ImageId: image(), MinCount: 1, MaxCount: 1, ...target(id) }, bob)).toBe(
    'InvalidCapacityReservationId.NotFound',
  )
  expect(await code('CancelCapacityReservation')).toBe('MissingParameter')
})

test('modify: more places where there is room, fewer where nobody is in them, another end', async () => {
  const id = await reserved({ InstanceCount: 2 })
  const modify = (parameters: Parameters) => ({ CapacityReservationId: id, ...parameters })
  await xml('ModifyCapacityReservation', modify({ InstanceCount: 8 }))
  expect(await code('ModifyCapacityReservation', modify({ InstanceCount: 9 }))).toBe('InsufficientInstanceCapacity')
  await xml('ModifyCapacityReservation', modify({ InstanceCount: 5, EndDateType: 'limited', EndDate: iso(1) }))
  expect(texts(await described(), 'totalInstanceCount')).toEqual(['5'])
  // What it gave back after its end is somebody else's.
  await reserved({ InstanceCount: 8, StartDate: iso(1) }, bob)
  expect(await code('ModifyCapacityReservation', modify({ EndDateType: 'unlimited' }))).toBe(
    'InsufficientInstanceCapacity',
  )
  expect(
    await code('ModifyCapacityReservation', modify({ EndDateType: 'limited', EndDate: '1970-01-01T00:00:00Z' })),
  ).toBe('InvalidParameterValue')
  expect(await code('ModifyCapacityReservation', modify({ EndDateType: 'limited', EndDate: iso(-1) }))).toBe(
    'InvalidParameterValue',
  )
  expect(texts(await described(), 'endDateType')).toEqual(['limited'])
})

test('cancelled twice is cancelled; its places are free at once', async () => {
  const id = await reserved({ InstanceCount: 8 })
  expect(await code('CreateCapacityReservation', order())).toBe('InsufficientInstanceCapacity')
  await xml('CancelCapacityReservation', { CapacityReservationId: id })
  await xml('CancelCapacityReservation', { CapacityReservationId: id })
  expect(await reserved({ InstanceCount: 8 })).toMatch(/^cr-/)
})

test("a project's limits count what it reserves", async () => {
  const small = await site.project('small', { instances: 3 })
  await reserved({ InstanceCount: 2 }, small.caller)
  expect(await code('CreateCapacityReservation', order({ InstanceCount: 2 }), small.caller)).toBe(
    'InstanceLimitExceeded',
  )
  expect(await reserved({ InstanceCount: 1 }, small.caller)).toMatch(/^cr-/)
})

test('filters, tags and pages', async () => {
  const [first, second] = [await reserved(), await reserved({ InstanceMatchCriteria: 'targeted', StartDate: iso(3) })]
  await xml('CreateTags', { 'ResourceId.1': first, 'Tag.1.Key': 'team', 'Tag.1.Value': 'a' })
  expect(
    texts(await xml('DescribeTags', { 'Filter.1.Name': 'key', 'Filter.1.Value.1': 'team' }), 'resourceId'),
  ).toEqual([first])
  const found = async (name: string, value: string) =>
    texts(await described({ 'Filter.1.Name': name, 'Filter.1.Value.1': value }), 'capacityReservationId')
  expect(await found('tag:team', 'a')).toEqual([first])
  expect(await found('state', 'scheduled')).toEqual([second])
  expect(await found('instance-match-criteria', 'targeted')).toEqual([second])
  expect(await found('instance-type', 't2.nano')).toEqual([first, second])
  expect(await found('availability-zone', 'else')).toEqual([])
  expect(await code('DescribeCapacityReservations', { 'Filter.1.Name': 'x', 'Filter.1.Value.1': 'y' })).toBe(
    'InvalidParameterValue',
  )
  const page = await described({ MaxResults: 1 })
  expect(texts(page, 'capacityReservationId')).toEqual([first])
  const next = await described({ MaxResults: 1, NextToken: texts(page, 'nextToken')[0] ?? '' })
  expect(texts(next, 'capacityReservationId')).toEqual([second])
})

test('an instance in a place shows it, and the place is used', async () => {
  const id = await reserved()
  const instance = texts(await launch(target(id)), 'instanceId')[0] ?? ''
  await running(instance, id)
  const shown = await xml('DescribeInstances', { 'Filter.1.Name': 'capacity-reservation-id', 'Filter.1.Value.1': id })
  expect(texts(shown, 'instanceId')).toEqual([instance])
  expect(texts(shown, 'capacityReservationId')).toEqual([id, id])
  expect(texts(await described(), 'availableInstanceCount')).toEqual(['1'])
  expect(await code('ModifyCapacityReservation', { CapacityReservationId: id, InstanceCount: 0 })).toBe(
    'InvalidParameterValue',
  )
})

test('a launch into a reservation that has not enough places, is over or is for others is refused', async () => {
  const id = await reserved({ InstanceCount: 1 })
  const run = { ImageId: image(), InstanceType: 't2.nano', MinCount: 1, MaxCount: 1 }
  expect(await code('RunInstances', { ...run, MinCount: 2, MaxCount: 2, ...target(id) })).toBe(
    'ReservationCapacityExceeded',
  )
  expect(await code('RunInstances', { ...run, InstanceType: 't2.micro', ...target(id) })).toBe(
    'InvalidParameterCombination',
  )
  await launch(target(id))
  expect(await code('RunInstances', { ...run, ...target(id) })).toBe('ReservationCapacityExceeded')
  await xml('CancelCapacityReservation', { CapacityReservationId: id })
  expect(await code('RunInstances', { ...run, ...target(id) })).toBe('InvalidCapacityReservationState')
})

test('capacity-reservations-only, none and open', async () => {
  const run = { ImageId: image(), InstanceType: 't2.nano', MinCount: 1, MaxCount: 1 }
  expect(await code('RunInstances', { ...run, ...preference('capacity-reservations-only') })).toBe(
    'InsufficientInstanceCapacity',
  )
  const id = await reserved({ InstanceMatchCriteria: 'targeted' })
  expect(await code('RunInstances', { ...run, ...preference('capacity-reservations-only') })).toBe(
    'InsufficientInstanceCapacity',
  )
  await reserved()
  expect(texts(await launch(preference('capacity-reservations-only')), 'capacityReservationPreference')).toEqual([
    'capacity-reservations-only',
  ])
  expect(texts(await launch(preference('none')), 'capacityReservationPreference')).toEqual(['none'])
  expect(texts(await launch(preference('open')), 'capacityReservationPreference')).toEqual(['open'])
  expect(texts(await launch(), 'capacityReservationPreference')).toEqual([])
  expect(await code('RunInstances', { ...run, ...preference('sometimes') })).toBe('InvalidParameterValue')
  expect(await code('RunInstances', { ...run, ...preference('none'), ...target(id) })).toBe(
    'InvalidParameterCombination',
  )
})
