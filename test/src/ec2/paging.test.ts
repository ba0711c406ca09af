import type { Ec2Context } from '../../../src/ec2/action'
import { ec2Code } from '../../../src/ec2/faults'
import { type Asked, page, refusePagingOfNamed } from '../../../src/ec2/paging'
import { asFault } from '../../../src/faults'
import { ann, bob, fakeOperations } from '../../support/fake-operations'

interface Thing {
  readonly id: string
  readonly at: number
}
const context: Ec2Context = { operations: fakeOperations(), caller: ann, region: 'r', endpoint: 'e' }
const rule = {
  action: 'DescribeThings',
  min: 2,
  max: 10,
  idOf: (thing: Thing) => thing.id,
  madeAt: (thing: Thing) => thing.at,
}
const things = (count: number): Thing[] =>
  Array.from({ length: count }, (_, index) => ({ id: `thing ${index}`, at: 1000 + Math.floor(index / 3) }))
const any = () => true
const pageOf = (all: readonly Thing[], asked: Asked, matches: (thing: Thing) => boolean = any, where = context) => {
  const { things: found, next } = page(all, matches, asked, rule, where)
  return { ids: found.map((thing) => thing.id), next }
}
const codeOf = (asked: Asked, where = context): string => {
  try {
    pageOf(things(9), asked, any, where)
  } catch (thrown) {
    return ec2Code(asFault(thrown)).code
  }
  return 'accepted'
}

test('without MaxResults everything, and no token', () => {
  expect(pageOf(things(30), {})).toEqual({ ids: things(30).map((thing) => thing.id), next: undefined })
})

test('pages are disjoint and complete, and the last has no token', () => {
  const seen: string[] = []
  let token: string | undefined
  let pages = 0
  do {
    const { ids, next } = pageOf(things(9), { MaxResults: 3, NextToken: token })
    seen.push(...ids)
    token = next
    pages += 1
  } while (token !== undefined)
  expect(pages).toBe(3)
  expect(seen).toEqual(things(9).map((thing) => thing.id))
})

test('a page that is just full has no successor when nothing more matches', () => {
  const even = (thing: Thing) => Number(thing.id.slice(6)) % 2 === 0
  expect(pageOf(things(4), { MaxResults: 2 }, even)).toEqual({ ids: ['thing 0', 'thing 2'], next: undefined })
})

test('nothing is skipped or repeated when the last one stops matching, or others come and go', () => {
  const all = things(9)
  const { next } = pageOf(all, { MaxResults: 3 })
  const notTheLast = (thing: Thing) => thing.id !== 'thing 2'
  expect(pageOf(all, { MaxResults: 3, NextToken: next }, notTheLast).ids).toEqual(['thing 3', 'thing 4', 'thing 5'])
  const changed = [...all.slice(1), { id: 'thing 9', at: 2000 }]
  expect(pageOf(changed, { NextToken: next }).ids).toEqual(changed.slice(2).map((thing) => thing.id))
})

test('when the last one itself is gone, the listing goes on from its time', () => {
  const all = things(9)
  const { next } = pageOf(all, { MaxResults: 4 })
  const without = all.filter((thing) => thing.id !== 'thing 3')
  expect(pageOf(without, { NextToken: next }).ids).toEqual(['thing 4', 'thing 5', 'thing 6', 'thing 7', 'thing 8'])
  expect(pageOf(all.slice(0, 3), { NextToken: next }).ids).toEqual([])
})

test('bounds, and tokens that are not ours, not for this caller or not for this action', () => {
  expect(codeOf({ MaxResults: 1 })).toBe('InvalidParameterValue')
  expect(codeOf({ MaxResults: 11 })).toBe('InvalidParameterValue')
  expect(codeOf({ MaxResults: 10 })).toBe('accepted')
  expect(codeOf({ NextToken: '' })).toBe('accepted')
  expect(codeOf({ NextToken: 'nonsense' })).toBe('InvalidNextToken')
  expect(codeOf({ NextToken: Buffer.from('x'.repeat(12).concat(' 1 y')).toString('base64url') })).toBe(
    'InvalidNextToken',
  )
  const { next } = pageOf(things(9), { MaxResults: 2 })
  expect(codeOf({ NextToken: next })).toBe('accepted')
  expect(codeOf({ NextToken: next }, { ...context, caller: bob })).toBe('InvalidNextToken')
  expect(() => page(things(9), any, { NextToken: next }, { ...rule, action: 'DescribeOthers' }, context)).toThrow(
    /NextToken/,
  )
})

test('ids that the caller named are not paged', () => {
  expect(() => refusePagingOfNamed(['i-1'], 5, 'InstanceId')).toThrow(/InstanceId cannot be used/)
  expect(() => refusePagingOfNamed(['i-1'], undefined, 'InstanceId')).not.toThrow()
  expect(() => refusePagingOfNamed(undefined, 5, 'InstanceId')).not.toThrow()
  expect(() => refusePagingOfNamed([], 5, 'InstanceId')).not.toThrow()
})
