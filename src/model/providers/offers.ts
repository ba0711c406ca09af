/** Which type of a provider's a machine takes: the cheapest that fits, is left, and stays inside the budget (worked example 27). Pure. */

import { hourAt, MILLIONTHS } from '../accounts/prices'
import type { HostCapacity, Size } from '../machine'
import { costOf } from './money'
import type { ProviderType } from './record'
import type { ProviderView } from './view'

/** Whether it is one of those that a machine may take there, and large enough, however many of it are taken. */
export const isLarge = (
  { cores, cpuHundredths, memoryMiB, diskGiB, asks }: Size,
  type: ProviderType,
  { kind = '', host = '' }: Pick<ProviderView, 'kind' | 'host'>,
): boolean =>
  (asks?.only?.[kind] ?? type.name) === type.name &&
  asks?.without?.includes(`${host} ${type.name}`) !== true &&
  type.cores >= cores &&
  type.cores * 100 >= cpuHundredths &&
  type.memoryMiB >= memoryMiB &&
  (type.diskGiB === null || type.diskGiB >= diskGiB - (asks?.volumesGiB ?? 0))

/** Whether one more of it may be taken now. */
export const isLeft = (type: ProviderType, { left }: ProviderView, free: HostCapacity): boolean =>
  (left[type.name] ?? Number.POSITIVE_INFINITY) > 0 &&
  free.cpuHundredths >= type.cores * 100 &&
  free.memoryMiB >= type.memoryMiB

/** Whether a machine with such a disk can be paid for until the month ends. */
export const isPaid = (type: ProviderType, { money, prices }: ProviderView, { diskGiB }: Size): boolean =>
  money === null || costOf(hourAt(type, diskGiB, prices), money.restMs) <= money.left

/** The type that a machine takes now: the cheapest, then the smallest. Disk and address cost the same with each. */
export const bestOffer = (size: Size, view: ProviderView, free: HostCapacity): ProviderType | undefined =>
  view.types
    .filter((type) => isLarge(size, type, view) && isLeft(type, view, free) && isPaid(type, view, size))
    .toSorted((a, b) => a.price - b.price || a.cores - b.cores || a.memoryMiB - b.memoryMiB)[0]

/** What it holds of its account. */
export const sizeOf = ({ name, cores, memoryMiB }: ProviderType, price: number): Size => ({
  type: name,
  cores,
  cpuHundredths: cores * 100,
  memoryMiB,
  // Disks are the provider's business.
  diskGiB: 0,
  offer: name,
  price,
})

/** An hour there, in the provider's currency, of the cheapest type that is left and large enough, with disk and address; undefined: none is. */
export function priceAt(view: ProviderView, size?: Size): number | undefined {
  const prices = view.types
    .filter((type) => (view.left[type.name] ?? 1) > 0 && (size === undefined || isLarge(size, type, view)))
    .map((type) => hourAt(type, size?.diskGiB ?? 0, view.prices))
  return prices.length === 0 ? undefined : Math.min(...prices) / MILLIONTHS
}
