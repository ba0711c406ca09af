import { csv } from '../../../src/cli/csv'

test('rows end as RFC 4180 says, what needs quotes has them, nothing is an empty cell', () => {
  expect(
    csv(
      ['a', 'b'],
      [
        ['x,y', null],
        ['say "hi"', 1.5],
        ['two\nlines', 0],
      ],
    ),
  ).toBe('a,b\r\n"x,y",\r\n"say ""hi""",1.5\r\n"two\nlines",0\r\n')
})

test('a text that a spreadsheet would take for a formula stays a text, a number stays a number', () => {
  expect(csv(['n'], [['=1+1'], ['@x'], ['-x'], ['-0.50'], ['+3']])).toBe("n\r\n'=1+1\r\n'@x\r\n'-x\r\n-0.50\r\n+3\r\n")
})
