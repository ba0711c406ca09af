/** Words that go through real shells come out as they went in. */
import { spawnSync } from 'node:child_process'
import fc from 'fast-check'
import { quote } from '../../../../workers/drivers/remote/quote'

const shells = [['sh'], ['dash'], ['bash'], ['busybox', 'sh']].filter(
  ([name = '', ...args]) => spawnSync(name, [...args, '-c', 'exit 7']).status === 7,
)

/** Whatever a byte can be but zero; surrogates without a partner are no bytes. */
const word = fc.oneof(
  fc
    .string({ unit: 'grapheme', maxLength: 30 })
    .filter((text) => !text.includes('\0') && Buffer.from(text).toString() === text),
  fc.string({ unit: fc.constantFrom("'", '"', '\\', '$', '`', ' ', '\n', ';', '*', '-', '!', '~', '#', '\t', 'a') }),
)

test.each(shells.map((shell) => ({ shell })))('$shell takes the line apart into the same words', ({ shell }) => {
  const [name = 'sh', ...args] = shell
  fc.assert(
    fc.property(fc.array(word, { maxLength: 8 }), (words) => {
      const said = spawnSync(name, [...args, '-c', quote(['printf', '%s\\0', 'first', ...words])])
      expect(said.status).toBe(0)
      expect(said.stdout.toString('utf8').split('\0')).toEqual(['first', ...words, ''])
    }),
    { numRuns: 60 },
  )
})

test('sh at least was there to try it', () => {
  expect(shells).toContainEqual(['sh'])
})

test('the form is always the same: the forced command of the guard reads it without a shell', () => {
  expect(quote(['xl', 'it is', "o'clock", ''])).toBe(`'xl' 'it is' 'o'\\''clock' ''`)
})

test.each([
  { what: 'a zero byte', words: ['a\0b'] },
  { what: 'more than a shell takes', words: ['x'.repeat(130_000)] },
])('$what is refused', ({ words }) => {
  expect(() => quote(words)).toThrow(expect.objectContaining({ kind: 'refused' }))
})
