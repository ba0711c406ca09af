/** What a partner is offered, as a mixin whose attributes have their values as defaults, like those of a resource_tpl. Anew for each asking. */
import { MILLIONTHS } from '../../model/accounts'
import type { OfferNow } from '../../operations/partners/operations'
import { attributeDefinition, type RawDefinition } from './attribute-definition'
import type { MixinCategory } from './category'
import { COMPUTE, FEDERATION_OFFER, FEDERATION_OFFER_SCHEME, toTerm, toTitle } from './names'

export function ofOffer({ type, price, currency, cores, memoryMiB, free, validUntil }: OfferNow): MixinCategory {
  const term = toTerm(type)
  const until = new Date(validUntil).toISOString()
  const told: readonly (readonly [string, string | number, string])[] = [
    ['occi.compute.cores', cores, 'Virtual cores'],
    ['occi.compute.memory', memoryMiB / 1024, 'Memory in GiB'],
    ['org.occi-gateway.offer.price', price / MILLIONTHS, 'What an hour costs'],
    ['org.occi-gateway.offer.currency', currency, 'Of the price'],
    ['org.occi-gateway.offer.free', free, 'How many of them can be had now'],
    ['org.occi-gateway.offer.validuntil', until, 'Until then the price is kept'],
  ]
  return {
    class: 'mixin',
    id: FEDERATION_OFFER_SCHEME + term,
    term,
    scheme: FEDERATION_OFFER_SCHEME,
    // Text renderings tell no values.
    title: toTitle(`${type}: ${price / MILLIONTHS} ${currency} an hour / ${free} free / until ${until}`),
    depends: [FEDERATION_OFFER],
    applies: [COMPUTE],
    attributes: new Map(
      told.map(([name, value, description]) => [name, attributeDefinition(name, fixed(value, description))]),
    ),
    actions: [],
    location: `/mixin/federation_offer/${term}/`,
    gives: null,
    own: null,
  }
}

const fixed = (value: string | number, description: string): RawDefinition => ({
  type: typeof value === 'number' ? 'number' : 'string',
  mutable: false,
  required: false,
  default: value,
  description,
})
