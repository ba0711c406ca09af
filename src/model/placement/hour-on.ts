/** What an hour of a machine costs on a host, as placement would put it there. Pure. */
import { hourAt, hourHere, type Money, type PriceBook } from '../accounts/prices'
import type { Size } from '../machine'
import { bestOffer, isLarge } from '../providers/offers'
import type { ProviderType } from '../providers/record'
import type { ProviderView } from '../providers/view'
import type { HostView } from './demand'

/** null: nobody said, or no type there is large enough. */
export function hourOn(
  { provider, free }: Pick<HostView, 'provider' | 'free'>,
  size: Size,
  book: PriceBook,
): Money | null {
  if (provider === undefined) {
    const amount = hourHere(book, size)
    return amount === null ? null : { amount, currency: book.currency }
  }
  // Where none may be taken now, what it would cost if one were.
  const offer = bestOffer(size, provider, free) ?? cheapest(provider.types.filter((type) => isLarge(size, type)))
  return offer ? hourOfOffer(provider, offer, size) : null
}

export const hourOfOffer = (
  { prices, currency = 'USD' }: ProviderView,
  offer: ProviderType,
  { diskGiB }: Size,
): Money => ({
  amount: hourAt(offer, diskGiB, prices),
  currency,
})

const cheapest = (types: readonly ProviderType[]): ProviderType | undefined =>
  types.toSorted((a, b) => a.price - b.price)[0]
