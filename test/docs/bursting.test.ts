/** What docs/bursting.md lists of the common template is what the code has. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { BURST_TAGS } from '../../src/ec2/launch/burst-tags'
import { SECTION_KEYS } from '../../src/model/providers/template'
import { BURST_ATTRIBUTES } from '../../src/occi/requests/burst'
import { MOST_USD } from '../live/ec2/cost'
import { VARIABLES } from '../live/ec2/settings'
import { DOCS, names, rows } from './tables'

const PAGE = 'bursting.md'
const text = readFileSync(join(DOCS, PAGE), 'utf8')

test('every key of every section, who allows it and what it says', () => {
  const keys = Object.entries(SECTION_KEYS).flatMap(([kind, section]) =>
    Object.entries(section).map(([key, { taken, means }]) => [`\`${kind}.${key}\``, taken, means]),
  )
  expect(rows(PAGE, 'key of a section')).toEqual(keys)
})

test('every tag and its attribute', () => {
  expect(names(PAGE, 'tag of a machine')).toEqual(Object.values(BURST_TAGS))
  for (const name of Object.values(BURST_ATTRIBUTES)) expect(text).toContain(`\`${name.split('.').at(-1)}`)
})

test('what the live round is told, and what it can cost', () => {
  expect(rows(PAGE, 'variable of live:ec2')).toEqual(
    Object.entries(VARIABLES).map(([name, { means }]) => [`\`${name}\``, means]),
  )
  expect(text).toContain(`(${MOST_USD.toFixed(2)} USD)`)
})
