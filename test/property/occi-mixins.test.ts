/** A mixin that a user made is shown as it was told, in every rendering; and nothing that is told makes the model unreadable. */
import fc from 'fast-check'
import { Fault } from '../../src/faults'
import { textOf } from '../../src/fragments/body'
import type { MixinId } from '../../src/model/ids'
import { parseHeaders, parseTextPlain } from '../../src/model/occi/text'
import type { MixinRecord, MixinWish } from '../../src/model/records'
import { openModel } from '../../src/occi/model'
import { catalogueOf, openCatalogue } from '../../src/occi/model/catalogue'
import { parseJson } from '../../src/occi/parse/json'
import { json } from '../../src/occi/render/json'
import { textOcci } from '../../src/occi/render/text-occi'
import { textPlain } from '../../src/occi/render/text-plain'
import { mixinOrders } from '../../src/occi/requests/own-mixins'
import { ann, fakeOperations, PROJECT } from '../support/fake-operations'

const model = openModel()
const ground = { catalogue: catalogueOf(model, []), base: 'http://cloud.example.org' }
const operations = fakeOperations()

type Order = Omit<MixinWish, 'createdAt'>

const term = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,12}$/)
const order: fc.Arbitrary<Order> = fc.record({
  term,
  scheme: term.map((host) => `https://${host}.example/occi/ann#`),
  title: fc.option(fc.stringMatching(/^[\p{L}\p{N}"'\\=:<>()]( ?[\p{L}\p{N}"'\\=:<>()]){0,20}$/u)),
  depends: fc.array(
    term.map((one) => `http://example.com/x#${one}`),
    { maxLength: 1 },
  ),
  applies: fc.constant([]),
  location: fc
    .array(fc.stringMatching(/^[a-z0-9_~@+=-]{1,8}$/), { minLength: 1, maxLength: 3 })
    .map((parts) => `/tags/${parts.join('/')}/`),
})

const recordOf = (wish: Order): MixinRecord => ({
  kind: 'mixin',
  id: 'bbbbbbbb-0000-4000-8000-000000000001' as MixinId,
  project: PROJECT,
  rev: 1,
  generation: 1,
  epoch: { era: 0, number: 0 },
  wakes: 0,
  phase: 0,
  schema: 1,
  wish: { ...wish, createdAt: 1 },
  seen: null,
  journal: null,
  place: null,
})

async function shown(wish: Order) {
  const offers = { ...operations, listMixins: async () => [recordOf(wish)] }
  const catalogue = await openCatalogue(
    model,
    {
      listImages: operations.listImages,
      listTypes: operations.listTypes,
      listZones: operations.listZones,
      publicNetworks: operations.publicNetworks,
      providerPools: operations.providerPools,
      listPartnerOffers: operations.listPartnerOffers,
      listMixins: offers.listMixins,
      defaults: operations.defaults,
    },
    ann,
  )
  return { kinds: [], actions: [], mixins: catalogue.mixins.filter(({ own }) => own !== null) }
}

test('what is shown describes the same mixin again', async () => {
  await fc.assert(
    fc.asyncProperty(order, async (told) => {
      // Titles lose what known clients trip over when they are taken, so what is kept is what was taken.
      const [kept] = mixinOrders(
        parseJson(JSON.stringify({ mixins: [{ ...told, title: told.title ?? undefined }] })),
        ground,
      )
      if (kept === undefined) throw new Error('no mixin was read')
      const collection = await shown(kept)
      const headers = textOcci.categories(collection).headers
      const readings = [
        parseTextPlain(textOf(textPlain.categories(collection).body)),
        parseHeaders(Object.entries(headers).flat()),
        parseJson(textOf(json.categories(collection).body)),
      ]
      for (const document of readings) expect(mixinOrders(document, ground)).toEqual([kept])
    }),
    { numRuns: 300 },
  )
})

const anything = fc.oneof(fc.string({ unit: 'binary', maxLength: 30 }), fc.jsonValue({ maxDepth: 3 }))

test('whatever is told is taken or refused by name, and what is taken can be shown in a line', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.record(
        { term: anything, scheme: anything, location: anything, title: anything, depends: anything, applies: anything },
        { requiredKeys: [] },
      ),
      order,
      fc.boolean(),
      async (wild, sane, mixed) => {
        const body = JSON.stringify({ mixins: [mixed ? { ...sane, title: wild.title } : { ...sane, ...wild }] })
        const taken = (() => {
          try {
            return mixinOrders(parseJson(body), ground)
          } catch (thrown) {
            expect(thrown).toBeInstanceOf(Fault)
            expect((thrown as Fault).kind).not.toBe('internal')
            return []
          }
        })()
        for (const one of taken) {
          const collection = await shown(one)
          expect(textPlain.categories(collection).body).not.toMatch(/[\r\n]/)
          expect(textOcci.categories(collection).headers.Category).not.toMatch(/[\r\n\0]/)
        }
      },
    ),
    { numRuns: 500 },
  )
})
