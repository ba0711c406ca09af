import { emptySeen, noPlace, sighting } from '../../../support/compute-record'
import { call, codeOf, type Parameters, pretty, texts, xmlOf } from '../../../support/ec2-call'
import { bob, type FakeOperations, fakeOperations } from '../../../support/fake-operations'
import { expectGolden } from '../../../support/golden'

let operations: FakeOperations
let ids: readonly string[]
let names: readonly string[]
let both: Parameters
beforeEach(async () => {
  operations = fakeOperations()
  await xmlOf('RunInstances', { MinCount: 2, MaxCount: 2, ImageId: 'ami-00000000000000001' }, { operations })
  const records = [...operations.computes.values()]
  ids = records.map((record) => record.id)
  names = records.map((record) => record.wish.name)
  both = { 'InstanceId.1': names[0] ?? '', 'InstanceId.2': names[1] ?? '' }
})
const stopFirst = () => operations.change(ids[0] ?? '', { wish: { power: 'off' }, seen: { machine: sighting('off') } })

test('golden: StopInstances', async () => {
  const xml = await xmlOf('StopInstances', both, { operations })
  expect(operations.verbs).toEqual([
    { name: 'setPower', input: { ids, to: 'off', how: 'graceful', already: 'accept', dryRun: false } },
  ])
  expectGolden('ec2/StopInstances.xml', pretty(xml))
})

test.each<[string, Parameters, object]>([
  ['Force cuts', { Force: true }, { to: 'off', how: 'hard' }],
  ['SkipOsShutdown cuts', { SkipOsShutdown: true }, { to: 'off', how: 'hard' }],
  ['Force=false asks', { Force: false, Hibernate: false }, { to: 'off', how: 'graceful' }],
])('StopInstances: %s', async (_what, more, expected) => {
  await xmlOf('StopInstances', { ...both, ...more }, { operations })
  expect(operations.verbs[0]?.input).toMatchObject(expected)
})

test('StopInstances: Hibernate keeps the memory of what was launched for it, and of nothing else', async () => {
  const code = () => codeOf('StopInstances', { ...both, Hibernate: true }, { operations })
  expect(await code()).toBe('UnsupportedHibernationConfiguration')
  operations.change(ids[0] ?? '', { wish: { options: { hibernates: true } } })
  expect(await code()).toBe('UnsupportedHibernationConfiguration')
  expect(operations.verbs).toEqual([])
  operations.change(ids[1] ?? '', { wish: { options: { hibernates: true } } })
  await xmlOf('StopInstances', { ...both, Hibernate: true }, { operations })
  expect(operations.verbs[0]?.input).toMatchObject({ ids, to: 'suspended', how: 'graceful' })
})

test('Hibernate and Force contradict each other', async () => {
  expect(await codeOf('StopInstances', { ...both, Force: true, Hibernate: true }, { operations })).toBe(
    'InvalidParameterCombination',
  )
})

test('golden: StartInstances, one that is stopped and one that runs already', async () => {
  stopFirst()
  expectGolden('ec2/StartInstances.xml', pretty(await xmlOf('StartInstances', both, { operations })))
  expect(operations.verbs[0]?.input).toMatchObject({ ids, to: 'on', already: 'accept' })
})

test('golden: TerminateInstances; a second time is success too', async () => {
  expectGolden('ec2/TerminateInstances.xml', pretty(await xmlOf('TerminateInstances', both, { operations })))
  const again = await xmlOf('TerminateInstances', { ...both, Force: true }, { operations })
  expect(texts(again, 'instanceId')).toEqual(names)
})

test('golden: RebootInstances', async () => {
  expectGolden('ec2/RebootInstances.xml', pretty(await xmlOf('RebootInstances', both, { operations })))
  expect(operations.verbs).toEqual([{ name: 'restartComputes', input: { ids, how: 'warm', dryRun: false } }])
})

test('a machine named twice is asked once', async () => {
  const twice = { 'InstanceId.1': names[0] ?? '', 'InstanceId.2': names[0] ?? '' }
  const xml = await xmlOf('StopInstances', twice, { operations })
  expect(texts(xml, 'instanceId')).toEqual([names[0]])
})

const VERBS = ['StartInstances', 'StopInstances', 'RebootInstances', 'TerminateInstances']

test.each(VERBS)('%s: names that are none, nobody, or another project', async (verb) => {
  const code = (parameters: Parameters, caller = undefined) =>
    codeOf(verb, parameters, { operations, ...(caller === undefined ? {} : { caller }) })
  expect(await code({})).toBe('MissingParameter')
  expect(await code({ InstanceId: '' })).toBe('MissingParameter')
  expect(await code({ 'InstanceId.1': 'vol-12345678' })).toBe('InvalidInstanceID.Malformed')
  expect(await code({ 'InstanceId.1': 'i-12345678' })).toBe('InvalidInstanceID.NotFound')
  expect(await codeOf(verb, both, { operations, caller: bob })).toBe('InvalidInstanceID.NotFound')
  const many = Object.fromEntries(Array.from({ length: 1001 }, (_, index) => [`InstanceId.${index}`, names[0] ?? '']))
  expect(await code(many)).toBe('InvalidParameterValue')
  expect(operations.verbs).toEqual([])
})

test.each(VERBS)('%s with DryRun changes nothing and answers 412', async (verb) => {
  if (verb === 'StartInstances') stopFirst()
  const before = [...operations.computes.values()].map((record) => record.rev)
  const answer = await call(verb, { ...both, DryRun: true }, { operations })
  expect(answer.status).toBe(412)
  expect(texts(answer.body, 'Code')).toEqual(['DryRunOperation'])
  expect([...operations.computes.values()].map((record) => record.rev)).toEqual(before)
  expect(operations.verbs[0]?.input).toMatchObject({ dryRun: true })
})

test('states that do not allow a verb', async () => {
  const [id, name] = [ids[0] ?? '', { 'InstanceId.1': names[0] ?? '' }]
  const code = (verb: string, more: Parameters = {}) => codeOf(verb, { ...name, ...more }, { operations })
  operations.change(id, { place: noPlace, seen: emptySeen })
  expect(await code('StopInstances')).toBe('IncorrectInstanceState')
  expect(await code('RebootInstances')).toBe('IncorrectInstanceState')
  operations.change(id, { wish: { exists: false }, seen: { goneAt: 1 } })
  for (const verb of VERBS.slice(0, 3)) expect(await code(verb)).toBe('IncorrectInstanceState')
})

test('all or none', async () => {
  operations.change(ids[1] ?? '', { place: noPlace, seen: emptySeen })
  const before = operations.computes.get(ids[0] ?? '')
  expect(await codeOf('StopInstances', both, { operations })).toBe('IncorrectInstanceState')
  expect(operations.computes.get(ids[0] ?? '')).toBe(before)
})
