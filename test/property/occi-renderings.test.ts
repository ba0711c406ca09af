/** Models, collections and links, written in each rendering, are read back the same; entities are in occi.test.ts. */
import fc from 'fast-check'
import { bytesOf } from '../../src/fragments/body'
import { parseHeaders, parseTextPlain } from '../../src/model/occi/text'
import { allAttributes, type LinkEntity } from '../../src/occi/entities/entity'
import { Member } from '../../src/occi/entities/member'
import type { MixinCategory } from '../../src/occi/model/category'
import type { Document } from '../../src/occi/parse'
import { parseJson } from '../../src/occi/parse/json'
import { parseUriList } from '../../src/occi/parse/uri-list'
import { json } from '../../src/occi/render/json'
import type { Rendered, Rendering } from '../../src/occi/render/rendering'
import { textOcci } from '../../src/occi/render/text-occi'
import { textPlain } from '../../src/occi/render/text-plain'
import { uriList } from '../../src/occi/render/uri-list'

const BASE = 'https://cloud.example.org:8443/occi'
const AUDIENCE = { base: BASE, version: '1.2' } as const

const body = ({ body: content }: Rendered): string => bytesOf(content).toString('utf8')
const fields = ({ headers }: Rendered): Document => parseHeaders(Object.entries(headers).flat())
interface Way {
  readonly name: string
  readonly rendering: Rendering
  read(rendered: Rendered): Document
}
const PLAIN: Way = { name: 'text/plain', rendering: textPlain, read: (one) => parseTextPlain(body(one)) }
const HEADERS: Way = { name: 'text/occi', rendering: textOcci, read: fields }
const JSON_WAY: Way = { name: 'JSON', rendering: json, read: (one) => parseJson(body(one)) }
const URIS: Way = { name: 'text/uri-list', rendering: uriList, read: (one) => parseUriList(body(one)) }

const term = fc.stringMatching(/^[a-z][a-z0-9_-]{0,12}$/)
const identifier = fc.tuple(term, term).map(([scheme, one]) => `http://${scheme}.example/x#${one}`)
const text = fc
  .string({ unit: 'binary', maxLength: 30 })
  .map((one) => one.replace(/\p{Cc}/gu, ' '))
  .filter((one) => !/\p{Cs}/u.test(one))

const link: fc.Arbitrary<LinkEntity> = fc
  .record({
    id: fc.uuid(),
    kind: identifier,
    mixins: fc.uniqueArray(identifier, { maxLength: 3 }),
    title: fc.option(text),
    value: text,
    source: fc.uuid(),
    target: fc.uuid(),
  })
  .map(({ id, kind, mixins, title, value, source, target }) => ({
    ...{ id, kind, mixins, title, summary: null, path: `/storagelink/${id}`, actions: [], links: [] },
    attributes: [{ name: 'com.example.word', value }],
    source: { path: `/compute/${source}`, kind: 'http://a.example/x#compute' },
    target: { path: `/storage/${target}`, kind: 'http://a.example/x#storage' },
  }))
const members = fc
  .uniqueArray(link, { selector: ({ id }) => id, maxLength: 12 })
  .map((all) => all.map((one) => new Member(one.path, 'links', () => one)))

const sorted = (all: readonly { readonly name: string; readonly value: unknown }[]) =>
  all.map(({ name, value }) => [name, value] as const).sort(([a], [b]) => (a < b ? -1 : 1))
const described = (document: Document) => ({
  categories: document.categories.map(({ id }) => id),
  attributes: sorted(document.attributes),
})
const meant = (one: LinkEntity) => ({
  categories: [one.kind, ...one.mixins],
  attributes: sorted(allAttributes(one)),
})

test.each([PLAIN, HEADERS, JSON_WAY])('a link by itself in $name', ({ rendering, read }) => {
  fc.assert(
    fc.property(link, (one) => {
      const member = new Member(one.path, 'links', () => one)
      expect(described(read(rendering.entity(member, AUDIENCE)))).toEqual(meant(one))
    }),
    { numRuns: 200 },
  )
})

test.each([PLAIN, HEADERS, URIS])(
  'a collection in $name: where each of them is, in their order',
  ({ rendering, read }) => {
    fc.assert(
      fc.property(members, (all) => {
        expect(read(rendering.collection(all, AUDIENCE)).locations).toEqual(all.map(({ path }) => BASE + path))
      }),
      { numRuns: 200 },
    )
  },
)

test('a collection in JSON: each of them whole, in their order', () => {
  fc.assert(
    fc.property(members, (all) => {
      const document = JSON_WAY.read(json.collection(all, AUDIENCE))
      const several = document.entities ?? [document]
      expect(several.map(described)).toEqual(all.map((member) => meant(member.entity('1.2') as LinkEntity)))
    }),
    { numRuns: 200 },
  )
})

const mixin: fc.Arbitrary<MixinCategory> = fc
  .record({
    scheme: term,
    term,
    title: fc.option(text),
    depends: fc.uniqueArray(identifier, { maxLength: 1 }),
    at: term,
  })
  .map(({ scheme, term: word, title, depends, at }) => ({
    ...{ class: 'mixin', id: `http://${scheme}.example/m#${word}`, scheme: `http://${scheme}.example/m#`, term: word },
    ...{ title, depends, applies: [], attributes: new Map(), actions: [], location: `/${at}/`, gives: null, own: null },
  }))

test.each([PLAIN, HEADERS, JSON_WAY])(
  'mixins, as a model shows them and a user sends them, in $name',
  ({ rendering, read }) => {
    fc.assert(
      fc.property(fc.array(mixin, { maxLength: 5 }), (mixins) => {
        const { categories } = read(rendering.categories({ kinds: [], mixins, actions: [] }))
        const told = categories.map(({ id, class: of, told: more }) => [
          ...[id, of, more?.title ?? null, more?.location, more?.depends ?? []],
        ])
        expect(told).toEqual(mixins.map(({ id, title, location, depends }) => [id, 'mixin', title, location, depends]))
      }),
      { numRuns: 200 },
    )
  },
)
