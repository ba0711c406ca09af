import { isForm, parsePairs, queryOf } from '../../../../src/ec2/codec'
import { asFault } from '../../../../src/faults'

test.each([
  ['', []],
  [
    'a=1&b=2',
    [
      ['a', '1'],
      ['b', '2'],
    ],
  ],
  ['a', [['a', '']]],
  [
    'a=&&b==c',
    [
      ['a', ''],
      ['b', '=c'],
    ],
  ],
  ['a%3D=%26+x', [['a=', '& x']]],
  ['k=%E2%82%AC', [['k', '€']]],
])('form %j', (text, pairs) => expect(parsePairs(text)).toEqual(pairs))

test('a plus is a space, a plus is %2B', () => {
  expect(parsePairs('a=1+2%2B3')).toEqual([['a', '1 2+3']])
})

test.each(['a=%', 'a=%zz', 'a=%ff', '%e2%82=x'])('bad encoding %s is refused', (text) => {
  const attempt = () => parsePairs(text)
  expect(attempt).toThrow(/syntax error/)
  try {
    attempt()
  } catch (thrown) {
    expect(asFault(thrown).kind).toBe('malformed')
  }
})

test('queries and content types', () => {
  expect(queryOf('/a?b=c?d')).toBe('b=c?d')
  expect(queryOf('/a')).toBe('')
  for (const type of ['application/x-www-form-urlencoded', 'Application/X-WWW-Form-Urlencoded; charset=utf-8'])
    expect(isForm(type)).toBe(true)
  for (const type of [undefined, 'text/plain', 'application/x-www-form-urlencodedx']) expect(isForm(type)).toBe(false)
})

test('as many parameters as an action may have, and what is more is not even decoded', () => {
  const named = (count: number) => Array.from({ length: count }, (_, at) => `p${at}=+`).join('&')
  expect(parsePairs(named(4000))).toHaveLength(4000)
  expect(() => parsePairs(`%&${named(4000)}`)).toThrow('more than the 4000 parameters')
})
