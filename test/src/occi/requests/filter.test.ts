import { asFault } from '../../../../src/faults'
import { computeEntity } from '../../../../src/occi/entities/compute'
import { openModel } from '../../../../src/occi/model'
import { filterOf, isEmpty, keeps } from '../../../../src/occi/requests/filter'
import { pageOf } from '../../../../src/occi/requests/page'
import { computeRecord } from '../../../support/compute-record'
import { fakeOperations } from '../../../support/fake-operations'

const entity = computeEntity(
  { operations: fakeOperations(), model: openModel() },
  computeRecord({ wish: { title: 'web one' } }),
  '1.2',
)
const kept = (headers: readonly string[], query = '') => keeps(filterOf(headers, new URLSearchParams(query)), entity)
const COMPUTE = 'compute;scheme="http://schemas.ogf.org/occi/infrastructure#"'

test.each<[string, readonly string[], string, boolean]>([
  ['no filter', [], '', true],
  ['its kind', ['Category', COMPUTE], '', true],
  [
    'its kind and a mixin',
    ['Category', `${COMPUTE}, t2_nano;scheme="http://occi-gateway.org/occi/infrastructure/resource_tpl#"`],
    '',
    true,
  ],
  ['its kind and a mixin that it has not', ['Category', `${COMPUTE}, x;scheme="http://e#"`], '', false],
  ['a category that nobody knows', ['Category', 'x;scheme="http://e#"'], '', false],
  ['an attribute', ['X-OCCI-Attribute', 'occi.core.title="web one"'], '', true],
  ['another value', ['X-OCCI-Attribute', 'occi.core.title="web two"'], '', false],
  ['a number', ['X-OCCI-Attribute', 'occi.compute.memory=0.5'], '', true],
  ['a number as text', ['X-OCCI-Attribute', 'occi.compute.memory="0.50"'], '', true],
  ['two attributes, one wrong', ['X-OCCI-Attribute', 'occi.compute.cores=1, occi.compute.memory=9'], '', false],
  ['an attribute that it has not', ['X-OCCI-Attribute', 'occi.compute.hostname="x"'], '', false],
  ['a category in the query', [], 'category=http%3A%2F%2Fschemas.ogf.org%2Focci%2Finfrastructure%23compute', true],
  ['another category in the query', [], 'category=x', false],
  ['an attribute in the query', [], 'attribute=occi.core.title&value=web+one', true],
  ['another value in the query', [], 'attribute=occi.core.title&value=web', false],
  [
    'two attributes in the query',
    [],
    'attribute=occi.compute.cores&value=1&attribute=occi.core.title&value=web+one',
    true,
  ],
  [
    'two attributes in the query, the second wrong',
    [],
    'attribute=occi.compute.cores&value=1&attribute=occi.core.title&value=web',
    false,
  ],
  [
    'attributes before their values',
    [],
    'attribute=occi.compute.cores&attribute=occi.core.title&value=1&value=x',
    false,
  ],
])('%s', (_name, headers, query, expected) => {
  expect(kept(headers, query)).toBe(expected)
})

test('a filter that cannot be read is refused', () => {
  expect(() => kept(['Category', 'nonsense'])).toThrow('scheme')
})

test.each([
  ['attribute=occi.core.title', 'value'],
  ['value=web', 'attribute'],
  ['attribute=occi.core.title&value=web&attribute=occi.compute.cores', 'value'],
])('%s is refused: there is not one value for each attribute', (query, field) => {
  try {
    kept([], query)
    throw new Error('it was taken')
  } catch (thrown) {
    expect(asFault(thrown)).toMatchObject({ kind: 'invalid', detail: { field } })
  }
})

test('no condition is an empty filter', () => {
  expect(isEmpty(filterOf([], new URLSearchParams()))).toBe(true)
  expect(isEmpty(filterOf(['Category', COMPUTE], new URLSearchParams()))).toBe(false)
})

describe('pages', () => {
  const all = Array.from({ length: 25 }, (_, n) => n)
  const page = (query: string) => pageOf(all, new URLSearchParams(query))

  test.each<[string, number, number | undefined]>([
    ['', 25, 0],
    ['page=1&number=10', 10, 0],
    ['page=0&number=10', 10, 0],
    ['page=3&number=10', 5, 20],
    ['page=4&number=10', 0, undefined],
    ['number=7', 7, 0],
    ['page=2', 0, undefined],
  ])('%s', (query, length, first) => {
    expect([page(query).length, page(query)[0]]).toEqual([length, first])
  })

  test.each([
    ['page=x', 'invalid'],
    ['page=-1', 'invalid'],
    ['number=0', 'invalid'],
    ['number=1.5', 'invalid'],
    ['number=1001', 'too-large'],
  ])('%s is %s', (query, kind) => {
    try {
      page(query)
      throw new Error('it was taken')
    } catch (thrown) {
      expect(asFault(thrown).kind).toBe(kind)
    }
  })
})
