/** What a partner gateway of our own kind says that its account is offered, beside what the operator here wrote of it. Pure. */
import { MILLIONTHS } from '../../../../src/model/accounts'
import { FEDERATION_OFFER, FEDERATION_OFFER_SCHEME, toTerm } from '../../../../src/model/occi/names'
import type { ProviderTarget } from '../../../../src/model/providers/target'
import type { HostFinding } from '../../driver'
import type { ServerCategory, ServerModel } from './api/model'

export interface OfferThere {
  readonly term: string
  /** For an hour, in millionths. */
  readonly price: number
  readonly currency: string
  /** How many can be had now. */
  readonly free: number
  /** ISO 8601; until then the price is kept. */
  readonly validUntil: string
}

/** As the title tells it where a rendering has no values. */
const TITLE = /: (\d+(?:\.\d+)?(?:e-\d+)?) ([A-Z]{3}) an hour \/ (\d+) free \/ until (\S+)$/

/** Undefined: nothing is offered there in particular; its operators tell each other what it costs. */
export function offersIn(model: ServerModel): readonly OfferThere[] | undefined {
  if (!model.has(FEDERATION_OFFER)) return undefined
  const offers = [...model.values()].filter(({ id }) => id.startsWith(FEDERATION_OFFER_SCHEME))
  return offers.length === 0 ? undefined : offers.flatMap((one) => offerOf(one) ?? [])
}

/** An operator reads them, and copies what is advised: nothing else of a stranger's is taken for them. */
const isCurrency = (told: unknown): told is string => typeof told === 'string' && /^[A-Z]{3}$/.test(told)
const isTime = (told: unknown): told is string =>
  typeof told === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d)$/.test(told)

function offerOf({ id, title, defaults }: ServerCategory): OfferThere | undefined {
  const told = ['price', 'currency', 'free', 'validuntil'].map((name) => defaults.get(`org.occi-gateway.offer.${name}`))
  const [price, currency, free, validUntil] = defaults.size > 0 ? told : (TITLE.exec(title ?? '')?.slice(1) ?? [])
  const [cost, count] = [Math.round(Number(price) * MILLIONTHS), Number(free)]
  const isTold = isCurrency(currency) && isTime(validUntil)
  if (!isTold || !Number.isSafeInteger(cost) || !Number.isSafeInteger(count)) return undefined
  return { term: id.slice(FEDERATION_OFFER_SCHEME.length), price: cost, currency, free: count, validUntil }
}

/** One finding for each type of the account: what it costs and how many there are, and whether that is what is reckoned with here. */
export function offerFindings(
  offers: readonly OfferThere[],
  { name, types, currency: ours }: { readonly name: string } & Pick<ProviderTarget, 'types' | 'currency'>,
): readonly HostFinding[] {
  return types.map((type): HostFinding => {
    const what = `offer of ${type.name}`
    const offer = offers.find(({ term }) => term === toTerm(type.name) || type.name.endsWith(`#${term}`))
    if (offer === undefined)
      return { what, verdict: 'missing', detail: 'its provider does not offer it to this account', mend: null }
    const { price, currency, free, validUntil } = offer
    const detail = `${price / MILLIONTHS} ${currency} an hour, ${free} free now, kept until ${validUntil}`
    if (ours !== undefined && ours !== currency) {
      const here = `reckoned with here: ${type.price / MILLIONTHS} ${ours}`
      const how = `a provider's currency is said where it is added (--currency ${currency})`
      return { what, verdict: 'warning', detail: `${detail}; ${here}; ${how}`, mend: null }
    }
    if (price === type.price) return { what, verdict: 'ok', detail, mend: null }
    const { cores, memoryMiB, diskGiB, count } = type
    const rest = [
      ...(diskGiB === null ? [] : [`--disk-gib ${diskGiB}`]),
      ...(count === null ? [] : [`--count ${count}`]),
    ].map((word) => ` ${word}`)
    const mend = `occi-gateway provider type ${name} ${type.name} --cores ${cores} --memory-mib ${memoryMiB}${rest.join('')} --price ${price / MILLIONTHS}`
    return { what, verdict: 'warning', detail: `${detail}; reckoned with here: ${type.price / MILLIONTHS}`, mend }
  })
}
