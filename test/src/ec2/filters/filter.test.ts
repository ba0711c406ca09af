import type { Filter } from '@aws-sdk/client-ec2'
import type { Ec2Context } from '../../../../src/ec2/action'
import { type FilterTable, matching } from '../../../../src/ec2/filters/filter'
import { pick } from '../../../../src/ec2/filters/pick'
import { asFault } from '../../../../src/faults'
import { ann, fakeOperations } from '../../../support/fake-operations'

interface Thing {
  readonly name: string
  readonly size: number
  readonly colours: readonly string[]
  readonly tags: Readonly<Record<string, string>>
}
const things: Thing[] = [
  { name: 'one', size: 1, colours: ['red'], tags: { Name: 'web-1', stage: 'live' } },
  { name: 'two', size: 2, colours: ['red', 'blue'], tags: { Name: 'web-2' } },
  { name: 'three', size: 3, colours: [], tags: {} },
]
const table: FilterTable<Thing> = {
  says: {
    name: (thing) => thing.name,
    size: (thing) => thing.size,
    colour: (thing) => thing.colours,
    none: () => undefined,
  },
  tags: (thing) => thing.tags,
  silent: ['vpc-id'],
}
const context: Ec2Context = { operations: fakeOperations(), caller: ann, region: 'local-1', endpoint: 'here' }
const names = (...filters: Filter[]): string[] => matching(things, filters, table, context).map((thing) => thing.name)
const kindOf = (...filters: Filter[]): string => {
  try {
    names(...filters)
  } catch (thrown) {
    return asFault(thrown).kind
  }
  return 'accepted'
}

test.each<[string, Filter[], string[]]>([
  ['no filter', [], ['one', 'two', 'three']],
  ['one value', [{ Name: 'name', Values: ['two'] }], ['two']],
  ['several values, any of them', [{ Name: 'name', Values: ['two', 'three'] }], ['two', 'three']],
  [
    'several filters, all of them',
    [
      { Name: 'name', Values: ['t*'] },
      { Name: 'size', Values: ['3'] },
    ],
    ['three'],
  ],
  ['numbers as text', [{ Name: 'size', Values: ['2'] }], ['two']],
  ['a thing that says several things', [{ Name: 'colour', Values: ['blue'] }], ['two']],
  ['a wildcard beside a plain value', [{ Name: 'name', Values: ['o?e', 'three'] }], ['one', 'three']],
  ['a tag by its value', [{ Name: 'tag:Name', Values: ['web-*'] }], ['one', 'two']],
  ['a tag that nobody has', [{ Name: 'tag:constructor', Values: ['*'] }], []],
  ['tag keys', [{ Name: 'tag-key', Values: ['stage'] }], ['one']],
  ['tag values', [{ Name: 'tag-value', Values: ['web-2'] }], ['two']],
  ['a filter that nothing answers', [{ Name: 'vpc-id', Values: ['*'] }], []],
  ['a thing with nothing to say', [{ Name: 'none', Values: ['*'] }], []],
  [
    'the same filter twice',
    [
      { Name: 'tag-key', Values: ['Name'] },
      { Name: 'tag-key', Values: ['stage'] },
    ],
    ['one'],
  ],
])('%s', (_what, filters, expected) => expect(names(...filters)).toEqual(expected))

test('refusals', () => {
  expect(kindOf({ Name: 'colour-of-the-sky', Values: ['x'] })).toBe('invalid')
  expect(kindOf({ Name: 'constructor', Values: ['x'] })).toBe('invalid')
  expect(kindOf({ Name: 'name' })).toBe('invalid')
  expect(kindOf({ Name: 'name', Values: [] })).toBe('invalid')
  expect(kindOf({ Values: ['x'] })).toBe('missing')
  expect(kindOf({ Name: '', Values: ['x'] })).toBe('missing')
  expect(kindOf({ Name: 'name', Values: ['x'.repeat(256)] })).toBe('invalid')
  expect(kindOf({ Name: 'name', Values: Array.from({ length: 201 }, () => 'x') })).toBe('too-large')
  expect(kindOf({ Name: 'name', Values: Array.from({ length: 200 }, () => 'x') })).toBe('accepted')
})

test('a kind of thing without tags has no tag filters', () => {
  const bare: FilterTable<Thing> = { says: table.says }
  expect(() => matching(things, [{ Name: 'tag:Name', Values: ['x'] }], bare, context)).toThrow(/tag:Name/)
})

describe('pick', () => {
  const naming = { nameOf: (thing: Thing) => thing.name, field: 'Name', says: (missing: string) => `no [${missing}]` }

  test('all when none is named, else those named, each once', () => {
    expect(pick(things, undefined, naming)).toEqual(things)
    expect(pick(things, [], naming)).toEqual(things)
    expect(pick(things, ['three', 'one', 'one'], naming).map((thing) => thing.name)).toEqual(['one', 'three'])
  })

  test('all that are missing are named', () => {
    expect(() => pick(things, ['one', 'four', 'five'], naming)).toThrow('no [four, five]')
    try {
      pick(things, ['four'], { ...naming, subject: 'type' })
    } catch (thrown) {
      expect(asFault(thrown)).toMatchObject({ kind: 'not-found', detail: { subject: { kind: 'type', id: 'four' } } })
    }
    expect.assertions(2)
  })
})
