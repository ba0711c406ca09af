/** What is written is read back the same in every rendering, and nothing that is sent makes a parser fail otherwise than by a Fault. */
import fc from 'fast-check'
import { Fault } from '../../src/faults'
import { parseHeaders, parseTextPlain } from '../../src/model/occi/text'
import { type Attribute, allAttributes, type Entity, type LinkEntity } from '../../src/occi/entities/entity'
import { Member } from '../../src/occi/entities/member'
import { openModel } from '../../src/occi/model'
import { catalogueOf } from '../../src/occi/model/catalogue'
import { type Document, parseContent } from '../../src/occi/parse'
import { parseJson } from '../../src/occi/parse/json'
import { jsonEntity } from '../../src/occi/render/json'
import { textOcci } from '../../src/occi/render/text-occi'
import { plainEntity } from '../../src/occi/render/text-plain'
import { computeAct } from '../../src/occi/requests/act-on-compute'
import { computeOrder } from '../../src/occi/requests/create-compute'
import { COMPUTE_KIND } from '../support/occi-app'

// ---------------------------------------------------------------- what is written is read back

const term = fc.stringMatching(/^[a-z][a-z0-9_-]{0,12}$/)
const identifier = fc.tuple(term, term).map(([scheme, one]) => `http://${scheme}.example/x#${one}`)
const attributeName = fc.tuple(term, term).map((parts) => `com.example.${parts.join('.')}`)
/** Anything that can be shown: renderings in lines make blanks of control characters. */
const text = fc
  .string({ unit: 'binary', maxLength: 40 })
  .map((one) => one.replace(/\p{Cc}/gu, ' '))
  .filter((one) => !/\p{Cs}/u.test(one))
const number = fc.oneof(
  fc.integer({ min: 0, max: 1e9 }),
  fc.integer({ min: 1, max: 1e6 }).map((mebi) => mebi / 1024),
  fc.constant(1e-7),
)
const value: fc.Arbitrary<Attribute['value']> = fc.oneof(text, number, fc.boolean())
const attributes = fc.uniqueArray(fc.record({ name: attributeName, value }), {
  selector: ({ name }) => name,
  maxLength: 6,
})
const base = {
  id: fc.uuid(),
  kind: identifier,
  title: fc.option(text),
  summary: fc.option(text),
  mixins: fc.uniqueArray(identifier, { maxLength: 4 }),
  attributes,
  actions: fc.uniqueArray(identifier, { maxLength: 3 }),
}
const link: fc.Arbitrary<LinkEntity> = fc
  .record({
    ...base,
    actions: fc.constant([]),
    target: fc.record({ path: fc.uuid().map((id) => `/network/${id}`), kind: identifier }),
  })
  .map((one) => ({
    ...one,
    title: null,
    summary: null,
    path: `/nic/${one.id}`,
    links: [],
    source: { path: '/compute/x', kind: 'http://a#b' },
  }))
const entity: fc.Arbitrary<Entity> = fc
  .record({ ...base, links: fc.array(link, { maxLength: 3 }) })
  .map((one) => ({ ...one, path: `/compute/${one.id}` }))

const CORE_OF_LINKS = ['occi.core.id', 'occi.core.source', 'occi.core.target']
const sorted = (all: readonly { readonly name: string; readonly value: unknown }[]) =>
  all.map(({ name, value: one }) => [name, one] as const).sort(([a], [b]) => (a < b ? -1 : 1))

/** What a reader keeps: categories, attributes, links but for what a link says of itself and references to actions. */
const meant = (document: Document, actions: readonly string[]) => ({
  categories: document.categories.map(({ id, class: of }) => [id, of]),
  attributes: sorted(document.attributes),
  links: document.links
    .filter(({ rel, category }) => category.length > 0 || !rel.some((id) => actions.includes(id)))
    .map(({ target, rel, category, attributes: all }) => ({
      target,
      rel,
      category,
      attributes: sorted(all.filter(({ name }) => !CORE_OF_LINKS.includes(name))),
    })),
})

const written = (one: Entity) => ({
  categories: [[one.kind, 'kind'], ...one.mixins.map((id) => [id, 'mixin'])],
  attributes: sorted(allAttributes(one)),
  links: one.links.map(({ target, kind, mixins, attributes: all }) => ({
    target: target.path,
    rel: [target.kind],
    category: [kind, ...mixins],
    attributes: sorted(all),
  })),
})

const asHeaders = (one: Entity): string[] => {
  const { headers } = textOcci.entity(new Member(one.path, 'resources', () => one), {
    base: 'http://x',
    version: '1.2',
  })
  return Object.entries(headers).flat()
}

test.each<[string, (one: Entity) => Document]>([
  ['text/plain', (one) => parseTextPlain(plainEntity(one))],
  ['text/occi', (one) => parseHeaders(asHeaders(one))],
  ['JSON', (one) => parseJson(jsonEntity(one))],
])('an entity in %s is read back as it was', (_name, reread) => {
  fc.assert(
    fc.property(entity, (one) => {
      expect(meant(reread(one), one.actions)).toEqual(written(one))
    }),
    { numRuns: 300 },
  )
})

test('a header never holds a line break or a character that Node refuses', () => {
  fc.assert(
    fc.property(entity, (one) => {
      for (const header of asHeaders(one)) expect(header).toMatch(/^[\t\x20-\x7e\x80-\xff]*$/)
    }),
  )
})

test('a line of text/plain never becomes two', () => {
  const anything = fc.string({ unit: 'binary', maxLength: 60 })
  fc.assert(
    fc.property(anything, (title) => {
      const one: Entity = {
        kind: 'http://a#b',
        id: 'x',
        path: '/c/x',
        title,
        summary: null,
        mixins: [],
        attributes: [],
        actions: [],
        links: [],
      }
      expect(plainEntity(one).split(/[\r\n]/)).toHaveLength(3)
    }),
  )
})

// ---------------------------------------------------------------- hostile input

const model = openModel()
const catalogue = catalogueOf(model, [])
const ground = { model, catalogue, base: 'http://cloud.example.org' }

/** Reads it as far as an order and an action; whatever is thrown must be a Fault that is the caller's doing. */
function survive(contentType: string, body: Uint8Array, rawHeaders: readonly string[] = []): void {
  for (const use of [(one: Document) => computeOrder(one, ground), (one: Document) => computeAct('stop', one, model)])
    try {
      use(parseContent({ contentType, rawHeaders, body }))
    } catch (thrown) {
      expect(thrown).toBeInstanceOf(Fault)
      expect((thrown as Fault).kind).not.toBe('internal')
      expect((thrown as Fault).message).not.toBe('')
    }
}

const TYPES = [
  'text/plain',
  'text/occi',
  'text/occi+plain',
  'application/occi+json',
  'application/json',
  'text/uri-list',
]

test('bytes of all kinds as every type', () => {
  fc.assert(
    fc.property(fc.constantFrom(...TYPES, 'nonsense', ''), fc.uint8Array({ maxLength: 400 }), (type, bytes) =>
      survive(type, bytes),
    ),
    { numRuns: 2000 },
  )
})

test('any JSON', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 12 }), (body) => survive('application/json', Buffer.from(body))),
    { numRuns: 1000 },
  )
})

test('JSON of the right members with anything in them', () => {
  const members = [
    'kind',
    'id',
    'title',
    'summary',
    'mixins',
    'attributes',
    'actions',
    'links',
    'source',
    'target',
    'resources',
    'action',
  ]
  const anything = fc.dictionary(fc.constantFrom(...members), fc.jsonValue({ maxDepth: 4 }))
  fc.assert(
    fc.property(anything, (content) => survive('application/occi+json', Buffer.from(JSON.stringify(content)))),
    { numRuns: 2000 },
  )
})

const PIECES = [
  'Category: ',
  'Link: ',
  'X-OCCI-Attribute: ',
  'X-OCCI-Location: ',
  'compute',
  'occi.core.title',
  ';',
  ',',
  '=',
  '"',
  "'",
  '\\',
  '<',
  '>',
  ' ',
  '\t',
  '\n',
  '\r\n',
  '\u0000',
  '\u2028',
  'scheme=',
  'class="kind"',
  '"http://schemas.ogf.org/occi/infrastructure#"',
  'rel=',
  '1',
  '-',
  '.',
  'e9',
  'true',
  'ü',
  '\ud83d\ude00',
]

test('the pieces of the grammar in any order', () => {
  const soup = fc.array(fc.constantFrom(...PIECES), { maxLength: 40 }).map((pieces) => pieces.join(''))
  fc.assert(
    fc.property(soup, (body) => {
      survive('text/plain', Buffer.from(body))
      survive('text/occi', new Uint8Array(), [
        'Category',
        body,
        'X-OCCI-Attribute',
        body,
        'Link',
        body,
        'X-OCCI-Location',
        body,
      ])
    }),
    { numRuns: 3000 },
  )
})

test('a good request with some of its characters changed', () => {
  const good = [
    COMPUTE_KIND,
    'X-OCCI-Attribute: occi.core.title="web, \\"one\\"", occi.compute.cores=2',
    'Link: </network/1>;rel="http://schemas.ogf.org/occi/infrastructure#network";category="http://schemas.ogf.org/occi/infrastructure#networkinterface";a="b"',
  ].join('\n')
  const change = fc.record({
    at: fc.nat(good.length - 1),
    length: fc.nat(6),
    by: fc.oneof(fc.constantFrom(...PIECES), fc.string({ maxLength: 4 })),
  })
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 5 }), (changes) => {
      const body = changes.reduce((now, { at, length, by }) => now.slice(0, at) + by + now.slice(at + length), good)
      survive('text/plain', Buffer.from(body))
    }),
    { numRuns: 3000 },
  )
})
