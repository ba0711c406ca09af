/** What docs/federation.md lists is what orders and offers say. */
import { ORIGIN, ORIGIN_START } from '../../src/model/occi/names'
import { ofOffer } from '../../src/occi/model/offer'
import { page, rows } from './tables'

const PAGE = 'federation.md'
const offer = ofOffer({
  ...{ type: 't2.nano', price: 5_800, currency: 'EUR', cores: 1, memoryMiB: 512, free: 3 },
  validUntil: 1_800_000_000_000,
})

test('every attribute of an offer and of an order', () => {
  const listed = rows(PAGE, 'attribute').flatMap(([names = '']) => names.replaceAll('`', '').split(', '))
  expect(listed.toSorted()).toEqual([...offer.attributes.keys(), ...Object.values(ORIGIN), ORIGIN_START].toSorted())
})

test('an offer has its values as defaults, and in its title', () => {
  const told = Object.fromEntries([...offer.attributes].map(([name, { default: value }]) => [name, value]))
  expect(told).toEqual({
    'occi.compute.cores': 1,
    'occi.compute.memory': 0.5,
    'org.occi-gateway.offer.price': 0.0058,
    'org.occi-gateway.offer.currency': 'EUR',
    'org.occi-gateway.offer.free': 3,
    'org.occi-gateway.offer.validuntil': '2027-01-15T08:00:00.000Z',
  })
  expect(offer.title).toBe('t2.nano: 0.0058 EUR an hour / 3 free / until 2027-01-15T08:00:00.000Z')
  expect(offer.location).toBe('/mixin/federation_offer/t2_nano/')
})

test('both mixins by their names', () => {
  for (const name of ['federation#offer', 'federation#order'])
    expect(page(PAGE)).toContain(`http://occi-gateway.org/occi/${name}`)
})
