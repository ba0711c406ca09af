/** Every numbered demand of a real client or suite (§13.1 and on) has a test that bears its number, and the wishes behind them theirs. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const DEMANDS = 32
const text = readFileSync(join(__dirname, 'interop.test.ts'), 'utf8')
const named = [...text.matchAll(/^\s*test(?:\.each\([\s\S]*?\))?\(\s*['"]§13\.(\d+) /gm)].map(([, number]) =>
  Number(number),
)

test.each(Array.from({ length: DEMANDS }, (_, at) => at + 1))('§13.%i is named by a test', (number) => {
  expect(named).toContain(number)
})

test('no test names a demand that there is not', () => {
  expect(named.filter((number) => number < 1 || number > DEMANDS)).toEqual([])
})

test("the 1.1 module's wishes are named", () => {
  const wishes = text.slice(text.indexOf("the 1.1 module's extra wishes"))
  for (const wish of [
    'POST on / creates',
    'a title with escaped quotes',
    'an unknown attribute in a PUT',
    'GET / as text/occi',
  ])
    expect(wishes).toContain(`test('${wish}`)
})
