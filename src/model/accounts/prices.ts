/**
 * What an hour costs: pure. All amounts are whole millionths of a currency. Machines on hosts of the site's own are rated with its price
 * book as it is when somebody asks; one at a provider with the price at which it was placed.
 */
import type { Offer } from '../compute-place'
import { HOUR_SECONDS } from '../durations'
import type { Size } from '../machine'

/** In one of a currency: amounts are counted in these. */
export const MILLIONTHS = 1_000_000
const GIB_MIB = 1024

/** What a site takes; null: nothing is said, and nothing is rated. */
export interface PriceBook {
  /** `EUR`. */
  readonly currency: string
  /** Instance types: a machine's hour. */
  readonly types: Readonly<Record<string, number>>
  /** Hours of machines whose type has no price: a core's, and a GiB of memory's. */
  readonly core: number | null
  readonly memoryGiB: number | null
  /** A GiB of disk for an hour: volumes, and the disks of machines. */
  readonly diskGiB: number | null
  /** A GiB of a volume that a snapshot was taken of, for an hour; absent: an older release wrote the book. */
  readonly snapshotGiB?: number | null
  /** A public address for an hour. */
  readonly address: number | null
  /** A GiB that machines sent. */
  readonly trafficGiB: number | null
}

export const NO_PRICES: PriceBook = {
  currency: 'USD',
  types: {},
  core: null,
  memoryGiB: null,
  diskGiB: null,
  snapshotGiB: null,
  address: null,
  trafficGiB: null,
}

/** Beside its types: what a provider takes for what comes with a machine. */
export interface ProviderPrices {
  /** A GiB of a root disk or of a volume, for an hour. */
  readonly diskGiB?: number
  /** The public address that each machine there has, and each that is leased there, for an hour. */
  readonly address?: number
  /** A GiB that machines sent: told in costs, and in no budget. */
  readonly trafficGiB?: number
}

/** A machine's hour at a provider, with its disk and its address. */
export const hourAt = (type: { readonly price: number }, diskGiB: number, prices: ProviderPrices = {}): number =>
  type.price + Math.round((prices.diskGiB ?? 0) * diskGiB) + (prices.address ?? 0)

type Amounts = Pick<Size, 'type' | 'cores' | 'memoryMiB' | 'diskGiB'>

/** A machine's hour on a host of the site's own, with its disk; null: there is no price for it. */
export function hourHere(book: PriceBook, { type, cores, memoryMiB, diskGiB }: Amounts): number | null {
  const priced = Object.hasOwn(book.types, type) ? book.types[type] : undefined
  const own = priced ?? ownAmounts(book, cores, memoryMiB / GIB_MIB)
  if (own === null && book.diskGiB === null) return null
  return (own ?? 0) + Math.round((book.diskGiB ?? 0) * diskGiB)
}

function ownAmounts({ core, memoryGiB }: PriceBook, cores: number, gib: number): number | null {
  if (core === null && memoryGiB === null) return null
  return Math.round((core ?? 0) * cores + (memoryGiB ?? 0) * gib)
}

/** An amount in its currency. */
export interface Money {
  readonly amount: number
  readonly currency: string
}

/** What so many seconds of it cost; null: nobody said what it costs. What has an offer costs that, whatever it is. */
export function costOfMachine(
  book: PriceBook,
  of: Amounts & { readonly offer?: Offer },
  seconds: number,
): Money | null {
  if (of.offer)
    return { amount: Math.round((of.offer.price * seconds) / HOUR_SECONDS), currency: of.offer.currency ?? 'USD' }
  return priced(book, hourHere(book, of), seconds / HOUR_SECONDS)
}

/** `units`: of what the price is for. */
export const priced = ({ currency }: Pick<PriceBook, 'currency'>, price: number | null, units: number): Money | null =>
  price === null ? null : { amount: Math.round(price * units), currency }
