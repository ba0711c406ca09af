/**
 * The typed output of an action to XML, by walking the table, members in the model's order (some old clients match elements in
 * order). Writers are compiled once per dialect and shape; the text of kept values is written once.
 */
import { isKept } from './kept'
import { isList, isSimple, type List, type SimpleType, type Structure, shapeNamed } from './table'
import { element, escapeXml } from './xml'

/**
 * How security groups are named: before 2011 `groupId` held the group's name, nothing else was said of it, and it was said of the
 * whole order of machines only, where in a VPC each machine says it for itself.
 */
export type Dialect = 'group-ids' | 'group-names'

/** The dialect that a `Version=` date asks for. */
export const dialectOf = (version: string): Dialect => (version < '2011-01-01' ? 'group-names' : 'group-ids')

type Writer = (value: unknown) => string

const compiled: Record<Dialect, Map<string, Writer>> = { 'group-ids': new Map(), 'group-names': new Map() }

/** The writer of a simple type or shape: the XML inside its element. */
export function writerOf(type: string, dialect: Dialect): Writer {
  const known = compiled[dialect].get(type)
  if (known) return known
  let inner: Writer | undefined
  const writer: Writer = (value) => {
    inner ??= compile(type, dialect)
    return inner(value)
  }
  compiled[dialect].set(type, writer)
  return writer
}

function compile(type: string, dialect: Dialect): Writer {
  if (isSimple(type)) return SIMPLE[type]
  const shape = shapeNamed(type)
  if (isList(shape)) return listOf(shape, dialect)
  if (type === 'GroupIdentifier' && dialect === 'group-names') return writeGroupName
  if (type === 'Reservation' && dialect === 'group-names') return withGroups(structureOf(shape, dialect))
  return once(structureOf(shape, dialect))
}

/** An order's groups, by those of its first machine where the order itself has none. */
function withGroups(write: Writer): Writer {
  return (value) => {
    if (!isObject(value) || (Array.isArray(value.Groups) && value.Groups.length > 0)) return write(value)
    const first: unknown = Array.isArray(value.Instances) ? value.Instances[0] : undefined
    return write(isObject(first) ? { ...value, Groups: first.SecurityGroups } : value)
  }
}

const asText: Writer = (value) => escapeXml(String(value))

const SIMPLE: Record<SimpleType, Writer> = {
  string: asText,
  number: asText,
  boolean: asText,
  timestamp: (value) => (value instanceof Date ? value.toISOString() : asText(value)),
  blob: (value) => (value instanceof Uint8Array ? Buffer.from(value).toString('base64') : asText(value)),
  strings: listOfWritten('item', asText),
  // Actions without a body of their own say that they worked.
  unit: () => '<return>true</return>',
}

function listOfWritten(tag: string, write: Writer): Writer {
  return (value) => {
    if (!Array.isArray(value)) return ''
    let text = ''
    for (const item of value) if (item !== undefined && item !== null) text += element(tag, write(item))
    return text
  }
}

const listOf = (shape: List, dialect: Dialect): Writer => listOfWritten(shape.item, writerOf(shape.of, dialect))

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null

function structureOf(shape: Structure, dialect: Dialect): Writer {
  const members = shape.members.map(([name, , tag, type]) => ({ name, tag, write: writerOf(type, dialect) }))
  return (value) => {
    if (!isObject(value)) return ''
    let text = ''
    for (const { name, tag, write } of members) {
      const member = value[name]
      if (member !== undefined && member !== null) text += element(tag, write(member))
    }
    return text
  }
}

function once(write: Writer): Writer {
  const texts = new WeakMap<object, string>()
  return (value) => {
    if (!isObject(value) || !isKept(value)) return write(value)
    let text = texts.get(value)
    if (text === undefined) {
      text = flat(write(value))
      texts.set(value, text)
    }
    return text
  }
}

/** V8 keeps what was added together as a tree of pieces; as one piece it is copied into an answer eight times as fast. */
const flat = (text: string): string => Buffer.from(text, 'utf8').toString('utf8')

const writeGroupName: Writer = (value) =>
  isObject(value) ? element('groupId', escapeXml(String(value.GroupName ?? ''))) : ''
