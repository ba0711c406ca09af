import { asJson, fields, harmless, memory, table, time } from '../../../src/cli/output'

test('a table: headings, columns below each other, no trailing blanks', () => {
  expect(
    table(
      ['name', 'on', 'n'],
      [
        ['a', true, 1],
        ['longer', false, null],
      ],
      'none',
    ),
  ).toBe(['NAME    ON   N', 'a       yes  1', 'longer  no   -', ''].join('\n'))
})

test('a table without rows says so', () => {
  expect(table(['name'], [], 'no hosts')).toBe('no hosts\n')
})

test('fields below each other', () => {
  expect(fields({ name: 'x', 'last seen': undefined, empty: '' })).toBe('name       x\nlast seen  -\nempty      -\n')
})

test('control characters of whoever said it do not come to the terminal', () => {
  const said = 'a\u001b[2Jb\r\nc\u009bd\u0007é'
  const safe = 'a\ufffd[2Jb\ufffd\ufffdc\ufffdd\ufffdé'
  expect(table(['x'], [[said]], 'none')).toBe(`X\n${safe}\n`)
  expect(fields({ x: said })).toBe(`x  ${safe}\n`)
})

test('where lines are told, their ends stay; as JSON all of it can be read back', () => {
  const said = 'a\u001b[2J\r\nb\u009b\u007f'
  expect(harmless(said)).toBe('a\ufffd[2J\r\nb\ufffd\ufffd')
  expect(harmless('over\rwritten')).toBe('over\ufffdwritten')
  const json = asJson({ said })
  expect(json).toMatch(/^\{\n {2}"said": "[ -~]+"\n\}\n$/)
  expect(JSON.parse(json)).toEqual({ said })
})

test.each([
  [512, '512 MiB'],
  [1024, '1 GiB'],
  [1740, '1740 MiB'],
  [262_144, '256 GiB'],
])('%d MiB is %s', (mib, text) => {
  expect(memory(mib)).toBe(text)
})

test('time in UTC, to the second', () => {
  expect(time(1_700_000_000_123)).toBe('2023-11-14 22:13:20Z')
  expect(time(null)).toBe('-')
  expect(time(0)).toBe('-')
})
