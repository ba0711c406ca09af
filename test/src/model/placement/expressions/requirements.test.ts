/** The rules of the grammar, each by itself; and what is wrong is told with its place. */
import { isProblem, type Mode, parseRequirements } from '../../../../../src/model/placement/expressions'
import { type ExampleHost, matching } from '../../../../support/placement-hosts'

const one = (attributes: ExampleHost['attributes']): readonly ExampleHost[] => [{ id: 0, name: 'h', attributes }]
const holds = (text: string, attributes: ExampleHost['attributes'], mode: Mode = 'native') =>
  matching(text, mode, one(attributes)).length === 1

test.each<[string, ExampleHost['attributes'], boolean]>([
  ['X = 5', { X: 5 }, true],
  ['X = 5', { X: '5.0' }, true],
  ['X = "5"', { X: '5.0' }, false],
  ['X = "5"', { X: 5 }, true],
  ['X = 0', { X: 'none' }, true],
  ['X = 12', { X: '12 cores' }, true],
  ['X = "a*c"', { X: 'a/b/c' }, true],
  ['X = "A"', { X: 'a' }, false],
  ['X = "r[1-3]"', { X: 'r2' }, true],
  ['X != "r[!1-3]"', { X: 'r2' }, true],
  ['X = ""', { X: '' }, false],
  ['X != ""', { X: 'a' }, false],
  ['X != 5', {}, false],
  ['!(X = 5)', {}, true],
  ['X = "a"', { X: ['a', 'b'] }, true],
  ['X = "b"', { X: ['a', 'b'] }, false],
  ['X @> "b"', { X: ['a', 'b'] }, true],
  ['X @> 7', { X: '5, 7' }, true],
  ['X @> "c"', { X: 'a,b' }, false],
  ['X @> "a"', {}, false],
  ['X > -1.5', { X: -1 }, true],
  ['"/HOST/TEMPLATE/RACK" = "r1"', { RACK: 'r1' }, true],
  ['"rack" = "r1"', { RACK: 'r1' }, true],
  ['hostname = "a"', { NAME: 'a' }, true],
  ['TOTALMEMORY > 1', { TOTAL_MEM: 2 }, true],
])('%s of %p is %p, in both modes', (text, attributes, expected) => {
  expect(holds(text, attributes)).toBe(expected)
  expect(holds(text, attributes, 'opennebula')).toBe(expected)
})

test.each<[string, ExampleHost['attributes'], boolean]>([
  ['X == 5 && Y <= 2 || Z = 1', { X: 5, Y: 2 }, true],
  ['not X = 5 and Y = 1', { X: 4, Y: 1 }, true],
  ['X IN ("a", "b")', { X: 'b' }, true],
  ['X IN ("a", "b")', {}, false],
  ['X in (1, 2)', { X: 3 }, false],
  ['DEFINED(X)', { X: 0 }, true],
  ['!defined("X")', {}, true],
  ['net.speed >= 10', { 'NET.SPEED': 10 }, true],
  ['!X = 1 & Y = 1', { X: 2, Y: 1 }, true],
  ['A = 1 | B = 1 & C = 1', { A: 1 }, true],
])('%s of %p is %p, in native mode', (text, attributes, expected) => {
  expect(holds(text, attributes)).toBe(expected)
})

test('OpenNebula joins from the left, and ! takes what comes next', () => {
  expect(holds('A = 1 | B = 1 & C = 1', { A: 1 }, 'opennebula')).toBe(false)
  expect(holds('!A = 1 & B = 1', { A: 2, B: 1 }, 'opennebula')).toBe(true)
  expect(holds('A = 1 | (B = 1 & C = 1)', { A: 1 }, 'opennebula')).toBe(true)
})

test('machines on the host: contained or not, and nothing else', () => {
  const host = { CURRENT_VMS: ['i-1', 'i-2'] }
  expect(holds('CURRENT_VMS = "i-1"', host)).toBe(true)
  expect(holds('CURRENT_VMS != "i-1"', host)).toBe(false)
  expect(holds('CURRENT_VMS != "i-3" & CURRENT_VMS != "i-4"', host)).toBe(true)
  expect(holds('CURRENT_VMS != "i-3"', {})).toBe(true)
  expect(parseRequirements('CURRENT_VMS > 1')).toMatchObject({ column: 13 })
})

test.each<[string, Mode, number, number, string]>([
  ['NAME', 'native', 1, 5, 'expected a comparison (= != > < >= <= @> IN), found the end'],
  ['NAME > "a"', 'native', 1, 8, '> compares numbers only, found "a"'],
  ['NAME > "a"', 'opennebula', 1, 8, '> compares numbers only, found "a"'],
  ['NAME = host.1', 'opennebula', 1, 12, '"." has no meaning here'],
  ['NAME = host.a', 'native', 1, 8, 'a text with a dot has to be in quotes: "host.a"'],
  ['A = 1 B = 2', 'native', 1, 7, 'expected & or |, found B'],
  ['A = 1 &', 'native', 1, 8, 'expected the name of an attribute, found the end'],
  ['(A = 1', 'native', 1, 7, 'expected & or | or ), found the end'],
  ['A = 1)', 'native', 1, 6, 'expected & or |, found )'],
  ['A = 1 &\n  B = "x', 'native', 2, 7, 'this " has no end'],
  ['A = $x', 'native', 1, 5, '"$" has no meaning here'],
  ['A IN ()', 'native', 1, 7, 'expected a number or a text, found )'],
  ['A IN ("x" "y")', 'native', 1, 11, 'expected , or ), found "y"'],
  ['DEFINED(1)', 'native', 1, 9, 'expected the name of an attribute, found 1'],
  ['A && B = 1', 'opennebula', 1, 3, 'expected a comparison (= != > < @>), found &'],
])('%s (%s): line %i, column %i', (text, mode, line, column, message) => {
  expect(parseRequirements(text, mode)).toEqual({ line, column, message })
})

test('a mix of & and | without parentheses is warned of; with parentheses it is not', () => {
  const warnings = (text: string, mode: Mode) => {
    const parsed = parseRequirements(text, mode)
    return isProblem(parsed) ? parsed : parsed.warnings.length
  }
  for (const mode of ['native', 'opennebula'] as const) {
    expect(warnings('A = 1 | B = 1 & C = 1', mode)).toBe(1)
    expect(warnings('A = 1 & B = 1 | C = 1', mode)).toBe(1)
    expect(warnings('(A = 1 | B = 1) & C = 1', mode)).toBe(0)
    expect(warnings('A = 1 | B = 1 | C = 1', mode)).toBe(0)
    expect(warnings('C = 1 & (A = 1 | B = 1 & D = 1)', mode)).toBe(1)
  }
})

test('neither length nor nesting makes it run out of anything', () => {
  expect(parseRequirements(`${'('.repeat(101)}A = 1${')'.repeat(101)}`)).toMatchObject({
    message: 'at most 100 parentheses in each other',
  })
  expect(isProblem(parseRequirements(`${'('.repeat(100)}A = 1${')'.repeat(100)}`))).toBe(false)
  expect(parseRequirements(`A = "${'x'.repeat(5000)}"`)).toMatchObject({ message: expect.stringContaining('4096') })
  expect(holds(`${'!'.repeat(2000)}A = 1`, { A: 1 })).toBe(true)
  expect(holds(`A = "${'*a'.repeat(200)}b"`, { A: 'a'.repeat(3000) })).toBe(false)
})
