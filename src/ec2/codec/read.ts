/** A tree of parameters to the typed input of an action, by walking the table. Readers are compiled once per shape. */
import { fault } from '../../faults'
import { isList, isSimple, type SimpleType, type Structure, shapeNamed } from './table'
import { type Node, shorten } from './tree'

type Reader = (node: Node, path: string) => unknown

const compiled = new Map<string, Reader>()

/** The reader of a simple type or shape. Faults of reading: 'invalid', 'missing', 'unknown-field', 'combination', each naming the wire path. */
export function readerOf(type: string): Reader {
  const known = compiled.get(type)
  if (known) return known
  // Shapes may contain themselves, so what is inside is compiled when first walked.
  let inner: Reader | undefined
  const reader: Reader = (node, path) => {
    inner ??= compile(type)
    return inner(node, path)
  }
  compiled.set(type, reader)
  return reader
}

function compile(type: string): Reader {
  if (isSimple(type)) return SIMPLE[type]
  const shape = shapeNamed(type)
  return isList(shape) ? listOf(readerOf(shape.of)) : structureOf(shape)
}

const wrong = (value: string, path: string, expected: string) =>
  fault('invalid', `Value (${shorten(value)}) for parameter ${path} is invalid. Expected: ${expected}`, { field: path })

const unknown = (path: string) =>
  fault('unknown-field', `The parameter ${shorten(path)} is not recognized`, { field: shorten(path) })

const below = (path: string, name: string): string => (path === '' ? name : `${path}.${name}`)

function scalar(read: (value: string, path: string) => unknown): Reader {
  return (node, path) => {
    const child = node.children?.keys().next().value
    if (child !== undefined) throw unknown(below(path, child))
    return read(node.value ?? '', path)
  }
}

const TIMESTAMP = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?)?$/

function readTimestamp(value: string, path: string): Date {
  const zoned = !value.includes('T') || /(?:Z|[+-]\d\d:?\d\d)$/.test(value) ? value : `${value}Z`
  const date = new Date(TIMESTAMP.test(value) ? zoned : Number.NaN)
  if (Number.isNaN(date.getTime())) throw wrong(value, path, 'a timestamp such as 2026-01-31T12:00:00Z')
  return date
}

function readBoolean(value: string, path: string): boolean {
  const lower = value.toLowerCase()
  if (lower === 'true' || lower === '1') return true
  if (lower === 'false' || lower === '0') return false
  throw wrong(value, path, 'true or false')
}

function readInteger(value: string, path: string): number {
  if (!/^[+-]?\d{1,15}$/.test(value)) throw wrong(value, path, 'an integer')
  return Number(value)
}

function readBase64(value: string, path: string): Buffer {
  const bare = value.replace(/\s/g, '')
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(bare) || bare.replace(/=+$/, '').length % 4 === 1)
    throw wrong(value, path, 'base64')
  return Buffer.from(bare, 'base64')
}

const readString = scalar((value) => value)
const SIMPLE: Record<SimpleType, Reader> = {
  string: readString,
  // The model does not tell integers from floats; no implemented action takes a float.
  number: scalar(readInteger),
  boolean: scalar(readBoolean),
  timestamp: scalar(readTimestamp),
  blob: scalar(readBase64),
  strings: listOf(readString),
  unit: structureOf({ required: 0, members: [] }),
}

/** `Key.N`, from 1 or (libcloud) from 0, in order of N, gaps allowed. An empty value is an empty list (boto 2). */
function listOf(item: Reader): Reader {
  return (node, path) => {
    if (node.value !== undefined && node.value !== '') throw wrong(node.value, path, `a list: ${path}.1, ${path}.2, …`)
    const entries: [number, string, Node][] = []
    for (const [index, child] of node.children ?? []) {
      if (!/^\d{1,6}$/.test(index)) throw wrong(index, path, 'a list index, a number')
      entries.push([Number(index), index, child])
    }
    return entries.sort(([a], [b]) => a - b).map(([, index, child]) => item(child, `${path}.${index}`))
  }
}

function structureOf(shape: Structure): Reader {
  const byKey = new Map(shape.members.map(([name, key, , type]) => [key, { name, read: readerOf(type) }]))
  const required = shape.members.slice(0, shape.required)
  return (node, path) => {
    if (node.value !== undefined && node.value !== '') throw wrong(node.value, path, 'a structure with named parts')
    const out: Record<string, unknown> = {}
    for (const [key, child] of node.children ?? []) {
      const member = byKey.get(key)
      if (!member) throw unknown(below(path, key))
      out[member.name] = member.read(child, below(path, key))
    }
    for (const [name, key] of required)
      if (out[name] === undefined)
        throw fault('missing', `The request must contain the parameter ${below(path, key)}`, {
          field: below(path, key),
        })
    return out
  }
}
