import type { ImageId } from '../../../../src/model/ids'
import type { Caller } from '../../../../src/operations/context'
import type { Operations } from '../../../../src/operations/operations'
import { call, codeOf, type Parameters, pretty, texts, xmlOf } from '../../../support/ec2-call'
import { ann, bob, type FakeOperations, fakeOperations, PROJECT } from '../../../support/fake-operations'
import { expectGolden } from '../../../support/golden'

type Change = Parameters_[1]
type Parameters_ = globalThis.Parameters<Operations['tagResources']>

let operations: FakeOperations
let names: readonly string[]
let changes: Change[]
beforeEach(async () => {
  operations = fakeOperations()
  changes = []
  const { tagResources } = operations
  operations.tagResources = (caller: Caller, change: Change) => {
    changes.push(change)
    return tagResources(caller, change)
  }
  const order = { MinCount: 2, MaxCount: 2, ImageId: 'ami-00000000000000001' }
  await xmlOf('RunInstances', order, { operations })
  names = [...operations.computes.values()].map((record) => record.wish.name)
})
const two = () => ({ 'ResourceId.1': names[0] ?? '', 'ResourceId.2': names[1] ?? '' })
const one = () => ({ 'ResourceId.1': names[0] ?? '' })
const tagsOf = (index: number) => [...operations.computes.values()][index]?.wish.tags
const tag = (...pairs: [string, string?][]): Parameters =>
  Object.fromEntries(
    pairs.flatMap(([key, value], index) => [
      [`Tag.${index + 1}.Key`, key],
      ...(value === undefined ? [] : [[`Tag.${index + 1}.Value`, value]]),
    ]),
  )
const create = (parameters: Parameters) => xmlOf('CreateTags', parameters, { operations })
const remove = (parameters: Parameters) => xmlOf('DeleteTags', parameters, { operations })

test('golden: CreateTags sets and replaces on all that are named', async () => {
  await create({ ...two(), ...tag(['Name', 'web'], ['stage', 'test']) })
  const xml = await create({ ...one(), ...tag(['stage', 'live'], ['empty']) })
  expect(tagsOf(0)).toEqual({ Name: 'web', stage: 'live', empty: '' })
  expect(tagsOf(1)).toEqual({ Name: 'web', stage: 'test' })
  expectGolden('ec2/CreateTags.xml', pretty(xml))
})

test('lists numbered from 0, as libcloud sends them', async () => {
  await create({
    'ResourceId.0': names[0] ?? '',
    'Tag.0.Key': 'a',
    'Tag.0.Value': '1',
    'Tag.1.Key': 'b',
    'Tag.1.Value': '2',
  })
  expect(tagsOf(0)).toEqual({ a: '1', b: '2' })
})

test('DeleteTags: a key alone, a key with its value, a key with another, all', async () => {
  await create({ ...one(), ...tag(['a', '1'], ['b', '2'], ['c', ''], ['d', '4']) })
  await remove({ ...one(), ...tag(['a'], ['b', 'other'], ['c', '']) })
  expect(tagsOf(0)).toEqual({ b: '2', d: '4' })
  await remove({ ...one(), ...tag(['b', '2']) })
  expect(tagsOf(0)).toEqual({ d: '4' })
  const xml = await remove(one())
  expect(tagsOf(0)).toEqual({})
  expect(changes.at(-1)).toMatchObject({ removeAll: true })
  expectGolden('ec2/DeleteTags.xml', pretty(xml))
})

test('images are named by their ids', async () => {
  const [debian] = operations.images
  operations.tagResources = async (_caller: Caller, change: Change) => {
    changes.push(change)
  }
  await create({ 'ResourceId.1': 'ami-00000000000000001', 'ResourceId.2': names[0] ?? '', ...tag(['a', '1']) })
  expect(changes[0]?.refs).toEqual([
    { kind: 'compute', id: [...operations.computes.keys()][0] },
    { kind: 'image', id: debian?.id },
  ])
})

test.each<[string, Parameters]>([
  ['MissingParameter', { 'ResourceId.1': 'i-12345678' }],
  ['MissingParameter', { 'Tag.1.Key': 'a' }],
  ['MissingParameter', { 'ResourceId.1': 'i-12345678', 'Tag.1.Value': 'a' }],
  ['MissingParameter', { 'ResourceId.1': 'i-12345678', Tag: '' }],
  ['InvalidParameterValue', { 'ResourceId.1': 'i-12345678', 'Tag.1.Key': 'a', 'Tag.2.Key': 'a' }],
  ['InvalidID', { 'ResourceId.1': 'nonsense', 'Tag.1.Key': 'a' }],
  ['InvalidID', { 'ResourceId.1': '', 'Tag.1.Key': 'a' }],
  ['InvalidInstanceID.NotFound', { 'ResourceId.1': 'i-12345678', 'Tag.1.Key': 'a' }],
  ['InvalidAMIID.NotFound', { 'ResourceId.1': 'ami-12345678', 'Tag.1.Key': 'a' }],
  ['InvalidVolume.NotFound', { 'ResourceId.1': 'vol-12345678', 'Tag.1.Key': 'a' }],
  ['InvalidSnapshot.NotFound', { 'ResourceId.1': 'snap-12345678', 'Tag.1.Key': 'a' }],
])('CreateTags: %s for %j', async (code, parameters) => {
  expect(await codeOf('CreateTags', parameters, { operations })).toBe(code)
  expect(changes).toEqual([])
})

test("another's machine cannot be tagged, and too many cannot at once", async () => {
  expect(await codeOf('CreateTags', { ...one(), ...tag(['a', '1']) }, { operations, caller: bob })).toBe(
    'InvalidInstanceID.NotFound',
  )
  const many = Object.fromEntries(
    Array.from({ length: 1001 }, (_, index) => [`ResourceId.${index}`, `i-${index.toString(16).padStart(17, '0')}`]),
  )
  expect(await codeOf('CreateTags', { ...many, ...tag(['a']) }, { operations })).toBe('InvalidParameterValue')
})

test.each(['CreateTags', 'DeleteTags'])('%s with DryRun changes nothing', async (action) => {
  await create({ ...one(), ...tag(['a', '1']) })
  const answer = await call(
    action,
    { ...one(), ...tag(['a', action === 'CreateTags' ? '2' : '1']), DryRun: true },
    { operations },
  )
  expect(answer.status).toBe(412)
  expect(tagsOf(0)).toEqual({ a: '1' })
})

describe('DescribeTags', () => {
  const describe_ = (parameters: Parameters = {}) => xmlOf('DescribeTags', parameters, { operations })
  const found = async (name: string, value: string) => {
    const xml = await describe_({ 'Filter.1.Name': name, 'Filter.1.Value.1': value })
    return texts(xml, 'resourceId').map((id, index) => `${names.indexOf(id)} ${texts(xml, 'key')[index]}`)
  }
  beforeEach(async () => {
    await create({ ...two(), ...tag(['Name', 'web']) })
    await create({ ...one(), ...tag(['stage', 'live'], ['zone', 'a']) })
  })

  test('golden: of machines and images of my own', async () => {
    const [debian] = operations.images
    if (debian)
      operations.images.push({
        ...debian,
        id: 'cccccccc-0000-4000-8000-000000000003' as ImageId,
        project: PROJECT,
        wish: { ...debian.wish, ami: 'ami-00000000000000003', tags: { mine: 'yes' } },
      })
    if (debian) operations.images[0] = { ...debian, wish: { ...debian.wish, tags: { site: 'only' } } }
    const xml = await describe_()
    expect(xml).not.toContain('site')
    expectGolden('ec2/DescribeTags.xml', pretty(xml))
  })

  test('filters', async () => {
    expect(await found('key', 'Name')).toEqual(['0 Name', '1 Name'])
    expect(await found('value', 'l*')).toEqual(['0 stage'])
    expect(await found('resource-id', names[1] ?? '')).toEqual(['1 Name'])
    expect(await found('resource-type', 'instance')).toHaveLength(4)
    expect(await found('resource-type', 'image')).toEqual([])
    expect(await found('tag:stage', 'live')).toEqual(['0 stage'])
    expect(await codeOf('DescribeTags', { 'Filter.1.Name': 'x', 'Filter.1.Value.1': 'y' }, { operations })).toBe(
      'InvalidParameterValue',
    )
  })

  test('pages, and only my own', async () => {
    await create({ ...two(), ...tag(['a', ''], ['b', ''], ['c', '']) })
    const first = await describe_({ MaxResults: 5 })
    const rest = await describe_({ NextToken: texts(first, 'nextToken')[0] ?? '' })
    expect([...texts(first, 'key'), ...texts(rest, 'key')]).toEqual(texts(await describe_(), 'key'))
    expect(texts(first, 'key')).toHaveLength(5)
    expect(texts(await xmlOf('DescribeTags', {}, { operations, caller: bob }), 'key')).toEqual([])
    expect(ann.account).not.toBe(bob.account)
  })

  test('who takes away the tags of each page misses none, of whatever kind and age', async () => {
    const [debian] = operations.images
    if (!debian) throw new Error('no image')
    for (const [at, createdAt] of [1, Date.now() + 60_000].entries()) {
      const id = `cccccccc-0000-4000-8000-00000000000${at}` as ImageId
      const tags = { a: '', b: '', c: '', d: '' }
      const wish = { ...debian.wish, ami: `ami-0000000000000009${at}`, tags, createdAt }
      operations.images.push({ ...debian, project: PROJECT, id, wish })
    }
    const all = texts(await describe_(), 'resourceId')
    const told: string[] = []
    let token: string | undefined
    do {
      const page: string = await describe_({ MaxResults: 5, ...(token ? { NextToken: token } : {}) })
      const [ids, keys] = [texts(page, 'resourceId'), texts(page, 'key')]
      told.push(...ids)
      for (const [at, id] of ids.entries()) {
        const name = keys[at] ?? ''
        const image = operations.images.findIndex(({ wish }) => wish.ami === id)
        const known = operations.images[image]
        if (!known) await remove({ 'ResourceId.1': id, ...tag([name]) })
        else {
          const { [name]: _gone, ...tags } = known.wish.tags
          operations.images[image] = { ...known, wish: { ...known.wish, tags } }
        }
      }
      token = texts(page, 'nextToken')[0]
    } while (token)
    expect(told).toEqual(all)
    expect(texts(await describe_(), 'resourceId')).toEqual([])
  })
})
