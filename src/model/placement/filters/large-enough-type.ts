import { isLarge } from '../../providers/offers'
import { isProvider } from '../../providers/view'
import type { Filter } from './filter'

/** Whether a provider offers any type that is large enough. */
export const largeEnoughType: Filter = {
  name: 'large-enough-type',
  reason: 'offers no type that is large enough',
  concerns: isProvider,
  reads: ['size'],
  admits: ({ size }, { provider }) =>
    provider === undefined ||
    provider.types.some((type) => isLarge(size, type, provider)) ||
    `offers no type with ${size.cores} cores, ${size.memoryMiB} MiB and ${size.diskGiB} GiB`,
}
