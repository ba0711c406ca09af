/** docs/occi.md against occi-schemas/: the part that is made is what the schemas say now. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { BEGIN, END, modelPart } from './occi-model'
import { DOCS } from './tables'

const FILE = join(DOCS, 'occi.md')
const split = (page: string) => {
  const [from, to] = [page.indexOf(BEGIN), page.indexOf(END)]
  if (from < 0 || to < from) throw new Error(`docs/occi.md has no part between ${BEGIN} and ${END}`)
  return { before: page.slice(0, from), part: page.slice(from, to + END.length), after: page.slice(to + END.length) }
}

test('every kind, mixin and action that is announced, with its attributes', () => {
  const { before, after } = split(readFileSync(FILE, 'utf8'))
  if (process.env.UPDATE_GOLDEN === '1') writeFileSync(FILE, before + modelPart() + after)
  expect(split(readFileSync(FILE, 'utf8')).part).toBe(modelPart())
})

test('what is made says what a client needs: type, who sets it, what it is', () => {
  const rows = modelPart()
    .split('\n')
    .filter((line) => line.startsWith('| `'))
  expect(rows.length).toBeGreaterThan(60)
  for (const row of rows) expect(row).toMatch(/^\| `[a-z0-9._-]+` \| (?:string|number|boolean|array) \| .* \| \S.* \|$/)
})
