/**
 * The text grammar (GFD.229 §4, GFD.185 §4): one function per value, each leaves the scanner behind it. Lenient where real
 * clients are careless: trailing `;`, blanks, single quotes, a scheme that carries the term (rOCCI), no
 * class (the working group's test module of OCCI 1.1, in a filter).
 */
import type { AttributeInput, CategoryInput, Document, LinkInput, ToldCategory } from './document'
import type { Line, Scanner } from './scanner'
import { Scanner as LineScanner } from './scanner'

const TERM = /[A-Za-z0-9][A-Za-z0-9_.-]*/y
const NAME = /[A-Za-z0-9][A-Za-z0-9_.-]*/y
const NUMBER = /[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?(?=[ \t]*(?:[;,]|$))/y
const BARE = /[A-Za-z0-9_][^\s;,"'<>\\]*/y
const URI = /[^\s<>"\\,]+/y
const IN_ANGLES = /[^\s<>"\\]+/y
const SCHEME = /[^\s;,"']+/y

/** The values of one `Category`, `Link`, `X-OCCI-Attribute` or `X-OCCI-Location` field. Throws 'malformed' with line and column. */
export function parseLine(line: Line): Partial<Document> {
  const scanner = new LineScanner(line)
  switch (line.field) {
    case 'Category':
      return { categories: list(scanner, category) }
    case 'Link':
      return { links: list(scanner, link) }
    case 'X-OCCI-Attribute':
      return { attributes: list(scanner, attribute) }
    default:
      return { locations: list(scanner, location) }
  }
}

/** One or more values, comma-separated; empty ones between commas are skipped, as HTTP does. */
function list<T>(scanner: Scanner, one: (scanner: Scanner) => T): readonly T[] {
  const values: T[] = []
  while (!scanner.atEnd) {
    if (scanner.accept(',')) continue
    values.push(one(scanner))
    if (!scanner.atEnd && !scanner.accept(',')) throw scanner.refuse('"," or the end of the line')
  }
  if (values.length === 0) throw scanner.refuse('a value')
  return values
}

/** `;name=value` parameters up to the next comma; a `;` at the end is taken. */
function* parameters(scanner: Scanner): Generator<string> {
  while (scanner.accept(';')) {
    scanner.blanks()
    const name = scanner.take(NAME)
    if (name === undefined) {
      if (scanner.atEnd || isNextComma(scanner)) return
      throw scanner.refuse('the name of a parameter')
    }
    scanner.expect('=')
    yield name
  }
}

const COMMA = /(?=,)/y
const isNextComma = (scanner: Scanner): boolean => scanner.take(COMMA) !== undefined

const WORDS = /[\t ]+/

function category(scanner: Scanner): CategoryInput {
  scanner.blanks()
  const { where } = scanner
  const term = scanner.take(TERM)
  if (term === undefined) throw scanner.refuse('the term of a category')
  let scheme: string | undefined
  let ofClass: CategoryInput['class'] = null
  const more = new Map<string, string>()
  for (const name of parameters(scanner)) {
    const value =
      scanner.quoted(`"'`) ?? bare(scanner, name === 'scheme' || name === 'location' || name === 'rel' ? SCHEME : BARE)
    if (name === 'scheme') scheme = value
    else if (name === 'class') ofClass = classNamed(scanner, value)
    else more.set(name, value)
  }
  if (scheme === undefined) throw scanner.refuse(`scheme="…" of the category ${term}`)
  const told = toldBy(more)
  return { id: identifier(scheme, term), class: ofClass, where, ...(told === undefined ? {} : { told }) }
}

function toldBy(more: ReadonlyMap<string, string>): ToldCategory | undefined {
  if (more.size === 0) return undefined
  const [title, location] = [more.get('title'), more.get('location')]
  return {
    ...(title === undefined ? {} : { title }),
    ...(location === undefined ? {} : { location }),
    depends: words(more.get('rel') ?? ''),
    defines: words(`${more.get('attributes') ?? ''} ${more.get('actions') ?? ''}`),
  }
}

const words = (text: string): readonly string[] => text.split(WORDS).filter((word) => word !== '')

/** rOCCI allows a scheme that carries the term; a scheme without `#` is completed. */
const identifier = (scheme: string, term: string): string =>
  scheme.endsWith(`#${term}`) ? scheme : scheme.includes('#') ? scheme + term : `${scheme}#${term}`

function classNamed(scanner: Scanner, word: string): CategoryInput['class'] {
  if (word === 'kind' || word === 'mixin' || word === 'action') return word
  throw scanner.refuse(`class to be kind, mixin or action, not ${JSON.stringify(word)}`)
}

function bare(scanner: Scanner, pattern: RegExp): string {
  scanner.blanks()
  const value = scanner.take(pattern)
  if (value === undefined) throw scanner.refuse('a value')
  return value
}

function link(scanner: Scanner): LinkInput {
  scanner.blanks()
  const { where } = scanner
  scanner.expect('<', '"<" and the target of a link')
  const target = scanner.take(IN_ANGLES)
  if (target === undefined) throw scanner.refuse('the target of a link')
  scanner.expect('>')
  let rel: readonly string[] | undefined
  let categories: readonly string[] = []
  const attributes: AttributeInput[] = []
  let self: string | undefined
  for (const name of parameters(scanner)) {
    const place = scanner.where
    const value = scalar(scanner)
    const named = typeof value === 'string' ? words(value) : []
    if (name === 'rel') rel = named
    else if (name === 'category') categories = named
    else if (name === 'self') self = String(value)
    else attributes.push({ name, value, where: { ...place, field: name } })
  }
  if (rel === undefined) throw scanner.refuse('rel="…" of the link')
  return { target, rel, category: categories, attributes, where, ...(self === undefined ? {} : { self }) }
}

function attribute(scanner: Scanner): AttributeInput {
  scanner.blanks()
  const { where } = scanner
  const name = scanner.take(NAME)
  if (name === undefined) throw scanner.refuse('the name of an attribute')
  scanner.expect('=')
  const value = scalar(scanner)
  // Careless clients end each attribute as they end each category.
  scanner.accept(';')
  return { name, value, where: { ...where, field: name } }
}

function scalar(scanner: Scanner): string | number | boolean {
  const text = scanner.quoted('"')
  if (text !== undefined) return text
  const number = scanner.take(NUMBER)
  if (number !== undefined) return Number(number)
  const word = scanner.take(BARE)
  if (word === undefined) throw scanner.refuse('a quoted string, a number, true or false')
  return word === 'true' ? true : word === 'false' ? false : word
}

function location(scanner: Scanner): string {
  scanner.blanks()
  const uri = scanner.take(URI)
  if (uri === undefined) throw scanner.refuse('a location')
  return uri
}
