/** docs/placement.md lists what the code has, and its expressions can be read. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PLACEMENT_TAGS } from '../../src/ec2/launch/placement-tags'
import { GROUP_TAGS } from '../../src/ec2/placement/strategy'
import { ATTRIBUTES, FILTERS, POLICIES, sharesOf } from '../../src/model/placement'
import { isProblem, parseRank, parseRequirements } from '../../src/model/placement/expressions'
import { GROUP_KEEPS } from '../../src/model/records'
import { PLACEMENT_ATTRIBUTES } from '../../src/occi/requests/placement'
import { DOCS, names, rows } from './tables'

const text = readFileSync(join(DOCS, 'placement.md'), 'utf8')
const ticked = (cell: string) => `\`${cell}\``

test('every policy, attribute and rule', () => {
  expect(rows('placement.md', 'policy')).toEqual(
    Object.entries(POLICIES).map(([name, { rank, means }]) => [ticked(name), ticked(rank), means]),
  )
  const attributes = rows('placement.md', 'attribute')
  expect(attributes.filter(([name]) => name !== '`CURRENT_VMS`')).toEqual(
    Object.entries(ATTRIBUTES).map(([name, { means, changes = 'by the operator' }]) => [ticked(name), means, changes]),
  )
  expect(attributes).toHaveLength(Object.keys(ATTRIBUTES).length + 1)
  expect(rows('placement.md', 'rule')).toEqual(FILTERS.map(({ name, reason }) => [ticked(name), reason]))
})

test('every way to say it is named', () => {
  for (const tag of Object.values(PLACEMENT_TAGS)) expect(text).toContain(ticked(tag))
  for (const name of Object.values(PLACEMENT_ATTRIBUTES)) expect(text).toContain(`.${name.split('.').at(-1)}\``)
})

test('every way to keep a placement group, and every tag of one', () => {
  expect(rows('placement.md', 'how').map(([how]) => how)).toEqual([...GROUP_KEEPS])
  expect(names('placement.md', 'tag of a placement group')).toEqual(Object.values(GROUP_TAGS))
})

test('the expressions shown can be read', () => {
  const blocks = [...text.matchAll(/^```\n([^`]*)^```$/gm)].map(([, body = '']) => body.trim().split('\n'))
  const [requirements = [], ranks = []] = blocks
  expect(requirements.length).toBeGreaterThan(2)
  for (const line of requirements) expect(isProblem(parseRequirements(line))).toBe(false)
  expect(ranks.length).toBeGreaterThan(0)
  for (const line of ranks) expect(isProblem(parseRank(line))).toBe(false)
  expect(sharesOf('packing=2,load-aware=1')).toHaveLength(2)
})
