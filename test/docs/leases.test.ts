/** docs/leases.md lists every term, with the tag and the attribute that say it. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { LEASE_TAGS } from '../../src/ec2/launch/lease-tags'
import { BOOT_SECONDS, SHUTDOWN_SECONDS } from '../../src/model/lease'
import { LEASE_ATTRIBUTES } from '../../src/occi/requests/lease'
import { DOCS, rows } from './tables'

const text = readFileSync(join(DOCS, 'leases.md'), 'utf8')

test('every term', () => {
  const tags: Readonly<Record<string, string>> = LEASE_TAGS
  const wanted = Object.entries(LEASE_ATTRIBUTES).map(([term, attribute]) => [
    term,
    tags[term] === undefined ? 'MaxCount, as large as MinCount' : `\`${tags[term]}\``,
    `\`${attribute}\``,
  ])
  expect(rows('leases.md', 'term').map((row) => row.slice(0, 3))).toEqual(wanted)
})

test('the times that are kept for booting and for shutting down', () => {
  expect(text).toContain(`${BOOT_SECONDS} s before its start`)
  expect(text).toContain(`${SHUTDOWN_SECONDS} s more are kept for its shutdown`)
})
