#!/usr/bin/env node
/**
 * Writes src/ec2/table.json (the shapes of the EC2 actions that this gateway implements) and src/ec2/actions.json (the
 * names of all actions there are) from the model that @aws-sdk/client-ec2 carries. An action is implemented when
 * src/ec2/actions/ has a file with its name. With --check it writes nothing and fails if the files differ.
 *
 * The SDK exports each action as a static tuple: [9, namespace, name, traits, input, output]; a structure is
 * [3, ns, name, traits, memberNames, memberSchemas, requiredCount], the first requiredCount members being the required
 * ones; a list is [1, ns, name, traits, item]; a schema may be a thunk or [schema, traits]. Generated, because loading the SDK
 * costs 200 ms and 70 MB, this table 1 ms.
 */
'use strict'
const fs = require('node:fs')
const path = require('node:path')

const ROOT = path.resolve(__dirname, '..')
const SIMPLE = { 0: 'string', 1: 'number', 2: 'boolean', 4: 'timestamp', 21: 'blob', 64: 'strings', unit: 'unit' }
const [SIMPLE_TUPLE, LIST, STRUCTURE, OPERATION] = [0, 1, 3, 9]

/** A schema without its wrappings, and the traits gathered on the way; the outermost trait wins. */
function unwrap(reference) {
  let schema = reference
  let traits = {}
  for (;;) {
    if (typeof schema === 'function') schema = schema()
    else if (Array.isArray(schema) && schema.length === 2) {
      if (typeof schema[1] === 'object') traits = { ...schema[1], ...traits }
      schema = schema[0]
    } else if (Array.isArray(schema) && schema[0] === SIMPLE_TUPLE) schema = schema[4]
    else return { schema, traits }
  }
}

const upperFirst = (text) => text[0].toUpperCase() + text.slice(1)

/** Adds what a reference leads to to the shapes; returns the name of its shape or simple type. */
function collect(reference, shapes) {
  const { schema } = unwrap(reference)
  if (!Array.isArray(schema)) {
    if (SIMPLE[schema] === undefined)
      throw new Error(`the SDK's model has a simple type that is not known here: ${schema}`)
    return SIMPLE[schema]
  }
  const name = schema[2]
  if (shapes.has(name)) return name
  shapes.set(name, null)
  if (schema[0] === LIST) {
    const item = unwrap(schema[4])
    shapes.set(name, { item: item.traits.xmlName ?? 'item', of: collect(schema[4], shapes) })
  } else if (schema[0] === STRUCTURE) {
    const members = schema[4].map((member, index) => {
      const { traits } = unwrap(schema[5][index])
      const tag = traits.xmlName ?? member
      return [member, traits.ec2QueryName ?? upperFirst(tag), tag, collect(schema[5][index], shapes)]
    })
    shapes.set(name, { required: schema[6] ?? 0, members })
  } else throw new Error(`the SDK's model has a kind of shape that is not known here: ${schema[0]} ${name}`)
  return name
}

/** Both files' contents, for these actions. */
function generate(sdk, implemented) {
  const isAction = (name) => Array.isArray(sdk[`${name}$`]) && sdk[`${name}$`][0] === OPERATION
  const all = Object.keys(sdk)
    .filter((name) => name.endsWith('$'))
    .map((name) => name.slice(0, -1))
    .filter(isAction)
    .sort()
  const shapes = new Map()
  const actions = {}
  for (const name of [...implemented].sort()) {
    if (!isAction(name)) throw new Error(`src/ec2/actions has ${name}, which the SDK does not know`)
    const [, , , , input, output] = sdk[`${name}$`]
    actions[name] = [collect(input, shapes), collect(output, shapes)]
  }
  const lines = (entries) =>
    entries.map(([name, value]) => `    ${JSON.stringify(name)}: ${JSON.stringify(value)}`).join(',\n')
  const ordered = [...shapes].sort(([a], [b]) => (a < b ? -1 : 1))
  return {
    'table.json': `{\n  "actions": {\n${lines(Object.entries(actions))}\n  },\n  "shapes": {\n${lines(ordered)}\n  }\n}\n`,
    'actions.json': `${JSON.stringify(all, null, 1)}\n`,
  }
}

/** `run-instances.ts` is RunInstances. */
const implementedActions = (folder) =>
  fs
    .readdirSync(folder)
    .filter((file) => file.endsWith('.ts') && file !== 'index.ts')
    .map((file) => file.slice(0, -3).split('-').map(upperFirst).join(''))

function main(words) {
  const folder = path.join(ROOT, 'src', 'ec2')
  const files = generate(require('@aws-sdk/client-ec2'), implementedActions(path.join(folder, 'actions')))
  const differing = Object.entries(files).filter(([name, text]) => {
    const file = path.join(folder, name)
    return !fs.existsSync(file) || fs.readFileSync(file, 'utf8') !== text
  })
  if (words.includes('--check')) {
    for (const [name] of differing)
      console.error(`src/ec2/${name} is not what the installed SDK gives: run node scripts/generate-ec2-table.js`)
    return differing.length === 0 ? 0 : 1
  }
  for (const [name, text] of differing) fs.writeFileSync(path.join(folder, name), text)
  console.log(
    differing.length === 0 ? 'src/ec2 is up to date' : `written: ${differing.map(([name]) => name).join(', ')}`,
  )
  return 0
}

process.exitCode = main(process.argv.slice(2))
