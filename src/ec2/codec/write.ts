/**
 * The typed output of an action to XML, by walking the table, members in the model's order (some old clients match elements in
 * order). Writers are compiled once per dialect and shape; the text of kept values is written once.
 */
import { textOf } from '../../fragments/body'
import type { Written } from '../../fragments/piece'
import { isKept, writtenOnce } from './kept'
import { isList, isSimple, type List, type SimpleType, type Structure, shapeNamed } from './table'
import { element, escapeXml } from './xml'
import { XmlBody } from './xml-body'

/**
 * How security groups are named: before 2011 `groupId` held the group's name, nothing else was said of it, and it was said of the
 * whole order of machines only, where in a VPC each machine says it for itself.
 */
export type Dialect = 'group-ids' | 'group-names'

/** The dialect that a `Version=` date asks for. */
export const dialectOf = (version: string): Dialect => (version < '2011-01-01' ? 'group-names' : 'group-ids')

/** Puts what is inside an element into a body. */
type Writer = (value: unknown, into: XmlBody) => void

const compiled: Record<Dialect, Map<string, Writer>> = { 'group-ids': new Map(), 'group-names': new Map() }

/** The writer of a simple type or shape. */
export function writerOf(type: string, dialect: Dialect): Writer {
  const known = compiled[dialect].get(type)
  if (known) return known
  let inner: Writer | undefined
  const writer: Writer = (value, into) => {
    inner ??= compile(type, dialect)
    inner(value, into)
  }
  compiled[dialect].set(type, writer)
  return writer
}

/** What is inside the element of a value, as text. */
export function written(type: string, dialect: Dialect, value: unknown): string {
  const into = new XmlBody()
  writerOf(type, dialect)(value, into)
  return textOf(into.body())
}

function compile(type: string, dialect: Dialect): Writer {
  if (isSimple(type)) return SIMPLE[type]
  const shape = shapeNamed(type)
  if (isList(shape)) return listOf(shape, dialect)
  if (type === 'GroupIdentifier' && dialect === 'group-names') return writeGroupName
  if (type === 'Reservation' && dialect === 'group-names') return withGroups(structureOf(shape, dialect))
  return structureOf(shape, dialect)
}

/** An order's groups, by those of its first machine where the order itself has none. */
function withGroups(write: Writer): Writer {
  return (value, into) => {
    if (!isObject(value) || (Array.isArray(value.Groups) && value.Groups.length > 0)) return write(value, into)
    const first: unknown = Array.isArray(value.Instances) ? value.Instances[0] : undefined
    write(isObject(first) ? { ...value, Groups: first.SecurityGroups } : value, into)
  }
}

const asText: Writer = (value, into) => into.add(escapeXml(String(value)))

const SIMPLE: Record<SimpleType, Writer> = {
  string: asText,
  number: asText,
  boolean: asText,
  timestamp: (value, into) => (value instanceof Date ? into.add(value.toISOString()) : asText(value, into)),
  blob: (value, into) =>
    value instanceof Uint8Array ? into.add(Buffer.from(value).toString('base64')) : asText(value, into),
  strings: listOfWritten('item', asText),
  // Actions without a body of their own say that they worked.
  unit: (_value, into) => into.add('<return>true</return>'),
}

function writeElement(tag: string, value: unknown, write: Writer, into: XmlBody): void {
  into.open(tag)
  write(value, into)
  into.close(tag)
}

function listOfWritten(tag: string, write: Writer): Writer {
  // Names, in kept values, what this list wrote of them.
  const asItem = {}
  const asList = {}
  const itemOnce = (item: object): Written =>
    writtenOnce(item, asItem, () => {
      const alone = new XmlBody()
      writeElement(tag, item, write, alone)
      return alone.written()
    })
  const writeItems = (items: readonly unknown[], into: XmlBody): void => {
    for (const item of items) {
      if (item === undefined || item === null) continue
      if (isObject(item) && isKept(item)) into.put(itemOnce(item))
      else writeElement(tag, item, write, into)
    }
  }
  const runsOf = (items: readonly unknown[]): readonly Buffer[] =>
    writtenOnce(items, asList, () => {
      const alone = new XmlBody()
      writeItems(items, alone)
      return alone.assembled()
    })
  return (value, into) => {
    if (!Array.isArray(value)) return
    if (isKept(value)) into.addAll(runsOf(value))
    else writeItems(value, into)
  }
}

const listOf = (shape: List, dialect: Dialect): Writer => listOfWritten(shape.item, writerOf(shape.of, dialect))

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null

function structureOf(shape: Structure, dialect: Dialect): Writer {
  const members = shape.members.map(([name, , tag, type]) => ({ name, tag, write: writerOf(type, dialect) }))
  return (value, into) => {
    if (!isObject(value)) return
    for (const { name, tag, write } of members) {
      const member = value[name]
      if (member !== undefined && member !== null) writeElement(tag, member, write, into)
    }
  }
}

const writeGroupName: Writer = (value, into) => {
  if (isObject(value)) into.add(element('groupId', escapeXml(String(value.GroupName ?? ''))))
}
