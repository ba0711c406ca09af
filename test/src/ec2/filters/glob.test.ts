import fc from 'fast-check'
import { globMatcher } from '../../../../src/ec2/filters/glob'
import { cpuMs } from '../../../support/cpu-ms'

test.each([
  ['*', '', true],
  ['', '', true],
  ['', 'a', false],
  ['?', '', false],
  ['?', 'é', true],
  ['?', '😀', true],
  ['web*', 'web-1', true],
  ['*web', 'my-web', true],
  ['*web', 'web-1', false],
  ['w?b', 'web', true],
  ['w?b', 'wb', false],
  ['a*b*c', 'a1b2b3c', true],
  ['a*b*c', 'a1c2b', false],
  ['\\*', '*', true],
  ['\\*', 'a', false],
  ['\\?x\\\\', '?x\\', true],
  ['a\\', 'a\\', true],
  ['WEB', 'web', false],
])('%j against %j: %s', (pattern, text, expected) => expect(globMatcher(pattern)(text)).toBe(expected))

/** The same language as a regular expression: slow on hostile patterns, but plain to see. */
function asRegExp(pattern: string): RegExp {
  const source = [...pattern]
    .map((character) =>
      character === '*' ? '.*' : character === '?' ? '.' : character.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'),
    )
    .join('')
  return new RegExp(`^${source}$`, 'su')
}

test('it means the same as a regular expression', () => {
  const letters = fc.array(fc.constantFrom('a', 'b', '*', '?', '.'), { maxLength: 8 }).map((all) => all.join(''))
  const words = fc.array(fc.constantFrom('a', 'b', '.', 'c'), { maxLength: 10 }).map((all) => all.join(''))
  fc.assert(
    fc.property(letters, words, (pattern, text) => globMatcher(pattern)(text) === asRegExp(pattern).test(text)),
    {
      numRuns: 2000,
    },
  )
})

test('a pattern made to be slow is not', async () => {
  const pattern = `${'*a'.repeat(120)}b`
  const taken = await cpuMs(() => {
    for (let count = 0; count < 100; count++) expect(globMatcher(pattern)('a'.repeat(255))).toBe(false)
  })
  expect(taken).toBeLessThan(2000)
})
