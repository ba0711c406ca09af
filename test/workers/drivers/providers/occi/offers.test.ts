/** What a partner says that it offers, in each rendering, and how that stands to what is reckoned with here. */
import { textOf } from '../../../../../src/fragments/body'
import { readTextPlain } from '../../../../../src/model/occi/text'
import { openModel } from '../../../../../src/occi/model'
import { ofOffer } from '../../../../../src/occi/model/offer'
import { json } from '../../../../../src/occi/render/json'
import { textPlain } from '../../../../../src/occi/render/text-plain'
import type { OfferNow } from '../../../../../src/operations/partners/operations'
import { readJsonModel, type ServerModel, textModelOf } from '../../../../../workers/drivers/providers/occi/api/model'
import { offerFindings, offersIn } from '../../../../../workers/drivers/providers/occi/offers'

const UNTIL = '2026-12-24T18:00:00.000Z'
const OFFER: OfferNow = {
  ...{ type: 't2.nano', price: 5_800, currency: 'EUR', cores: 1, memoryMiB: 512, free: 7 },
  validUntil: Date.parse(UNTIL),
}
const BASE = 'http://occi-gateway.org/occi/federation#offer'
const model = openModel()
const base = model.find(BASE)

/** As a gateway of ours tells it. */
const telling = (offers: readonly OfferNow[]) => ({
  ...model.announced,
  mixins: [...(base?.class === 'mixin' ? [base] : []), ...offers.map(ofOffer)],
})
const inJson = (...offers: readonly OfferNow[]): ServerModel =>
  readJsonModel(textOf(json.categories(telling(offers)).body)) ?? new Map()
const inText = (...offers: readonly OfferNow[]): ServerModel =>
  textModelOf(readTextPlain(textOf(textPlain.categories(telling(offers)).body)))
const THERE = { term: 't2_nano', price: 5_800, currency: 'EUR', free: 7, validUntil: UNTIL }

test.each([
  ['JSON', inJson],
  ['text', inText],
])('read from %s as the gateway of a partner tells it', (_rendering, told) => {
  expect(offersIn(told(OFFER))).toEqual([THERE])
  expect(offersIn(told({ ...OFFER, price: 1 }))).toEqual([{ ...THERE, price: 1 }])
  expect(offersIn(told())).toBeUndefined()
})

test('a server that is no gateway of ours offers nothing of the kind; an offer that cannot be read is none', () => {
  expect(offersIn(new Map())).toBeUndefined()
  const strange = inText(OFFER)
  const id = 'http://occi-gateway.org/occi/federation/offer#t2_nano'
  const broken = { id, depends: [BASE], location: null, title: 'cheap', defaults: new Map() }
  expect(offersIn(new Map([...strange, [id, broken]]))).toEqual([])
})

test.each([
  ['currency', '$(reboot)'],
  ['currency', 'EUR\u001b[2J'],
  ['validuntil', '2026-12-24T18:00:00Z\u009b2J'],
  ['validuntil', 'for ever'],
])('an offer whose %s is %j is none', (name, told) => {
  const id = 'http://occi-gateway.org/occi/federation/offer#t2_nano'
  const said = { price: '0.0058', currency: 'EUR', free: '7', validuntil: UNTIL, [name]: told }
  const defaults = new Map(Object.entries(said).map(([key, value]) => [`org.occi-gateway.offer.${key}`, value]))
  expect(
    offersIn(new Map([...inText(), [id, { id, depends: [BASE], location: null, title: null, defaults }]])),
  ).toEqual([])
})

describe('a check', () => {
  const type = { name: 't2.nano', cores: 1, memoryMiB: 512, diskGiB: null, price: 5_800, count: 20 }
  const found = (...types: readonly (typeof type)[]) => offerFindings([THERE], { name: 'north', types })

  test('tells price, what is free and until when, where that is what is reckoned with', () => {
    expect(found(type)).toEqual([
      {
        ...{ what: 'offer of t2.nano', verdict: 'ok', mend: null },
        detail: `0.0058 EUR an hour, 7 free now, kept until ${UNTIL}`,
      },
    ])
  })

  test('warns of another price, with the command that takes it over', () => {
    expect(found({ ...type, price: 5_000 })).toMatchObject([
      {
        verdict: 'warning',
        detail: expect.stringContaining('reckoned with here: 0.005'),
        mend: 'occi-gateway provider type north t2.nano --cores 1 --memory-mib 512 --count 20 --price 0.0058',
      },
    ])
  })

  test('warns of another currency, and names no price to take over', () => {
    const inOurs = (currency: string) => offerFindings([THERE], { name: 'north', types: [type], currency })
    expect(inOurs('EUR')).toEqual(found(type))
    expect(inOurs('USD')).toMatchObject([
      {
        verdict: 'warning',
        detail: expect.stringMatching(/^0\.0058 EUR an hour.*; reckoned with here: 0\.0058 USD; .*--currency EUR/),
        mend: null,
      },
    ])
  })

  test('misses a type that the account is not offered', () => {
    expect(found({ ...type, name: 't2.small' })).toMatchObject([{ what: 'offer of t2.small', verdict: 'missing' }])
  })
})
