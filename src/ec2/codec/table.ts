/** The generated wire model: shapes of the actions that are implemented, and the names of all that EC2 has. */
import allActions from '../actions.json'
import generated from '../table.json'

export type SimpleType = 'string' | 'number' | 'boolean' | 'timestamp' | 'blob' | 'strings' | 'unit'

/** A member's name in the typed value, its key in requests, its tag in answers, and what it is (simple type or shape name). */
export type Member = readonly [name: string, key: string, tag: string, type: string]
export interface Structure {
  /** So many of the first members must be there. */
  readonly required: number
  readonly members: readonly Member[]
}
export interface List {
  readonly item: string
  readonly of: string
}

interface Table {
  readonly actions: Readonly<Record<string, readonly [input: string, output: string]>>
  readonly shapes: Readonly<Record<string, Structure | List>>
}
// Written by scripts/generate-ec2-table.js and compared with the SDK by a test; JSON imports lose the tuples.
const table = generated as unknown as Table

const KNOWN: ReadonlySet<string> = new Set(allActions)
const SIMPLE: ReadonlySet<string> = new Set(['string', 'number', 'boolean', 'timestamp', 'blob', 'strings', 'unit'])

/** Whether EC2 has an action of this name (case counts). */
export const isEc2Action = (name: string): boolean => KNOWN.has(name)

/** Names of an action's input and output shape; undefined for actions that are not implemented. */
export const shapesOf = (action: string): readonly [input: string, output: string] | undefined =>
  Object.hasOwn(table.actions, action) ? table.actions[action] : undefined

export const isSimple = (type: string): type is SimpleType => SIMPLE.has(type)

/** A shape by name. A name that is not in the table is a bug of the generator, not of a caller. */
export function shapeNamed(name: string): Structure | List {
  const shape = Object.hasOwn(table.shapes, name) ? table.shapes[name] : undefined
  if (!shape) throw new Error(`the EC2 table has no shape ${name}`)
  return shape
}

export const isList = (shape: Structure | List): shape is List => 'item' in shape

/** The key by which requests name a member of an action's input. */
export function memberKey(action: string, name: string): string {
  const input = shapesOf(action)?.[0]
  const shape = input === undefined || isSimple(input) ? undefined : shapeNamed(input)
  if (!shape || isList(shape)) return name
  return shape.members.find(([member]) => member === name)?.[1] ?? name
}
