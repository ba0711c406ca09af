/** What docs/ lists is what the code has: nothing is missing, nothing is made up. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from 'commander'
import { z } from 'zod'
import { ADMIN_STATUS } from '../../src/admin/faults'
import { describe as describeKey, program } from '../../src/cli/program'
import { EXIT } from '../../src/cli/tell-fault'
import { flagOf, KEYS, OTHER_VARIABLES, variableOf } from '../../src/config'
import { ACTIONS } from '../../src/ec2/actions/index'
import { ec2Code } from '../../src/ec2/faults'
import { QUERY_ACTIONS } from '../../src/ec2/query/actions'
import { type FaultKind, fault } from '../../src/faults'
import { statusOf } from '../../src/occi/faults'
import { DOCS, names, rows } from './tables'

test('faults.md: every fault, with what each front makes of it', () => {
  const kinds = Object.keys(ADMIN_STATUS) as FaultKind[]
  const wanted = kinds.map((kind) => {
    const it = fault(kind, '')
    const { status, code } = ec2Code(it)
    return [`\`${kind}\``, String(statusOf(it)), `${status} \`${code}\``, String(ADMIN_STATUS[kind])]
  })
  const written = rows('faults.md', 'fault').map(([kind, _meaning, ...codes]) => [kind, ...codes])
  expect(written.toSorted()).toEqual(wanted.toSorted())
  expect(rows('faults.md', 'fault').every(([, meaning = '']) => meaning.length > 5)).toBe(true)
})

test('configuration.md: every key, its flag, its variable, its description and default', () => {
  expect(rows('configuration.md', 'key in the file')).toEqual(
    KEYS.map((key) => [`\`${key}\``, `\`${flagOf(key)}\``, `\`${variableOf(key)}\``, describeKey(key)]),
  )
  expect(names('configuration.md', 'variable').toSorted()).toEqual([...OTHER_VARIABLES].toSorted())
})

const commands = (command: Command, words: readonly string[] = []): readonly (readonly [string, string])[] =>
  command.commands.flatMap((child) => {
    const path = [...words, child.name()]
    if (child.commands.length > 0) return commands(child, path)
    const args = child.registeredArguments.map((argument) => `<${argument.name()}>`)
    return [[[...path, ...args].join(' '), child.description()] as const]
  })

test('cli.md: every command with its arguments and what it does', () => {
  const wanted = commands(program({}, () => undefined)).map(([words, what]) => [`\`${words}\``, what])
  expect(rows('cli.md', 'command')).toEqual(wanted)
})

test('cli.md: the exit codes', () => {
  expect(names('cli.md', 'code')).toEqual(Object.values(EXIT).map(String))
})

test('ec2.md: every action', () => {
  expect(names('ec2.md', 'action').toSorted()).toEqual(ACTIONS.map(({ name }) => name).toSorted())
})

test('ec2.md: every action of STS and IAM', () => {
  const written = rows('ec2.md', 'service').map(([service = '', name = '']) => [service, name.replaceAll('`', '')])
  expect(written).toEqual(QUERY_ACTIONS.map(({ service, name }) => [service.toUpperCase(), name]))
})

const category = z.object({ term: z.string(), scheme: z.string() })
const schema = z.object({
  kinds: z.array(category).optional(),
  mixins: z.array(category).optional(),
  actions: z.array(category).optional(),
})
const schemas = readdirSync('occi-schemas')
  .filter((name) => name.endsWith('.json'))
  .map((name) => schema.parse(JSON.parse(readFileSync(join('occi-schemas', name), 'utf8'))))
const ids = (part: 'kinds' | 'mixins' | 'actions') =>
  schemas.flatMap((found) => (found[part] ?? []).map(({ scheme, term }) => `${scheme}${term}`)).toSorted()

test('occi.md: every kind, every mixin, every action of computes, networks and storages', () => {
  expect(names('occi.md', 'kind').toSorted()).toEqual(ids('kinds'))
  expect(names('occi.md', 'mixin').toSorted()).toEqual(ids('mixins'))
  expect(names('occi.md', 'action').toSorted()).toEqual(ids('actions').filter((id) => id.includes('/compute/')))
  expect(names('occi.md', 'network action').toSorted()).toEqual(ids('actions').filter((id) => id.includes('/network/')))
  expect(names('occi.md', 'storage action').toSorted()).toEqual(ids('actions').filter((id) => id.includes('/storage/')))
})

test('links between the pages lead somewhere', () => {
  const pages = ['README.md', 'CONTRIBUTING.md', ...readdirSync(DOCS).map((name) => join('docs', name))]
  const broken = pages.flatMap((page) =>
    [...readFileSync(page, 'utf8').matchAll(/\]\((?!http|#)([^)#]+)/g)]
      .map(([, target = '']) => join(page, '..', target))
      .filter((target) => !readable(target)),
  )
  expect(broken).toEqual([])
})

function readable(file: string): boolean {
  try {
    return readFileSync(file).length > 0
  } catch {
    return false
  }
}
