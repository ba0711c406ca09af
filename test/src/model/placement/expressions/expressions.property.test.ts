/** Whatever the tree: what is printed is read back as it was; no text makes a parser do anything but answer; patterns match as glob(7) says. */
import fc from 'fast-check'
import {
  bindRequirements,
  isProblem,
  MODES,
  parseRank,
  parseRequirements,
  type Value,
} from '../../../../../src/model/placement/expressions'
import { glob } from '../../../../../src/model/placement/expressions/glob'
import type { Requirement } from '../../../../../src/model/placement/expressions/requirements'

const name = fc.constantFrom('A', 'B', 'RACK', 'FREE_CPU')
const literal = fc.oneof(fc.integer({ min: -99, max: 99 }), fc.constantFrom('x', 'r*', 'a b'))
const compared: fc.Arbitrary<Requirement> = fc.oneof(
  fc.record({
    is: fc.constant('compared' as const),
    name,
    by: fc.constantFrom('=' as const, '!=' as const),
    to: literal,
  }),
  fc.record({
    is: fc.constant('compared' as const),
    name,
    by: fc.constantFrom('>' as const, '<' as const),
    to: fc.integer({ min: -99, max: 99 }),
  }),
)
const { tree } = fc.letrec<{ tree: Requirement }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 5 },
    compared,
    fc.record({ is: fc.constant('not' as const), of: tie('tree') }),
    fc.record({ is: fc.constantFrom('and' as const, 'or' as const), left: tie('tree'), right: tie('tree') }),
  ),
}))

/** With every parenthesis, so that both modes read the same. */
function print(it: Requirement): string {
  switch (it.is) {
    case 'compared':
      return `${it.name} ${it.by} ${typeof it.to === 'number' ? it.to : `"${it.to}"`}`
    case 'not':
      return `!(${print(it.of)})`
    case 'and':
    case 'or':
      return `(${print(it.left)}) ${it.is === 'and' ? '&' : '|'} (${print(it.right)})`
    default:
      return ''
  }
}

/** The meaning written down once more, naively. */
function means(it: Requirement, host: Readonly<Record<string, Value>>): boolean {
  switch (it.is) {
    case 'and':
      return means(it.left, host) && means(it.right, host)
    case 'or':
      return means(it.left, host) || means(it.right, host)
    case 'not':
      return !means(it.of, host)
    case 'compared': {
      const value = host[it.name]
      if (value === undefined) return false
      const isEqual =
        typeof it.to === 'number'
          ? Number.parseFloat(`${value}`) === it.to || (it.to === 0 && Number.isNaN(Number.parseFloat(`${value}`)))
          : it.to === 'r*'
            ? `${value}`.startsWith('r')
            : `${value}` === it.to
      const number = Number.parseFloat(`${value}`) || 0
      return it.by === '='
        ? isEqual
        : it.by === '!='
          ? !isEqual
          : it.by === '>'
            ? number > Number(it.to)
            : number < Number(it.to)
    }
    default:
      return true
  }
}

test('printed, read and evaluated: the same tree and the same answer in both modes', () => {
  const host = fc.dictionary(
    name,
    fc.oneof(fc.integer({ min: -99, max: 99 }), fc.constantFrom('x', 'rack', 'a b', '7')),
  )
  fc.assert(
    fc.property(tree, host, (given, attributes) => {
      for (const mode of MODES) {
        const parsed = parseRequirements(print(given), mode)
        if (isProblem(parsed)) throw new Error(parsed.message)
        expect(parsed.tree).toEqual(given)
        const names = ['A', 'B', 'RACK', 'FREE_CPU']
        const admits = bindRequirements(parsed, (one) => names.indexOf(one))
        expect(admits(names.map((one) => attributes[one]))).toBe(means(given, attributes))
      }
    }),
  )
})

test('any text at all is a tree or a problem inside of it', () => {
  const word = fc.constantFrom(
    'A',
    '=',
    '&',
    '|',
    '!',
    '(',
    ')',
    '"x"',
    '-5',
    '1.5',
    '@>',
    'IN',
    'DEFINED',
    ',',
    '+',
    '*',
    '/',
    '-',
    '\n',
  )
  const text = fc.oneof(
    fc.string(),
    fc.array(word, { maxLength: 30 }).map((words) => words.join(' ')),
  )
  fc.assert(
    fc.property(text, (given) => {
      for (const parsed of [...MODES.map((mode) => parseRequirements(given, mode)), parseRank(given)]) {
        if (!isProblem(parsed)) continue
        expect(parsed.message).not.toBe('')
        expect(parsed.line).toBeLessThanOrEqual(given.split('\n').length)
        expect(parsed.column).toBeLessThanOrEqual((given.split('\n')[parsed.line - 1]?.length ?? 0) + 1)
      }
    }),
  )
})

/** What is written otherwise there. */
const REGULAR: Readonly<Record<string, string>> = { '*': '.*', '?': '.', '.': '\\.', '[!a]': '[^a]' }

test('patterns match what the same regular expression matches', () => {
  const piece = fc.constantFrom('a', 'b', '*', '?', '[ab]', '[!a]', '[a-c]', '.')
  const patterns = fc.array(piece, { maxLength: 8 })
  fc.assert(
    fc.property(patterns, fc.array(fc.constantFrom('a', 'b', 'c', 'd', '.', '/')), (pieces, characters) => {
      const regular = pieces.map((one) => REGULAR[one] ?? one).join('')
      const text = characters.join('')
      expect(glob(pieces.join(''))(text)).toBe(new RegExp(`^${regular}$`, 's').test(text))
    }),
  )
})
