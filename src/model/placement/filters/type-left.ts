import { isLarge, isLeft } from '../../providers/offers'
import { isProvider } from '../../providers/view'
import type { Filter } from './filter'

/** Whether one more of a type that is large enough may be taken, by the counts and limits that the operator set. */
export const typeLeft: Filter = {
  name: 'type-left',
  reason: 'as many as are allowed run there',
  concerns: isProvider,
  narrows: true,
  admits: ({ size }, { provider, free }) =>
    provider === undefined ||
    provider.types.some((type) => isLarge(size, type, provider) && isLeft(type, provider, free)) ||
    'as many of each large enough type as are allowed run there',
}
